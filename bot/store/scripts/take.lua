-- Takes one subject that is due and that nobody attends, or that the same worker has left: it asks
-- for another only once it is done with one, or has lost its connection in the midst.
-- KEYS  1 attention  2 leases  3 tokens  4 touched
-- ARGV  1 token  2 lease (ms)  3 how many due subjects to look at
-- Reply the subject, or false
local now = now_ms()
for _, subject in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])) do
  local ends = redis.call('ZSCORE', KEYS[2], subject)
  local left = ends and redis.call('HGET', KEYS[3], subject) == ARGV[1]
  if not ends or tonumber(ends) <= now or left then
    redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), subject)
    redis.call('HSET', KEYS[3], subject, ARGV[1])
    redis.call('SREM', KEYS[4], subject)
    return subject
  end
end
return false
