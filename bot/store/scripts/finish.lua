-- Gives a subject back, due again at the given time, or now if something was appended meanwhile.
-- KEYS  1 attention  2 leases  3 tokens  4 touched
-- ARGV  1 subject  2 token  3 next due ('' for never; else ms, or +ms from now)
-- Reply 1 given back, 0 somebody else's now
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then
  return 0
end
local now = now_ms()
if redis.call('SREM', KEYS[4], ARGV[1]) == 1 then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
elseif ARGV[3] == '' then
  redis.call('ZREM', KEYS[1], ARGV[1])
elseif string.sub(ARGV[3], 1, 1) == '+' then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
else
  redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
