import type { RecordStore, SessionRecord } from "@colloquy/core";
import type { SessionId } from "@colloquy/core/contract";
import { conflict, sessionNotFound } from "./failure.js";
import type { Keys } from "./keys.js";
import { newStamp, readRow } from "./row-text.js";
import { evaluate, type Script, type Server } from "./server.js";
import { checkCursor, memberOf, type SessionOrder } from "./session-order.js";

const create: Script = {
  name: "create",
  lua: `
local before = redis.call('HGET', KEYS[1], 'stamp')
if before then return before == ARGV[3] and 1 or 0 end
redis.call('HSET', KEYS[1], 'record', ARGV[1], 'createdAtMs', ARGV[2], 'revision', 1, 'stamp', ARGV[3], 'epoch', ARGV[4])
for place = 5, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[place]) end
return 1`,
};

const save: Script = {
  name: "save",
  lua: `
local before = redis.call('HMGET', KEYS[1], 'revision', 'stamp', 'createdAtMs')
if not before[1] then return 'gone' end
if before[2] == ARGV[3] then return before[3] end
if before[1] ~= ARGV[2] then return 'conflict' end
redis.call('HSET', KEYS[1], 'record', ARGV[1], 'revision', ARGV[2] + 1, 'stamp', ARGV[3], 'epoch', ARGV[4])
for place = 5, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[place]) end
return before[3]`,
};

const remove: Script = {
  name: "remove",
  lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for _, key in ipairs(KEYS) do redis.call('UNLINK', key) end
return 1`,
};

/** Read at once while a list is filtered. ASSUMED: some hundred kilobytes. */
const mostInBatch = 200;

const fields = ["record", "createdAtMs", "revision"] as const;

/** What else is kept of a session in other slots, and goes with it. May be called twice. */
export type Forget = (sessionId: SessionId) => Promise<void>;

export function recordStore(server: Server, keys: Keys, order: SessionOrder, forget: Forget): RecordStore {
  const read = ([record, createdAtMs, revision]: readonly (string | null | undefined)[]): SessionRecord =>
    readRow<SessionRecord>(record, { createdAtMs: Number(createdAtMs), revision: Number(revision) });

  const find = async (id: SessionId): Promise<SessionRecord | undefined> => {
    const found = await server.read((client) => client.hmget(keys.of(id, "record"), ...fields));
    return typeof found[0] === "string" ? read(found) : undefined;
  };

  return {
    async create(record, entries) {
      const text = JSON.stringify(record);
      const createdAtMs = String(record.createdAtMs);
      const values = [text, createdAtMs, newStamp(), record.epoch, ...entries.map((entry) => JSON.stringify(entry))];
      const member = memberOf(record.createdAtMs, record.id);
      await order.file(member);
      const isCreated = await server.writeScript(create, keys.some(record.id, ["record", "log"]), values);
      if (isCreated !== 1) throw conflict(record.id, "exists already");
      await order.file(member);
      return read([text, createdAtMs, "1"]);
    },

    get: find,

    async save(record, entries) {
      const text = JSON.stringify(record);
      const values = [
        text,
        record.revision,
        newStamp(),
        record.epoch,
        ...entries.map((entry) => JSON.stringify(entry)),
      ];
      const answer = String(await server.writeScript(save, keys.some(record.id, ["record", "log"]), values));
      if (answer === "gone") throw sessionNotFound(record.id);
      if (answer === "conflict") throw conflict(record.id, "was changed by somebody else");
      return read([text, answer, String(record.revision + 1)]);
    },

    async list({ providerId, states, after, limit = 100 } = {}) {
      const records: SessionRecord[] = [];
      const isFiltered = providerId !== undefined || states !== undefined;
      let last = after === undefined ? undefined : checkCursor(after);
      let cursor = last;
      for (;;) {
        const count = isFiltered ? mostInBatch : Math.min(mostInBatch, limit - records.length + 1);
        const places = await order.page(last, count);
        const found = await Promise.all(places.map(({ id }) => find(id)));
        for (const [index, { member, stamp }] of places.entries()) {
          const record = found[index];
          // An id may have been given anew, at another time.
          if (!record || memberOf(record.createdAtMs, record.id) !== member) {
            await order.drop(member, stamp);
            continue;
          }
          if (providerId !== undefined && record.providerId !== providerId) continue;
          if (states && !states.includes(record.lifecycle.state)) continue;
          if (records.length >= limit) return cursor === undefined ? { records } : { records, cursor };
          records.push(record);
          cursor = member;
        }
        last = places.at(-1)?.member;
        if (places.length < count) return { records };
      }
    },

    async remove(id) {
      const createdAtMs = await server.read((client) => client.hget(keys.of(id, "record"), "createdAtMs"));
      if (createdAtMs === null) return false;
      const member = memberOf(Number(createdAtMs), id);
      const stamp = await order.stampOf(member);
      // Before the record too: whoever repeats a removal that was cut short finds the session, and all that is left of it.
      await forget(id);
      const isRemoved = await server.write(
        async (client, isRepeat) => (await evaluate(client, remove, keys.all(id), [])) === 1 || isRepeat,
      );
      await forget(id);
      if (isRemoved) await order.drop(member, stamp);
      return isRemoved;
    },
  };
}
