import { sharedTimes } from "@colloquy/core";

/**
 * The step of the shared ledger as one script: the same as `Ledger.exchange` of `@colloquy/core`, line by line, and compared with
 * it in the tests. One key holds one allowance as JSON; time is the server's. KEYS[1]: the allowance, ARGV[1]: the call.
 */
export const exchangeScript: string = `
local times = cjson.decode('${JSON.stringify(sharedTimes)}')
local guardMs, lagPart, mostLagMs, stepsPerWindow = 1, 1 / 10, 100, 1024
local call = cjson.decode(ARGV[1])
local clock = redis.call('TIME')
local nowMs = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local stored = redis.call('GET', KEYS[1])
local state = stored and cjson.decode(stored)
  or { epoch = call.newEpoch, lastId = 0, holdUntilMs = 0, notBeforeMs = 0, logs = {}, lent = {}, holders = {} }

local function addStamp(log, atMs)
  local stamps, counts = log.times, log.counts
  local last = #stamps
  local place = last
  while place > 0 and stamps[place] > atMs do place = place - 1 end
  log.total = log.total + 1
  if place > 0 and place == last and atMs - log.stepBeganAtMs < log.windowMs / stepsPerWindow then
    stamps[place] = atMs
    counts[place] = counts[place] + 1
    return
  end
  if place == last then log.stepBeganAtMs = atMs end
  table.insert(stamps, place + 1, atMs)
  table.insert(counts, place + 1, 1)
end

local function forgetUntil(log, atMs)
  local gone = 0
  while gone < #log.times and log.times[gone + 1] <= atMs do
    gone = gone + 1
    log.total = log.total - log.counts[gone]
  end
  if gone == 0 then return end
  local stamps, counts = {}, {}
  for place = gone + 1, #log.times do
    stamps[#stamps + 1] = log.times[place]
    counts[#counts + 1] = log.counts[place]
  end
  log.times, log.counts = stamps, counts
end

local function instantOf(log, nth)
  local passed = 0
  for place = 1, #log.times do
    passed = passed + log.counts[place]
    if passed >= nth then return log.times[place] end
  end
  return math.huge
end

local function count(atMs)
  for _, log in ipairs(state.logs) do
    if atMs > log.endedAtMs then addStamp(log, atMs) end
  end
end

local function logOf(windowMs)
  for _, log in ipairs(state.logs) do
    if log.windowMs == windowMs then return log end
  end
end

-- When the provider no longer counts a request of this instant.
local function leavesAt(atMs, log)
  local byAgeMs = atMs + log.windowMs + guardMs
  local nearEndMs = log.endAtMs - times.nearEndMs
  if log.endAtMs > 0 and atMs <= nearEndMs and byAgeMs > nearEndMs then return log.endAtMs end
  return byAgeMs
end

local longestMs, shortestMs, leastLimit = 0, math.huge, math.huge
for _, rule in ipairs(call.rules) do
  longestMs = math.max(longestMs, rule.windowMs)
  shortestMs = math.min(shortestMs, rule.windowMs)
  leastLimit = math.min(leastLimit, rule.limit)
end

local function hold()
  if nowMs < state.holdUntilMs then return end
  local unknownMs = math.min(longestMs, times.mostUnknownMs) + math.min(longestMs, times.aheadMs)
  state.holdUntilMs = nowMs + math.max(times.leastHoldMs, unknownMs)
end

local function answer(permits, askInMs, mustTell)
  local lifetimeMs = 2 * times.presentMs
  for _, log in ipairs(state.logs) do lifetimeMs = math.max(lifetimeMs, log.windowMs + 2 * times.presentMs) end
  redis.call('SET', KEYS[1], cjson.encode(state), 'PX', math.ceil(lifetimeMs))
  local notBeforeMs = math.max(state.holdUntilMs, state.notBeforeMs)
  local head = { state.epoch, nowMs, mustTell and 1 or 0, notBeforeMs, askInMs, #state.holders }
  for _, permit in ipairs(permits) do
    head[#head + 1] = permit.id
    head[#head + 1] = permit.dueAtMs
  end
  return cjson.encode(head)
end

local isKnown = call.epoch == state.epoch
local mustTell = not isKnown and call.sinceLastMs ~= nil and call.sinceLastMs < longestMs
if not isKnown and call.epoch ~= nil and (mustTell or #call.holds > 0) then hold() end
if mustTell then return answer({}, 0, true) end

local presentMs = math.max(times.presentMs, 2 * longestMs)
local holders, me = {}, nil
for _, one in ipairs(state.holders) do
  if one.name == call.holder or one.seenAtMs > nowMs - presentMs then holders[#holders + 1] = one end
  if one.name == call.holder then me = one end
end
if not me then
  me = { name = call.holder, turn = 0, served = 0, wanted = 0, sureMs = 0, askByMs = 0, seenAtMs = nowMs }
  holders[#holders + 1] = me
end
state.holders = holders
me.seenAtMs = nowMs
if call.turn <= me.turn then return answer({}, times.leastAskMs, false) end
me.turn = call.turn
me.sureMs = call.sureMs or 0

for _, rule in ipairs(call.rules) do
  if not logOf(rule.windowMs) then
    local source
    for _, log in ipairs(state.logs) do
      if not source or log.windowMs > source.windowMs then source = log end
    end
    local log = { windowMs = rule.windowMs, times = {}, counts = {}, total = 0, stepBeganAtMs = 0, endAtMs = 0, endedAtMs = 0 }
    for place, atMs in ipairs(source and source.times or {}) do
      if atMs > nowMs - rule.windowMs then
        for _ = 1, source.counts[place] do addStamp(log, atMs) end
      end
    end
    state.logs[#state.logs + 1] = log
  end
end

local named, returned, lent = {}, -#call.counted, {}
if isKnown then
  for _, id in ipairs(call.holds) do named[id] = true end
end
for _, permit in ipairs(state.lent) do
  if permit.holder == call.holder then
    if named[permit.id] then
      permit.untilMs = math.max(permit.dueAtMs, nowMs) + times.keepMs
      lent[#lent + 1] = permit
    else
      returned = returned + 1
    end
  elseif permit.untilMs > nowMs then
    lent[#lent + 1] = permit
  else
    count(permit.untilMs)
  end
end
state.lent = lent
me.served = me.served - math.max(0, returned)
for _, atMs in ipairs(call.counted) do count(math.min(atMs, nowMs)) end
local told = call['end'] and logOf(call['end'].windowMs)
if told and call['end'].atMs > nowMs then
  local toldAtMs = call['end'].atMs
  local isSame = told.endAtMs > 0 and math.abs(toldAtMs - told.endAtMs) < told.windowMs / 2
  told.endAtMs = isSame and math.min(told.endAtMs, toldAtMs) or math.max(told.endAtMs, toldAtMs)
end
for _, log in ipairs(state.logs) do
  if log.endAtMs > 0 and nowMs >= log.endAtMs then
    log.endedAtMs = log.endAtMs - times.nearEndMs
    forgetUntil(log, log.endedAtMs)
    log.endAtMs = 0
  end
  forgetUntil(log, nowMs - log.windowMs - guardMs)
end
if call.actedAlone then hold() end
state.notBeforeMs = math.max(state.notBeforeMs, call.notBeforeMs or 0)

local dues, nextDueMs = {}, nil
local leastMs = math.max(nowMs, state.holdUntilMs, state.notBeforeMs)
local sureMs = math.huge
for _, one in ipairs(holders) do sureMs = math.min(sureMs, one.sureMs) end
while true do
  if #dues >= times.mostPermits then
    nextDueMs = nowMs
    break
  end
  local dueAtMs, isLentOut = leastMs, false
  for _, rule in ipairs(call.rules) do
    local log = logOf(rule.windowMs)
    local left = rule.limit - #lent - #dues - 1
    if left < 0 then
      isLentOut = true
      break
    end
    local mustLeave = log.total - left
    if mustLeave > 0 then dueAtMs = math.max(dueAtMs, leavesAt(instantOf(log, mustLeave), log) - sureMs) end
  end
  if isLentOut then break end
  if dueAtMs > nowMs + times.aheadMs then
    nextDueMs = dueAtMs
    break
  end
  dues[#dues + 1] = dueAtMs
end

local wanting, others, place, leastServed = {}, 0, 0, math.huge
for _, one in ipairs(holders) do
  if one == me or (one.wanted > 0 and one.askByMs >= nowMs) then
    wanting[#wanting + 1] = one
    if one == me then
      place = #wanting
    else
      others = others + 1
      leastServed = math.min(leastServed, one.served)
    end
  end
end
if others > 0 and (me.wanted == 0 or me.askByMs < nowMs) then me.served = math.max(me.served, leastServed) end
me.wanted = call.wanted

local function partAt(level, one)
  return math.max(0, math.min(one.wanted, level - one.served))
end
local function filledAt(level)
  local sum = 0
  for _, one in ipairs(wanting) do sum = sum + partAt(level, one) end
  return sum
end
local low, high = math.huge, -math.huge
for _, one in ipairs(wanting) do
  low = math.min(low, one.served)
  high = math.max(high, one.served + one.wanted)
end
while low < high do
  local level = math.ceil((low + high) / 2)
  if filledAt(level) <= #dues then low = level else high = level - 1 end
end
local part = partAt(low, me)
if partAt(low + 1, me) ~= part then
  local before = 0
  for index = 1, place - 1 do
    if partAt(low + 1, wanting[index]) > partAt(low, wanting[index]) then before = before + 1 end
  end
  if #dues - filledAt(low) > before then part = part + 1 end
end
local granted = math.min(part, math.ceil(leastLimit / 2))

local askInMs = 0
if granted < call.wanted then
  local lagMs = math.min(mostLagMs, math.max(times.leastAskMs, math.floor(shortestMs * lagPart)))
  local mostMs = math.min(times.mostPatientAskMs, math.max(times.mostAskMs, math.floor(longestMs / 10)))
  local waitMs = mostMs
  if granted < part then
    waitMs = 0
  elseif part < #dues then
    waitMs = lagMs
  elseif nextDueMs then
    waitMs = nextDueMs - times.aheadMs - nowMs
  else
    local firstMs = math.huge
    for _, permit in ipairs(lent) do
      if permit.holder ~= call.holder then firstMs = math.min(firstMs, permit.dueAtMs) end
    end
    if firstMs < math.huge then waitMs = math.max(0, firstMs - nowMs) + lagMs end
  end
  askInMs = math.min(mostMs, math.max(times.leastAskMs, waitMs))
end

local permits = {}
for index = 1, granted do
  state.lastId = state.lastId + 1
  permits[index] = { id = state.lastId, dueAtMs = dues[index] }
  lent[#lent + 1] = {
    id = state.lastId,
    holder = call.holder,
    dueAtMs = dues[index],
    untilMs = math.max(dues[index], nowMs) + times.keepMs,
  }
end
me.served = me.served + granted
me.wanted = me.wanted - granted
me.askByMs = nowMs + askInMs + times.lateMs
return answer(permits, askInMs, false)
`;
