import type { Script } from "../store/server.js";

/**
 * Before a conversation is made and again after it, and before it is to expire earlier. An instant of expiry only comes down
 * here. KEYS: stamps, due, orders. ARGV: id, stamp, updated at, expires at or nothing.
 */
export const filePlace: Script = {
  name: "conversationFile",
  lua: `
local id, stamp, updatedAt, expiresAt = unpack(ARGV)
redis.call('HSET', KEYS[1], id, stamp)
if expiresAt ~= '' then
  local before = redis.call('ZSCORE', KEYS[2], id)
  if not before or tonumber(before) > tonumber(expiresAt) then redis.call('ZADD', KEYS[2], expiresAt, id) end
end
for place = 3, #KEYS do
  local before = redis.call('ZSCORE', KEYS[place], id)
  if not before or tonumber(before) < tonumber(updatedAt) then redis.call('ZADD', KEYS[place], updatedAt, id) end
end`,
};

/** Never makes a place: what is removed meanwhile stays so. KEYS: orders. ARGV: id, updated at. */
export const movePlace: Script = {
  name: "conversationMove",
  lua: `
for _, key in ipairs(KEYS) do
  local before = redis.call('ZSCORE', key, ARGV[1])
  if before and tonumber(before) < tonumber(ARGV[2]) then redis.call('ZADD', key, ARGV[2], ARGV[1]) end
end`,
};

/** Does nothing when the place was filed after that stamp was read. KEYS: stamps, orders. ARGV: id, stamp. */
export const dropPlace: Script = {
  name: "conversationDrop",
  lua: `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return end
redis.call('HDEL', KEYS[1], ARGV[1])
for place = 2, #KEYS do redis.call('ZREM', KEYS[place], ARGV[1]) end`,
};

/** Likewise. KEYS: stamps, due. ARGV: id, stamp, expires at or nothing. */
export const delayExpiry: Script = {
  name: "conversationDelay",
  lua: `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return end
if ARGV[3] == '' then redis.call('ZREM', KEYS[2], ARGV[1]) else redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1]) end`,
};

const answer = `
local found = {}
for place = 1, #members, 2 do
  found[#found + 1] = members[place]
  found[#found + 1] = members[place + 1]
  found[#found + 1] = redis.call('HGET', KEYS[2], members[place]) or ''
end
return found`;

/** Newest first, those after a place that need not be there any more. KEYS: order, stamps. ARGV: count, and of the place: instant, id. */
export const pagePlaces: Script = {
  name: "conversationPage",
  lua: `
local first = 0
if #ARGV > 1 then
  local instant, id = tonumber(ARGV[2]), ARGV[3]
  local low, high = 0, redis.call('ZCARD', KEYS[1])
  while low < high do
    local middle = math.floor((low + high) / 2)
    local found = redis.call('ZREVRANGE', KEYS[1], middle, middle, 'WITHSCORES')
    local score = tonumber(found[2])
    if score > instant or (score == instant and found[1] >= id) then low = middle + 1 else high = middle end
  end
  first = low
end
local members = redis.call('ZREVRANGE', KEYS[1], first, first + ARGV[1] - 1, 'WITHSCORES')
${answer}`,
};

/** Lowest first. KEYS: order or due, stamps. ARGV: up to, how many to skip, count. */
export const pageLowest: Script = {
  name: "conversationLowest",
  lua: `
local members = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', ARGV[2], ARGV[3])
${answer}`,
};
