import type { SessionId } from "@colloquy/core/contract";
import { idOf, type Keys, keyText } from "./keys.js";
import { newStamp } from "./row-text.js";
import type { Script, Server } from "./server.js";
import { drop, file } from "./session-order.js";

const page: Script = {
  name: "waitingPage",
  lua: `
local found = {}
for _, member in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], '+', 'LIMIT', 0, ARGV[2])) do
  found[#found + 1] = member
  found[#found + 1] = redis.call('HGET', KEYS[2], member) or ''
end
return found`,
};

/**
 * Which sessions may have queued messages: a note is made after a message was queued and before anybody is told so. Whoever
 * reads it looks whether it is still so, and drops a note that nobody made again since it was read.
 */
export class WaitingSessions {
  readonly #server: Server;
  readonly #keys: Keys;
  readonly #own: readonly string[];

  constructor(server: Server, keys: Keys) {
    this.#server = server;
    this.#keys = keys;
    this.#own = [keys.waiting, keys.waitingStamps];
  }

  async note(sessionIds: readonly SessionId[]): Promise<void> {
    for (const sessionId of new Set(sessionIds))
      await this.#server.writeScript(file, this.#own, [keyText(sessionId), newStamp()]);
  }

  /** In the order of what is written of ids in keys, which is that of ids of letters, digits, `_` and `-`. */
  async list({
    after,
    limit = 1_000,
  }: {
    readonly after?: SessionId;
    readonly limit?: number;
  } = {}): Promise<readonly SessionId[]> {
    const found: SessionId[] = [];
    let from = after === undefined ? "-" : `(${keyText(after)}`;
    while (found.length < limit) {
      const asked = limit - found.length;
      const flat = (await this.#server.readScript(page, this.#own, [from, asked])) as readonly string[];
      const members = flat.filter((_, index) => index % 2 === 0);
      const counts = await Promise.all(
        members.map((member) =>
          this.#server.read((client) => client.zcard(this.#keys.of(idOf(member), "outbox:queued"))),
        ),
      );
      for (const [index, member] of members.entries()) {
        if (counts[index] === 0)
          await this.#server.writeScript(drop, this.#own, [member, flat[2 * index + 1] as string]);
        else found.push(idOf(member));
      }
      if (members.length < asked) break;
      from = `(${members.at(-1)}`;
    }
    return found;
  }
}
