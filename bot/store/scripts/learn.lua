-- Remembers when values were seen first and last. Doing it twice, or in another order, is the same.
-- KEYS  of each value its trait's two: when first, when last
-- ARGV  1 when (ms)  2 values kept of each trait  3 for how long after they were seen last (ms)
--       4… the values
local at, most, life = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
for i = 1, #KEYS / 2 do
  local first, last, value = KEYS[2 * i - 1], KEYS[2 * i], ARGV[3 + i]
  redis.call('ZADD', first, 'LT', at, value)
  redis.call('ZADD', last, 'GT', at, value)
  local gone = redis.call('ZRANGE', last, 0, -most - 1)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', last, '-inf', '(' .. now_ms() - life)) do
    gone[#gone + 1] = old
  end
  for _, old in ipairs(gone) do
    redis.call('ZREM', first, old)
    redis.call('ZREM', last, old)
  end
  redis.call('PEXPIRE', first, life)
  redis.call('PEXPIRE', last, life)
end
return 1
