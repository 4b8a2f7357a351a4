import type { Script } from "../store/server.js";

/** In the order in which they are answered; then the count of messages. */
export const headFields = [
  "body",
  "owner",
  "session",
  "created",
  "updated",
  "expires",
  "revision",
  "last",
  "seal",
  "stamp",
  "made",
] as const;

const answer = `
local found = redis.call('HMGET', KEYS[1], ${headFields.map((field) => `'${field}'`).join(", ")})
found[#found + 1] = redis.call('HLEN', KEYS[2])
return found`;

/** KEYS: head, messages. */
export const readHead: Script = {
  name: "conversationGet",
  lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
${answer}`,
};

/**
 * Lets the conversation appear, with the messages that were laid out for it. KEYS: head, parts, as many drafts. ARGV: stamp, count
 * of words that follow, fields with their values, words of the title.
 */
export const makeHead: Script = {
  name: "conversationMake",
  lua: `
local stamp, parts = ARGV[1], (#KEYS - 1) / 2
local before = redis.call('HGET', KEYS[1], 'made')
if before == stamp then return 1 end
if before then
  for place = 2 + parts, #KEYS do redis.call('UNLINK', KEYS[place]) end
  return 0
end
local last = #ARGV - ARGV[2]
redis.call('HSET', KEYS[1], 'made', stamp, unpack(ARGV, 3, last))
for place = 2, 1 + parts do
  if redis.call('EXISTS', KEYS[place + parts]) == 1 then
    redis.call('RENAME', KEYS[place + parts], KEYS[place])
    redis.call('PERSIST', KEYS[place])
  end
end
for place = last + 1, #ARGV do redis.call('ZADD', KEYS[1 + parts], 0, ARGV[place]) end
return 1`,
};

/**
 * Lays out messages for a conversation that is to appear. KEYS: messages, ids, seqs, words. ARGV: how long they stay, count of
 * messages, of each its number, id and value, then words.
 */
export const draftMessages: Script = {
  name: "conversationDraft",
  lua: `
local last = 2 + 3 * ARGV[2]
for place = 3, last, 3 do
  local seq, id = ARGV[place], ARGV[place + 1]
  redis.call('HSET', KEYS[1], seq, ARGV[place + 2])
  redis.call('HSET', KEYS[2], id, seq)
  redis.call('ZADD', KEYS[3], seq, seq)
end
for place = last + 1, #ARGV do redis.call('ZADD', KEYS[4], 0, ARGV[place]) end
for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[1]) end`,
};

/**
 * Replaces what nobody changed since it was read. KEYS: head, messages, words. ARGV: stamp read, new stamp, revision or nothing,
 * instant, body, expires at or nothing, words of the title. Answers as `readHead` does, or with one word why not.
 */
export const replaceHead: Script = {
  name: "conversationReplace",
  lua: `
local read, stamp, revision, atMs, body, expiresAt = unpack(ARGV)
local before = redis.call('HMGET', KEYS[1], 'stamp', 'revision', 'updated')
if not before[1] then return { 'gone' } end
if before[1] ~= stamp then
  if before[1] ~= read then return { 'changed' } end
  if revision ~= '' and revision ~= before[2] then return { 'changed' } end
  redis.call('HSET', KEYS[1], 'stamp', stamp, 'body', body, 'expires', expiresAt)
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
  if tonumber(before[3]) < tonumber(atMs) then redis.call('HSET', KEYS[1], 'updated', atMs) end
  for place = 7, #ARGV do redis.call('ZADD', KEYS[3], 0, ARGV[place]) end
end
${answer}`,
};

/** KEYS: everything, the head first. */
export const removeAll: Script = {
  name: "conversationRemove",
  lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for _, key in ipairs(KEYS) do redis.call('UNLINK', key) end
return 1`,
};
