-- Answers what detections that remember ask about one event, and remembers the event.
-- What each kind of ask means is told in bot/detections/stateful.py.
-- KEYS  1 begun  2… for each ask, a pair for each of its series: members by time (zset), and what
--       is known of each (hash)
-- ARGV  1 event id  2 event time (ms)  3 how late events may come (ms)
--       4 most events per key  5 most terms per rule  6 asks (JSON)
-- Reply for each ask {matches, learning, count, by, how many different values…}
local id, at, late = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local most_events, most_terms = tonumber(ARGV[4]), tonumber(ARGV[5])
local next_key = 2

local function series()
  local names = {members = KEYS[next_key], facts = KEYS[next_key + 1]}
  next_key = next_key + 2
  return names
end

local function drop(s, names)
  for _, name in ipairs(names) do
    redis.call('ZREM', s.members, name)
    redis.call('HDEL', s.facts, name)
  end
end

local function keep(s, window, most)
  local newest = tonumber(redis.call('ZRANGE', s.members, -1, -1, 'WITHSCORES')[2])
  drop(s, redis.call('ZRANGEBYSCORE', s.members, '-inf', '(' .. (newest - window - late)))
  drop(s, redis.call('ZRANGE', s.members, 0, -most - 1))
  redis.call('PEXPIRE', s.members, window + late)
  redis.call('PEXPIRE', s.facts, window + late)
end

local function put(s, name, time, fact)
  redis.call('ZADD', s.members, time, name)
  redis.call('HSET', s.facts, name, fact)
end

local function better(one, other)
  if not other or one.matches ~= other.matches then
    return not other or one.matches
  end
  return one.count > other.count
end

-- Adds an event's values to the counts of those seen, or takes them away, and returns nothing.
local function tally(varied, values, by)
  for field, counts in ipairs(varied) do
    for _, value in ipairs(values[field]) do
      local before = counts.of[value] or 0
      counts.of[value] = before + by
      if before == 0 then
        counts.different = counts.different + 1
      elseif before + by == 0 then
        counts.different = counts.different - 1
      end
    end
  end
end

local function in_window(ask, count, varied)
  local found = {matches = count >= ask.value, count = count, varied = {}}
  for field, needed in ipairs(ask.needed) do
    found.varied[field] = varied[field].different
    found.matches = found.matches and varied[field].different >= needed
  end
  return found
end

-- Looks at each window with the event in it, by the member that it begins with.
local function best_window(s, ask)
  local near = redis.call('ZRANGEBYSCORE', s.members, at - ask.window, at + ask.window,
    'WITHSCORES')
  local values, varied, best, last = {}, {}, nil, 0
  for field = 1, #ask.needed do
    varied[field] = {of = {}, different = 0}
  end
  for first = 1, #near / 2 do
    local begins = tonumber(near[first * 2])
    if begins > at then
      break
    end
    while last < #near / 2 and tonumber(near[last * 2 + 2]) <= begins + ask.window do
      last = last + 1
      if #ask.needed > 0 then
        values[last] = cjson.decode(redis.call('HGET', s.facts, near[last * 2 - 1])).values
        tally(varied, values[last], 1)
      end
    end
    local found = in_window(ask, last - first + 1, varied)
    if better(found, best) then
      best = found
    end
    if #ask.needed > 0 then
      tally(varied, values[first], -1)
    end
  end
  return best
end

local function counted_by(s, ask)
  local known = redis.call('HGET', s.facts, id)
  if known then
    return cjson.decode(known).answer
  end
  put(s, id, at, cjson.encode({values = ask.varied}))
  local answer = best_window(s, ask)
  put(s, id, at, cjson.encode({values = ask.varied, answer = answer}))
  keep(s, ask.window, most_events)
  return answer
end

local function counted(ask)
  local best
  for _ = 1, ask.series do
    local found = counted_by(series(), ask)
    if better(found, best) then
      best = found
    end
  end
  return best
end

local function is_learning(ask)
  local now = now_ms()
  redis.call('HSETNX', KEYS[1], ask.state, now)
  return tonumber(redis.call('HGET', KEYS[1], ask.state)) + ask.window > now
end

local function new_terms(ask)
  local s, learning, new = series(), is_learning(ask), false
  for _, term in ipairs(ask.terms) do
    local seen = tonumber(redis.call('ZSCORE', s.members, term) or nil)
    local first = redis.call('HGET', s.facts, term) or ''
    if not seen or seen < at - ask.window then
      first = learning and '' or id
    end
    new = new or first == id
    put(s, term, math.max(seen or at, at), first)
    keep(s, ask.window, most_terms)
  end
  return {matches = new, learning = learning and not new}
end

local function alike(s, ask)
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', s.members, at - ask.window, at + ask.window)) do
    if tonumber(redis.call('HGET', s.facts, other)) >= ask.severity then
      return other
    end
  end
end

local function not_shown(ask)
  local all, known, by, covered = {}, false, nil, true
  for number = 1, ask.series do
    local s = series()
    local before = alike(s, ask)
    all[number], by = s, by or before
    known = known or redis.call('ZSCORE', s.members, id)
    covered = covered and before
  end
  if covered and not known then
    return {matches = false, by = by}
  end
  for _, s in ipairs(all) do
    put(s, id, at, ask.severity)
    keep(s, ask.window, most_events)
  end
  return {matches = true}
end

local answered = {count = counted, terms = new_terms, shown = not_shown}
local answers = {}
for number, ask in ipairs(cjson.decode(ARGV[6])) do
  local found = answered[ask.kind](ask)
  local reply = {
    found.matches and 1 or 0, found.learning and 1 or 0, found.count or 0, found.by or '',
  }
  for _, different in ipairs(found.varied or {}) do
    reply[#reply + 1] = different
  end
  answers[number] = reply
end
return answers
