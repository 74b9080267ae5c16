-- Writes what became of one event, once: its claim, its history, and its place in an alert.
-- KEYS  1 outcomes of the day  2 counters  3 timeline  4 state  5 window  6 attention  7 touched
--       8 wake  9 closings and 10 openings of the place  11 places
--       12 groups that changed since they were read  13… history lists
-- ARGV  1 event id  2 outcome (JSON)  3 its name  4 event time (ms)  5 horizon (ms)
--       6 line for the history lists  7 lines kept in each
--       8 what it took away ('' for nothing)  9 whether it opened something
--       10 closings, and alerts, kept per place  11 closings' lifetime (ms)
--       12 'new', 'join' or 'note': how it enters an alert; '' if it enters none
--       13 alert id  14 what the choice was based on: the alert in the window ('new', 'join') or
--       the length of the timeline ('note')  15 window's lifetime (ms)
--       16–18 the window: first, last, session  19 decisions and 20 changes among the entries
--       21 ACCOUNT/REGION, '' if unknown  22 group whose rules are others now, '' for none
--       23 such groups kept  24… entries
-- Reply 1 written, 0 known already, -1 the window or the timeline has moved: read again,
--       -2 the alert to join is resolved or gone: begin another
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  return 0
end
local how, alert = ARGV[12], ARGV[13]
if how ~= '' then
  if how == 'note' then
    if redis.call('LLEN', KEYS[3]) ~= tonumber(ARGV[14]) then
      return -1
    end
  elseif (redis.call('HGET', KEYS[5], 'alert') or '') ~= ARGV[14] then
    return -1
  end
  local status = redis.call('HGET', KEYS[4], 'status')
  if how == 'join' and (not status or status == 'resolved') then
    return -2
  end
  if how == 'new' and status then
    return -1
  end
  for i = 24, #ARGV do
    redis.call('RPUSH', KEYS[3], ARGV[i])
  end
  redis.call('HINCRBY', KEYS[4], 'version', ARGV[19])
  redis.call('HINCRBY', KEYS[4], 'changes', ARGV[20])
  if how == 'new' then
    redis.call('HSET', KEYS[4], 'status', 'open')
  end
  if how ~= 'note' then
    redis.call('HSET', KEYS[5], 'alert', alert, 'first', ARGV[16], 'last', ARGV[17],
      'session', ARGV[18])
    redis.call('PEXPIRE', KEYS[5], ARGV[15])
  end
  touch(KEYS[6], KEYS[7], KEYS[8], 'alert:' .. alert, now_ms())
end
if ARGV[8] ~= '' then
  redis.call('ZADD', KEYS[9], ARGV[4], ARGV[8])
  redis.call('ZREMRANGEBYRANK', KEYS[9], 0, -tonumber(ARGV[10]) - 1)
  redis.call('PEXPIRE', KEYS[9], ARGV[11])
  for _, other in ipairs(redis.call('ZRANGE', KEYS[10], 0, -1)) do
    touch(KEYS[6], KEYS[7], KEYS[8], 'alert:' .. other, now_ms())
  end
end
if ARGV[9] == '1' and alert ~= '' then
  redis.call('ZADD', KEYS[10], ARGV[4], alert)
  redis.call('ZREMRANGEBYRANK', KEYS[10], 0, -tonumber(ARGV[10]) - 1)
  redis.call('PEXPIRE', KEYS[10], ARGV[5])
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIREAT', KEYS[1], tonumber(ARGV[4]) + 86400000 + tonumber(ARGV[5]))
redis.call('HINCRBY', KEYS[2], 'events:' .. ARGV[3], 1)
if ARGV[21] ~= '' then
  redis.call('ZADD', KEYS[11], 'GT', ARGV[4], ARGV[21])
  redis.call('PEXPIRE', KEYS[11], ARGV[5])
end
if ARGV[22] ~= '' then
  redis.call('ZADD', KEYS[12], 'NX', now_ms(), ARGV[22])
  redis.call('ZREMRANGEBYRANK', KEYS[12], ARGV[23], -1)
  redis.call('PEXPIRE', KEYS[12], 86400000)
end
for i = 13, #KEYS do
  redis.call('ZADD', KEYS[i], ARGV[4], ARGV[6])
  redis.call('ZREMRANGEBYRANK', KEYS[i], 0, -tonumber(ARGV[7]) - 1)
  redis.call('PEXPIRE', KEYS[i], ARGV[5])
end
return 1
