-- Writes an exemption as somebody decided on it, unless it has changed meanwhile.
-- KEYS  1 exemptions  2 exemptions version  3 what was decided on it  4 attention  5 touched
--       6 wake
-- ARGV  1 id  2 exemption as it was read ('' for none)  3 exemption  4 line of what was decided
-- Reply 1 written, 0 it is no longer what was read
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('INCR', KEYS[2])
redis.call('RPUSH', KEYS[3], ARGV[4])
touch(KEYS[4], KEYS[5], KEYS[6], 'exemption:' .. ARGV[1], now_ms())
return 1
