-- Spends one of a budget: so many in a period, counted from the first.
-- KEYS  1 counter
-- ARGV  1 how many  2 period (ms)
-- Reply 0 spent, else the milliseconds until there is more
local spent = redis.call('INCR', KEYS[1])
if spent == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
if spent <= tonumber(ARGV[1]) then
  return 0
end
return math.max(redis.call('PTTL', KEYS[1]), 1)
