-- Appends entries to an alert that exists. Decisions name the version they were made on, and how
-- many changes they were made on: a change that slipped in between is decided on again.
-- KEYS  1 timeline  2 state  3 attention  4 touched  5 wake  6 exemptions  7 exemptions version
--       8 what was decided on the exemption
-- ARGV  1 subject  2 version ('' for observations)  3 number of decisions among the entries
--       4 new status ('' to leave it)  5 exemption id ('' for none)  6 exemption
--       7 line of what was decided on the exemption ('' for none)
--       8 changes that were decided on  9 changes among the entries  10… entries
-- Reply 1 appended, 0 the version has passed, the alert is gone, or another exemption has the id
if redis.call('EXISTS', KEYS[2]) == 0 then
  return 0
end
local known = redis.call('HMGET', KEYS[2], 'version', 'changes')
if ARGV[2] ~= '' and (known[1] ~= ARGV[2] or (known[2] or '0') ~= ARGV[8]) then
  return 0
end
if ARGV[5] ~= '' and ARGV[7] == '' then
  if (redis.call('HGET', KEYS[6], ARGV[5]) or ARGV[6]) ~= ARGV[6] then
    return 0
  end
end
redis.call('HINCRBY', KEYS[2], 'changes', ARGV[9])
for i = 10, #ARGV do
  redis.call('RPUSH', KEYS[1], ARGV[i])
end
redis.call('HINCRBY', KEYS[2], 'version', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[2], 'status', ARGV[4])
end
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[6], ARGV[5], ARGV[6])
  redis.call('INCR', KEYS[7])
  if ARGV[7] ~= '' then
    redis.call('RPUSH', KEYS[8], ARGV[7])
  end
  touch(KEYS[3], KEYS[4], KEYS[5], 'exemption:' .. ARGV[5], now_ms())
end
touch(KEYS[3], KEYS[4], KEYS[5], ARGV[1], now_ms())
return 1
