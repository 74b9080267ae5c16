-- Reads the latest outcomes of a principal, key, address or group.
-- KEYS  1 history  2 stem of the outcomes' keys (the days are appended to it; same slot)
-- ARGV  1 most outcomes  2 since (ms; '-inf' for all)
-- Reply the outcomes (JSON), latest first
local lines = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[2], 'LIMIT', 0, ARGV[1])
local found = {}
for _, line in ipairs(lines) do
  local outcome = redis.call('HGET', KEYS[2] .. string.sub(line, 1, 10), string.sub(line, 12))
  if outcome then
    found[#found + 1] = outcome
  end
end
return found
