-- Renews a lease, if it is still ours.
-- KEYS  1 leases  2 tokens
-- ARGV  1 subject  2 token  3 lease (ms)
-- Reply 1 renewed, 0 somebody else's now
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('ZADD', KEYS[1], now_ms() + tonumber(ARGV[3]), ARGV[1])
return 1
