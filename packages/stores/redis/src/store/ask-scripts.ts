import { stampLength } from "./row-text.js";
import type { Script } from "./server.js";

/** KEYS: rows, numbers by id, last number, order, open, of its session, its keys. ARGV: id, value, 1 when open. */
export const addAsk: Script = {
  name: "askAdd",
  lua: `
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored then return { redis.call('HGET', KEYS[2], ARGV[1]), stored } end
local seq = redis.call('INCR', KEYS[3])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], seq)
redis.call('ZADD', KEYS[4], seq, ARGV[1])
if ARGV[3] == '1' then redis.call('ZADD', KEYS[5], seq, ARGV[1]) end
for place = 6, #KEYS do redis.call('ZADD', KEYS[place], seq, ARGV[1]) end
return { tostring(seq), ARGV[2] }`,
};

/** KEYS: rows, numbers. ARGV: ids. Answers with number and value of each that is there. */
export const getAsks: Script = {
  name: "askGet",
  lua: `
local found = {}
for _, id in ipairs(ARGV) do
  local value = redis.call('HGET', KEYS[1], id)
  if value then
    found[#found + 1] = redis.call('HGET', KEYS[2], id)
    found[#found + 1] = value
  end
end
return found`,
};

/**
 * Replaces a row that nobody changed since it was read. KEYS: rows, open, keys that it has no more, then those that it has now.
 * ARGV: id, stamp read, new value, number, 1 when open, count of keys that it has no more.
 */
export const replaceAsk: Script = {
  name: "askReplace",
  lua: `
local id, stamp, value, seq, isOpen, goneCount = unpack(ARGV)
local stored = redis.call('HGET', KEYS[1], id)
if not stored then return 0 end
local known = string.sub(stored, 1, ${stampLength})
if known == string.sub(value, 1, ${stampLength}) then return 1 end
if known ~= stamp then return 0 end
redis.call('HSET', KEYS[1], id, value)
if isOpen == '1' then redis.call('ZADD', KEYS[2], seq, id) else redis.call('ZREM', KEYS[2], id) end
for place = 3, 2 + goneCount do redis.call('ZREM', KEYS[place], id) end
for place = 3 + goneCount, #KEYS do redis.call('ZADD', KEYS[place], seq, id) end
return 1`,
};

/** KEYS: where to look, rows, numbers. ARGV: after, how many. */
export const listAsks: Script = {
  name: "askList",
  lua: `
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])) do
  found[#found + 1] = redis.call('HGET', KEYS[3], id)
  found[#found + 1] = redis.call('HGET', KEYS[2], id)
end
return found`,
};

/** KEYS: rows, numbers, order, open, of its session, its keys. ARGV: id. */
export const removeAsk: Script = {
  name: "askRemove",
  lua: `
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
for place = 3, #KEYS do redis.call('ZREM', KEYS[place], ARGV[1]) end`,
};
