import type { Script } from "./server.js";

/** A lease as one text: epoch, until when, 1 for an offer, owner. One that ran out is kept for its epoch, which must not fall. */
const prelude = `
local clock = redis.call('TIME')
local nowMs = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local found = {}
local function read(id)
  local epoch, untilMs, offer, owner = string.match(redis.call('HGET', KEYS[1], id) or '', '^(%d+) (%d+) (%d) (.*)$')
  if not epoch then return nil end
  return { epoch = tonumber(epoch), untilMs = tonumber(untilMs), isOffer = offer == '1', owner = owner }
end
local function write(id, epoch, untilMs, offer, owner)
  redis.call('HSET', KEYS[1], id, string.format('%.0f %.0f %d %s', epoch, untilMs, offer, owner))
end
local function tell(id, owner, epoch, untilMs)
  found[#found + 1] = id
  found[#found + 1] = owner
  found[#found + 1] = tostring(epoch)
  found[#found + 1] = string.format('%.0f', untilMs - nowMs)
end
local function isLive(lease) return lease ~= nil and lease.untilMs > nowMs end
local function isHeldBy(lease, owner, epoch)
  return isLive(lease) and not lease.isOffer and lease.owner == owner and (epoch == nil or lease.epoch == epoch)
end
`;

const script = (name: string, lua: string): Script => ({ name, lua: `${prelude}${lua}\nreturn found` });

/** KEYS: the leases. Each answers with session, owner, epoch and what is left, for each lease. */
export const scripts: Readonly<Record<"acquire" | "seize" | "renew" | "release" | "list", Script>> = {
  /** ARGV: owner, duration, sessions. */
  acquire: script(
    "leasesAcquire",
    `
local owner, untilMs = ARGV[1], nowMs + tonumber(ARGV[2])
for place = 3, #ARGV do
  local id = ARGV[place]
  local lease = read(id)
  if not isLive(lease) or lease.owner == owner then
    local epoch = isHeldBy(lease, owner) and lease.epoch or (lease and lease.epoch or 0) + 1
    write(id, epoch, untilMs, 0, owner)
    tell(id, owner, epoch, untilMs)
  end
end`,
  ),
  /** ARGV: owner, duration, session. */
  seize: script(
    "leasesSeize",
    `
local owner, untilMs, id = ARGV[1], nowMs + tonumber(ARGV[2]), ARGV[3]
local lease = read(id)
local epoch = (lease and lease.epoch or 0) + 1
write(id, epoch, untilMs, 0, owner)
tell(id, owner, epoch, untilMs)`,
  ),
  /** ARGV: owner, duration, sessions each with its epoch. */
  renew: script(
    "leasesRenew",
    `
local owner, untilMs = ARGV[1], nowMs + tonumber(ARGV[2])
for place = 3, #ARGV, 2 do
  local id, epoch = ARGV[place], tonumber(ARGV[place + 1])
  if isHeldBy(read(id), owner, epoch) then
    write(id, epoch, untilMs, 0, owner)
    tell(id, owner, epoch, untilMs)
  end
end`,
  ),
  /** ARGV: owner, to whom or nothing, for how long, sessions each with its epoch. */
  release: script(
    "leasesRelease",
    `
local owner, to = ARGV[1], ARGV[2]
local untilMs = to == '' and 0 or nowMs + tonumber(ARGV[3])
for place = 4, #ARGV, 2 do
  local id, epoch = ARGV[place], tonumber(ARGV[place + 1])
  if isHeldBy(read(id), owner, epoch) then write(id, epoch, untilMs, 1, to) end
end`,
  ),
  /** ARGV: 1 for offers, whose or nothing. */
  list: script(
    "leasesList",
    `
local isOffer = ARGV[1] == '1'
for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
  local lease = read(id)
  if isLive(lease) and lease.isOffer == isOffer and (ARGV[2] == '' or lease.owner == ARGV[2]) then
    tell(id, lease.owner, lease.epoch, lease.untilMs)
  end
end`,
  ),
};

/** A worker as one text: since when, until when, what it says of itself. */
export const memberScripts: Readonly<Record<"announce" | "members", Script>> = {
  /** ARGV: owner, duration, details. */
  announce: script(
    "membersAnnounce",
    `
local joined, untilMs = string.match(redis.call('HGET', KEYS[1], ARGV[1]) or '', '^(%d+) (%d+)')
if not joined or tonumber(untilMs) <= nowMs then joined = string.format('%.0f', nowMs) end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%s %.0f %s', joined, nowMs + tonumber(ARGV[2]), ARGV[3]))`,
  ),
  /** Drops those that fell silent. Answers with owner, since when and details. */
  members: script(
    "membersList",
    `
for _, owner in ipairs(redis.call('HKEYS', KEYS[1])) do
  local joined, untilMs, details = string.match(redis.call('HGET', KEYS[1], owner), '^(%d+) (%d+) (.*)$')
  if tonumber(untilMs) <= nowMs then
    redis.call('HDEL', KEYS[1], owner)
  else
    found[#found + 1] = owner
    found[#found + 1] = joined
    found[#found + 1] = details
  end
end`,
  ),
};
