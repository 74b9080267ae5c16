-- Notes that something fails, for the operators. It is kept until it has not failed for a while.
-- KEYS  1 the notice  2 all notices  3 attention  4 touched  5 wake
-- ARGV  1 key of the notice  2 what it says  3 patience (ms)  4 the subject that tells the operators
local now = now_ms()
redis.call('HSETNX', KEYS[1], 'since', now)
redis.call('HSETNX', KEYS[1], 'due', now + tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'what', ARGV[2], 'last', now)
redis.call('HINCRBY', KEYS[1], 'times', 1)
redis.call('SADD', KEYS[2], ARGV[1])
touch(KEYS[3], KEYS[4], KEYS[5], ARGV[4], now)
return 1
