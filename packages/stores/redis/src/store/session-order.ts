import { ColloquyError, type InstantMs, type SessionId } from "@colloquy/core/contract";
import { idOf, type Keys, keyText } from "./keys.js";
import { newStamp } from "./row-text.js";
import type { Script, Server } from "./server.js";

/** KEYS: a sorted set, its stamps. ARGV: member, stamp. */
export const file: Script = {
  name: "file",
  lua: `redis.call('ZADD', KEYS[1], 0, ARGV[1]) redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])`,
};

/** Does nothing when the member was filed after that stamp was read. */
export const drop: Script = {
  name: "drop",
  lua: `
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])`,
};

const page: Script = {
  name: "page",
  lua: `
local found = {}
for _, member in ipairs(redis.call('ZREVRANGEBYLEX', KEYS[1], ARGV[1], '-', 'LIMIT', 0, ARGV[2])) do
  found[#found + 1] = member
  found[#found + 1] = redis.call('HGET', KEYS[2], member) or ''
end
return found`,
};

export interface Place {
  readonly id: SessionId;
  /** As it stands in the order; also a cursor. */
  readonly member: string;
  /** Who wrote it last. */
  readonly stamp: string;
}

/**
 * The order of all sessions. It lies in another slot than the sessions, so the two cannot change in one step. Instead:
 *
 * - A place is written before its record and once more after it, before anybody is told that the record exists. So every
 *   acknowledged record has its place, whenever the writer dies.
 * - A place without its record (a writer that died in between, or one that died after removing the record) is dropped by
 *   whoever meets it, but only if nobody wrote it again since it was read: each writing leaves another stamp.
 */
export class SessionOrder {
  readonly #server: Server;
  readonly #keys: readonly string[];

  constructor(server: Server, keys: Keys) {
    this.#server = server;
    this.#keys = [keys.order, keys.stamps];
  }

  async file(member: string): Promise<void> {
    await this.#server.writeScript(file, this.#keys, [member, newStamp()]);
  }

  /** Does nothing when it was written after the stamp was read. */
  async drop(member: string, stamp: string): Promise<void> {
    await this.#server.writeScript(drop, this.#keys, [member, stamp]);
  }

  async stampOf(member: string): Promise<string> {
    return (await this.#server.read((client) => client.hget(this.#keys[1] as string, member))) ?? "";
  }

  /** Newest first, after the given one. */
  async page(after: string | undefined, count: number): Promise<readonly Place[]> {
    const answer = (await this.#server.readScript(page, this.#keys, [
      after === undefined ? "+" : `(${after}`,
      count,
    ])) as readonly string[];
    return Array.from({ length: answer.length / 2 }, (_, index) => {
      const member = answer[2 * index] as string;
      return { id: idOf(member.slice(numberLength + 1)), member, stamp: answer[2 * index + 1] as string };
    });
  }
}

const numberLength = 16;

/** Text that sorts by the instant, then by the id. */
export function memberOf(createdAtMs: InstantMs, id: SessionId): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(createdAtMs);
  const bits = bytes.readBigUInt64BE();
  // The bits of numbers below zero sort the wrong way round, and after those of the others.
  const sorted = bits >> 63n ? ~bits & 0xffff_ffff_ffff_ffffn : bits | (1n << 63n);
  return `${sorted.toString(16).padStart(numberLength, "0")}:${keyText(id)}`;
}

/** Throws `INPUT_INVALID` for what no page gave. */
export function checkCursor(cursor: string): string {
  if (/^[\da-f]{16}:[\w=-]+$/.test(cursor)) return cursor;
  throw new ColloquyError({ code: "INPUT_INVALID", message: "`after` is not a cursor of this store." });
}
