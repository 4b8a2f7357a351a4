import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { type RedisStoreOptions, redisStore } from "../../src/index.js";
import type { RedisServer } from "./redis-server.js";

type Made = ReturnType<typeof redisStore>;

/** A prefix of its own on a server that others use too. */
export function placeOn(
  server: RedisServer,
  options: Omit<RedisStoreOptions, "url" | "client" | "prefix"> = {},
): { readonly make: () => Made; readonly stored: () => Promise<readonly Uint8Array[]> } {
  const prefix = `t${randomBytes(6).toString("hex")}:`;
  return {
    make: () => redisStore({ url: server.url, prefix, ...options }),
    async stored() {
      const client = new Redis(server.url);
      const dumps: Uint8Array[] = [];
      // Values as the server keeps them; what it packs is read out again by its own commands.
      for (const key of await client.keys(`${prefix}*`)) {
        const kind = await client.type(key);
        const read = { hash: ["HGETALL", key], list: ["LRANGE", key, "0", "-1"], zset: ["ZRANGE", key, "0", "-1"] }[
          kind
        ];
        dumps.push(Buffer.from(JSON.stringify(read ? await client.call(...(read as [string, ...string[]])) : null)));
      }
      client.disconnect();
      return dumps;
    },
  };
}
