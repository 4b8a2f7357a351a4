import { stampLength } from "../store/row-text.js";
import type { Script } from "../store/server.js";

/** The answer to a change: `done`, owner, session, and the instant of the conversation when it has grown. */
const touch = `
local function touched(head, atMs)
  local before, owner, session = unpack(redis.call('HMGET', head, 'updated', 'owner', 'session'))
  local isLater = tonumber(before) < tonumber(atMs)
  if isLater then redis.call('HSET', head, 'updated', atMs) end
  return { 'done', owner, session, isLater and atMs or '' }
end`;

/**
 * KEYS: head, messages, ids, seqs, words, operations. ARGV: seal that the messages were closed for, instant, operation or nothing,
 * digest, count of messages, of each its id and value, then words. Answers with the number and value of each after `touched`.
 */
export const appendRows: Script = {
  name: "transcriptAppend",
  lua: `${touch}
local seal, atMs, operation, digest, count = unpack(ARGV, 1, 5)
local head = redis.call('HMGET', KEYS[1], 'seal', 'last')
if not head[1] then return { 'gone' } end
if head[1] ~= seal then return { 'seal', head[1] } end
local known = operation ~= '' and redis.call('HGET', KEYS[6], operation)
if known and known ~= digest then return { 'operation' } end
local last, rows = tonumber(head[2]), {}
for place = 6, 5 + 2 * count, 2 do
  local id, value = ARGV[place], ARGV[place + 1]
  local seq = redis.call('HGET', KEYS[3], id)
  if seq then
    value = redis.call('HGET', KEYS[2], seq)
  elseif not known then
    last = last + 1
    seq = string.format('%.0f', last)
    redis.call('HSET', KEYS[2], seq, value)
    redis.call('HSET', KEYS[3], id, seq)
    redis.call('ZADD', KEYS[4], seq, seq)
  end
  if seq then
    rows[#rows + 1] = seq
    rows[#rows + 1] = value
  end
end
local found = { 'done', '', '', '' }
if not known then
  redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last))
  if operation ~= '' then redis.call('HSET', KEYS[6], operation, digest) end
  for place = 6 + 2 * count, #ARGV do redis.call('ZADD', KEYS[5], 0, ARGV[place]) end
  found = touched(KEYS[1], atMs)
end
for _, one in ipairs(rows) do found[#found + 1] = one end
return found`,
};

/** KEYS: head, messages, seqs. ARGV: direction, from, count. Answers with the seal, then number and value of each. */
export const pageRows: Script = {
  name: "transcriptPage",
  lua: `
local found = { redis.call('HGET', KEYS[1], 'seal') }
if not found[1] then return {} end
local seqs
if ARGV[1] == 'oldest' then
  seqs = redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. ARGV[2], '+inf', 'LIMIT', 0, ARGV[3])
else
  seqs = redis.call('ZREVRANGEBYSCORE', KEYS[3], '(' .. ARGV[2], '-inf', 'LIMIT', 0, ARGV[3])
end
for _, seq in ipairs(seqs) do
  found[#found + 1] = seq
  found[#found + 1] = redis.call('HGET', KEYS[2], seq)
end
return found`,
};

/** KEYS: head, messages, ids. ARGV: ids. Answers as `pageRows` does. */
export const namedRows: Script = {
  name: "transcriptNamed",
  lua: `
local found = { redis.call('HGET', KEYS[1], 'seal') }
if not found[1] then return {} end
for _, id in ipairs(ARGV) do
  local seq = redis.call('HGET', KEYS[3], id)
  if seq then
    found[#found + 1] = seq
    found[#found + 1] = redis.call('HGET', KEYS[2], seq)
  end
end
return found`,
};

/**
 * Replaces a message that nobody changed since it was read. KEYS: head, messages, words. ARGV: number, stamp read, new value, 1
 * for an edit, instant, words.
 */
export const replaceRow: Script = {
  name: "transcriptReplace",
  lua: `${touch}
local seq, stamp, value, isEdit, atMs = unpack(ARGV, 1, 5)
local stored = redis.call('HGET', KEYS[2], seq)
if not stored then return { 'changed' } end
local known = string.sub(stored, 1, ${stampLength})
if known ~= string.sub(value, 1, ${stampLength}) then
  if known ~= stamp then return { 'changed' } end
  redis.call('HSET', KEYS[2], seq, value)
  if isEdit == '1' then redis.call('HINCRBY', KEYS[1], 'revision', 1) end
  for place = 6, #ARGV do redis.call('ZADD', KEYS[3], 0, ARGV[place]) end
end
return touched(KEYS[1], atMs)`,
};

/**
 * Removes messages that nobody changed since they were read. KEYS: head, messages, ids, seqs. ARGV: own stamp, revision or nothing,
 * instant, how many of the newest they must be or nothing, then of each, newest first, its number, id and stamp.
 */
export const removeRows: Script = {
  name: "transcriptRemove",
  lua: `${touch}
local stamp, revision, atMs, newest = unpack(ARGV, 1, 4)
local head = redis.call('HMGET', KEYS[1], 'revision', 'shrunk')
if not head[1] then return { 'changed' } end
if head[2] ~= stamp then
  if revision ~= '' and revision ~= head[1] then return { 'changed' } end
  if newest ~= '' then
    local seqs = redis.call('ZREVRANGE', KEYS[4], 0, newest - 1)
    if #seqs ~= (#ARGV - 4) / 3 then return { 'changed' } end
    for place, seq in ipairs(seqs) do
      if seq ~= ARGV[2 + 3 * place] then return { 'changed' } end
    end
  end
  for place = 5, #ARGV, 3 do
    local stored = redis.call('HGET', KEYS[2], ARGV[place])
    if not stored or string.sub(stored, 1, ${stampLength}) ~= ARGV[place + 2] then return { 'changed' } end
  end
  for place = 5, #ARGV, 3 do
    redis.call('HDEL', KEYS[2], ARGV[place])
    redis.call('HDEL', KEYS[3], ARGV[place + 1])
    redis.call('ZREM', KEYS[4], ARGV[place])
  end
  redis.call('HSET', KEYS[1], 'shrunk', stamp)
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
end
return touched(KEYS[1], atMs)`,
};

/** Whether all words are there, or were. KEYS: words. ARGV: pairs of a word and 1 for the beginning of one. */
export const hasWords: Script = {
  name: "transcriptWords",
  lua: `
for place = 1, #ARGV, 2 do
  local word = ARGV[place]
  if ARGV[place + 1] == '1' then
    if #redis.call('ZRANGEBYLEX', KEYS[1], '[' .. word, '[' .. word .. '\\255', 'LIMIT', 0, 1) == 0 then return 0 end
  elseif not redis.call('ZSCORE', KEYS[1], word) then
    return 0
  end
end
return 1`,
};
