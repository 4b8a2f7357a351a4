import type { SealMark, SealMarkPlace, SecretSeal, SecretStore } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { sessionNotFound } from "./failure.js";
import type { Keys } from "./keys.js";
import type { Script, Server } from "./server.js";
import type { SessionOrder } from "./session-order.js";

const putSecrets: Script = {
  name: "secretsPut",
  lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for place = 1, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[place], ARGV[place + 1]) end
return 1`,
};

const replaceSecret: Script = {
  name: "secretReplace",
  lua: `if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end`,
};

const mostInBatch = 500;

export function sealMarkPlace(server: Server, keys: Keys): SealMarkPlace {
  const read = async (): Promise<SealMark | undefined> => {
    const text = await server.read((client) => client.hget(keys.meta, "seal"));
    return text === null ? undefined : (JSON.parse(text) as SealMark);
  };
  return {
    read,
    async establish(mark) {
      await server.write((client) => client.hsetnx(keys.meta, "seal", JSON.stringify(mark)));
      return (await read()) ?? mark;
    },
  };
}

export function secretStore(server: Server, keys: Keys, seal: SecretSeal): SecretStore {
  return {
    async put(sessionId, secrets) {
      const sealed = await seal.seal(sessionId, secrets);
      const values = sealed.flatMap(([name, text]) => [JSON.stringify(name), text]);
      const isPut = await server.writeScript(putSecrets, keys.some(sessionId, ["record", "secrets"]), values);
      if (isPut !== 1) throw sessionNotFound(sessionId);
    },
    async get(sessionId) {
      return seal.open(sessionId, await keptSecrets(server, keys, sessionId));
    },
    async remove(sessionId) {
      await server.write((client) => client.unlink(keys.of(sessionId, "secrets")));
    },
  };
}

/** At the first opening with a key: encrypts what is there. When it is cut short, the next opening does it. */
export async function sealAll(server: Server, keys: Keys, seal: SecretSeal, order: SessionOrder): Promise<void> {
  if (await server.read((client) => client.hget(keys.meta, "isSealed"))) return;
  // Makes the mark: from now on nobody without the key may add a secret.
  await seal.seal("", {});
  let last: string | undefined;
  for (;;) {
    const places = await order.page(last, mostInBatch);
    for (const { id } of places)
      for (const [name, text] of await keptSecrets(server, keys, id)) {
        const sealed = await seal.resealed(id, name, text);
        if (sealed !== undefined)
          await server.writeScript(replaceSecret, keys.some(id, ["secrets"]), [JSON.stringify(name), text, sealed]);
      }
    last = places.at(-1)?.member;
    if (places.length < mostInBatch) break;
  }
  await server.write((client) => client.hset(keys.meta, "isSealed", "1"));
}

async function keptSecrets(server: Server, keys: Keys, sessionId: SessionId): Promise<readonly [string, string][]> {
  const kept = await server.read((client) => client.hgetall(keys.of(sessionId, "secrets")));
  return Object.entries(kept).map(([name, text]) => [JSON.parse(name) as string, text]);
}
