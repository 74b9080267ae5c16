-- Takes one of so many in any period as long as this: who has taken one keeps it.
-- KEYS  1 what was taken and when
-- ARGV  1 who takes  2 how many  3 period (ms)
-- Reply 1 if it was taken, else 0
local now = now_ms()
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  return 1
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[3]))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
