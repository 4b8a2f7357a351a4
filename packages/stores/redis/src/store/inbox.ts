import type { InboxRow, InboxStore } from "@colloquy/core";
import { sessionNotFound } from "./failure.js";
import type { Keys, SessionPart } from "./keys.js";
import { bySession } from "./row-groups.js";
import { newStamp, readRow } from "./row-text.js";
import type { Script, Server } from "./server.js";

const addParts: readonly SessionPart[] = ["record", "inbox", "inbox:seen", "inbox:pending"];

/**
 * `inbox`, number -> event while it is not handled; `seen`, occurrence -> number and the stamp of the call that brought it, by
 * which that call knows its own when it is repeated; `pending`, the numbers that are not handled.
 */
const addRows: Script = {
  name: "inboxAdd",
  lua: `
local sessions, stamp = tonumber(ARGV[1]), ARGV[2]
for place = 0, sessions - 1 do
  if redis.call('EXISTS', KEYS[place * 4 + 1]) == 0 then return place end
end
local found, named = {}, {}
for place = 3, #ARGV, 3 do
  local base, id = tonumber(ARGV[place]) * 4, ARGV[place + 1]
  local name = base .. ' ' .. id
  if not named[name] then
    named[name] = true
    local before = redis.call('HGET', KEYS[base + 3], id)
    local seq = before and string.match(before, '^%d+')
    if not before then
      seq = redis.call('HLEN', KEYS[base + 3]) + 1
      redis.call('HSET', KEYS[base + 3], id, seq .. ' ' .. stamp)
      redis.call('HSET', KEYS[base + 2], seq, ARGV[place + 2])
      redis.call('ZADD', KEYS[base + 4], seq, seq)
    end
    if not before or before == seq .. ' ' .. stamp then
      found[#found + 1] = (place - 3) / 3
      found[#found + 1] = tonumber(seq)
    end
  end
end
return found`,
};

const listRows: Script = {
  name: "inboxPending",
  lua: `
local found = {}
for _, seq in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])) do
  found[#found + 1] = seq
  found[#found + 1] = redis.call('HGET', KEYS[1], seq)
end
return found`,
};

const settleRows: Script = {
  name: "inboxSettle",
  lua: `
for _, id in ipairs(ARGV) do
  local seq = string.match(redis.call('HGET', KEYS[2], id) or '', '^%d+')
  if seq then
    redis.call('HDEL', KEYS[1], seq)
    redis.call('ZREM', KEYS[3], seq)
  end
end`,
};

export function inboxStore(server: Server, keys: Keys): InboxStore {
  return {
    async add(given) {
      const rows = given.map((row) => ({
        sessionId: row.sessionId,
        id: JSON.stringify(row.occurrenceId),
        text: JSON.stringify(row),
      }));
      const stored: { readonly place: number; readonly seq: number }[] = [];
      for (const { sessionIds, places } of await bySession(server, keys, rows)) {
        const values = places.flatMap((place) => {
          const { sessionId, id, text } = rows[place] as (typeof rows)[number];
          return [sessionIds.indexOf(sessionId), id, text];
        });
        const keysOfAll = sessionIds.flatMap((sessionId) => keys.some(sessionId, addParts));
        const answer = await server.writeScript(addRows, keysOfAll, [sessionIds.length, newStamp(), ...values]);
        if (typeof answer === "number") throw sessionNotFound(sessionIds[answer] as string);
        const flat = answer as readonly number[];
        for (let index = 0; index < flat.length; index += 2)
          stored.push({ place: places[flat[index] as number] as number, seq: flat[index + 1] as number });
      }
      return stored
        .toSorted((one, other) => one.place - other.place)
        .map(({ place, seq }) => readRow<InboxRow>(rows[place]?.text, { seq, handled: false }));
    },

    async pending(sessionId, { afterSeq = 0, limit = 1_000 } = {}) {
      const pair = keys.some(sessionId, ["inbox", "inbox:pending"]);
      const flat = (await server.readScript(listRows, pair, [afterSeq, limit])) as readonly string[];
      return Array.from({ length: flat.length / 2 }, (_, index) =>
        readRow<InboxRow>(flat[2 * index + 1], { seq: Number(flat[2 * index]), handled: false }),
      );
    },

    async settle(sessionId, occurrenceIds) {
      if (occurrenceIds.length === 0) return;
      const ids = occurrenceIds.map((id) => JSON.stringify(id));
      await server.writeScript(settleRows, keys.some(sessionId, ["inbox", "inbox:seen", "inbox:pending"]), ids);
    },
  };
}
