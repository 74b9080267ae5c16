-- Puts an alert on the list of its channel's storm instead of having it shown.
-- KEYS  1 pending  2 progress  3 the storm  4 its list  5 its principals  6 its accounts
--       7 the channel's storm
-- ARGV  1 alert id  2 position  3 score in the list  4 principal  5 account  6 storm's id
--       7 channel  8 whether it may begin the storm  9 storm's lifetime (ms)
-- Reply 1 it is on the list, 0 that storm is over, or another rages
local now = now_ms()
local raging = redis.call('GET', KEYS[7])
if (raging and raging ~= ARGV[6]) or (not raging and ARGV[8] == '0') then
  return 0
end
if not raging then
  redis.call('SET', KEYS[7], ARGV[6])
  redis.call('HSET', KEYS[3], 'channel', ARGV[7], 'since', now)
end
if redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1]) == 1 then
  redis.call('HSET', KEYS[3], 'last', now)
end
for i, name in ipairs({ARGV[4], ARGV[5]}) do
  if name ~= '' then
    redis.call('SADD', KEYS[4 + i], name)
  end
end
for i = 3, 6 do
  redis.call('PEXPIRE', KEYS[i], ARGV[9])
end
redis.call('HSET', KEYS[2], 'storm', cjson.encode(ARGV[6]), 'shown', ARGV[2])
local queued = redis.call('HGET', KEYS[2], 'queued')
if not queued or tonumber(queued) <= tonumber(ARGV[2]) then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return 1
