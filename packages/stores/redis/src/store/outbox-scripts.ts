import { stampLength } from "./row-text.js";
import type { Script } from "./server.js";

/**
 * Of each session: `outbox`, number -> stamp and row; `ids`, id -> number; `keys`, message key -> numbers with commas;
 * `departed`, numbers by the instant at which they left; and for each state the numbers in it.
 */

/** KEYS of each session: record, outbox, ids, keys, departed, states in order. ARGV: count of sessions, then rows. */
export const addRows: Script = {
  name: "outboxAdd",
  lua: `
local sessions = tonumber(ARGV[1])
local each = #KEYS / sessions
for place = 0, sessions - 1 do
  if redis.call('EXISTS', KEYS[place * each + 1]) == 0 then return place end
end
local found = {}
for place = 2, #ARGV, 6 do
  local base = tonumber(ARGV[place]) * each
  local id, state, departedAt, messageKey, value =
    ARGV[place + 1], tonumber(ARGV[place + 2]), ARGV[place + 3], ARGV[place + 4], ARGV[place + 5]
  local seq = redis.call('HGET', KEYS[base + 3], id)
  if seq then
    value = redis.call('HGET', KEYS[base + 2], seq)
  else
    seq = redis.call('HLEN', KEYS[base + 3]) + 1
    redis.call('HSET', KEYS[base + 3], id, seq)
    redis.call('HSET', KEYS[base + 2], seq, value)
    redis.call('ZADD', KEYS[base + 6 + state], seq, seq)
    if departedAt ~= '' then redis.call('ZADD', KEYS[base + 5], departedAt, seq) end
    if messageKey ~= '' then
      local before = redis.call('HGET', KEYS[base + 4], messageKey)
      redis.call('HSET', KEYS[base + 4], messageKey, before and (before .. ',' .. seq) or seq)
    end
  end
  found[#found + 1] = tostring(seq)
  found[#found + 1] = value
end
return found`,
};

/** KEYS: outbox, ids. ARGV: id. */
export const getRow: Script = {
  name: "outboxGet",
  lua: `
local seq = redis.call('HGET', KEYS[2], ARGV[1])
if not seq then return {} end
return { seq, redis.call('HGET', KEYS[1], seq) }`,
};

/**
 * Replaces a row that nobody changed since it was read. KEYS: outbox, keys, departed, states in order, record. ARGV: number,
 * stamp read, new value (which begins with its own stamp), state before, state after, departed at, message key before, message
 * key after, epoch or nothing. Answers 1 when it is done, 0 when somebody changed it, -1 when the record has another epoch.
 */
export const replaceRow: Script = {
  name: "outboxReplace",
  lua: `
local seq, stamp, value, before, after, departedAt, oldKey, newKey, epoch = unpack(ARGV)
local stored = redis.call('HGET', KEYS[1], seq)
if not stored then return 0 end
local known = string.sub(stored, 1, ${stampLength})
if known == string.sub(value, 1, ${stampLength}) then return 1 end
if epoch ~= '' and redis.call('HGET', KEYS[#KEYS], 'epoch') ~= epoch then return -1 end
if known ~= stamp then return 0 end
redis.call('HSET', KEYS[1], seq, value)
if before ~= after then
  redis.call('ZREM', KEYS[4 + before], seq)
  redis.call('ZADD', KEYS[4 + after], seq, seq)
end
if departedAt == '' then redis.call('ZREM', KEYS[3], seq) else redis.call('ZADD', KEYS[3], departedAt, seq) end
if oldKey ~= newKey then
  local function seqsOf(key)
    local seqs = {}
    for one in string.gmatch(redis.call('HGET', KEYS[2], key) or '', '%d+') do
      if one ~= seq then seqs[#seqs + 1] = one end
    end
    return seqs
  end
  if oldKey ~= '' then
    local left = seqsOf(oldKey)
    if #left == 0 then redis.call('HDEL', KEYS[2], oldKey) else redis.call('HSET', KEYS[2], oldKey, table.concat(left, ',')) end
  end
  if newKey ~= '' then
    local seqs = seqsOf(newKey)
    seqs[#seqs + 1] = seq
    table.sort(seqs, function(one, other) return tonumber(one) < tonumber(other) end)
    redis.call('HSET', KEYS[2], newKey, table.concat(seqs, ','))
  end
end
return 1`,
};

/** KEYS: outbox, ids, the states asked for (none: all rows). ARGV: after, limit. */
export const listRows: Script = {
  name: "outboxList",
  lua: `
local after, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local seqs = {}
if #KEYS == 2 then
  for seq = after + 1, math.min(after + limit, redis.call('HLEN', KEYS[2])) do seqs[#seqs + 1] = seq end
else
  for place = 3, #KEYS do
    for _, seq in ipairs(redis.call('ZRANGEBYSCORE', KEYS[place], '(' .. ARGV[1], '+inf', 'LIMIT', 0, limit)) do
      seqs[#seqs + 1] = tonumber(seq)
    end
  end
  table.sort(seqs)
end
local found = {}
for place = 1, math.min(limit, #seqs) do
  found[#found + 1] = tostring(seqs[place])
  found[#found + 1] = redis.call('HGET', KEYS[1], seqs[place])
end
return found`,
};

/** KEYS: outbox, keys. ARGV: message key. */
export const listNamed: Script = {
  name: "outboxNamed",
  lua: `
local found = {}
for seq in string.gmatch(redis.call('HGET', KEYS[2], ARGV[1]) or '', '%d+') do
  found[#found + 1] = seq
  found[#found + 1] = redis.call('HGET', KEYS[1], seq)
end
return found`,
};

/** KEYS: states in order. */
export const countRows: Script = {
  name: "outboxCount",
  lua: `
local counts = {}
for place, key in ipairs(KEYS) do counts[place] = redis.call('ZCARD', key) end
return counts`,
};

/** KEYS: departed. ARGV: from, at most. */
export const listDepartures: Script = {
  name: "outboxDepartures",
  lua: `
local found = {}
local newest = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for place = 2, #newest, 2 do found[#found + 1] = newest[place] end
return found`,
};
