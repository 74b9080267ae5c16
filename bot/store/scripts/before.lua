-- Reads what groups looked like before a time, and what became of records about them since.
-- KEYS  1 stem of the outcomes' keys (the days are appended to it; same slot)
--       2… of each group its baseline's lines, and its history
-- ARGV  1 the time (ms)  2 so much earlier it must have been read (ms)
--       3 records so much older than what was read count too (ms)  4 most records
-- Reply for each group: when it was read ('' if not before the time), its content, 1 if it was
--       read at all, 1 if there are more records than asked for, the records' outcomes (JSON)
local at, skew, settling, most =
  tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local function reading(lines)
  for _, line in ipairs(lines) do
    local since, again, content = string.match(line, '^(%d+) (%d+) (.*)$')
    for _, read_at in ipairs({again, since}) do
      if tonumber(read_at) + skew < at then
        return read_at, content
      end
    end
  end
  return '', ''
end
local function outcomes(history, since)
  local found = {}
  local names = redis.call('ZREVRANGEBYSCORE', history, at, since, 'LIMIT', 0, most + 1)
  if #names > most then
    return found, 1
  end
  for _, name in ipairs(names) do
    local outcome = redis.call('HGET', KEYS[1] .. string.sub(name, 1, 10), string.sub(name, 12))
    if outcome then
      found[#found + 1] = outcome
    end
  end
  return found, 0
end
local reply = {}
for i = 2, #KEYS, 2 do
  local lines = redis.call('LRANGE', KEYS[i], 0, -1)
  local read_at, content = reading(lines)
  local found, more = {}, 0
  if read_at ~= '' then
    found, more = outcomes(KEYS[i + 1], tonumber(read_at) - settling)
  end
  reply[#reply + 1] = {read_at, content, #lines > 0 and 1 or 0, more, found}
end
return reply
