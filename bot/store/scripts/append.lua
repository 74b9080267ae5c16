-- Appends entries to an alert that exists. Decisions name the version they were made on.
-- KEYS  1 timeline  2 state  3 attention  4 touched  5 wake  6 exemptions  7 exemptions version
-- ARGV  1 subject  2 version ('' for observations)  3 number of decisions among the entries
--       4 new status ('' to leave it)  5 exemption id ('' for none)  6 exemption  7… entries
-- Reply 1 appended, 0 the version has passed or the alert is gone
if redis.call('EXISTS', KEYS[2]) == 0 then
  return 0
end
if ARGV[2] ~= '' and redis.call('HGET', KEYS[2], 'version') ~= ARGV[2] then
  return 0
end
for i = 7, #ARGV do
  redis.call('RPUSH', KEYS[1], ARGV[i])
end
redis.call('HINCRBY', KEYS[2], 'version', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[2], 'status', ARGV[4])
end
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[6], ARGV[5], ARGV[6])
  redis.call('INCR', KEYS[7])
end
touch(KEYS[3], KEYS[4], KEYS[5], ARGV[1], now_ms())
return 1
