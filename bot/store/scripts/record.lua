-- Writes what became of one event, once: its claim, its history, and its place in an alert.
-- KEYS  1 outcomes of the day  2 counters  3 timeline  4 state  5 window  6 attention  7 touched
--       8 wake  9… history lists
-- ARGV  1 event id  2 outcome (JSON)  3 its name  4 event time (ms)  5 horizon (ms)
--       6 line for the history lists  7 lines kept in each
--       8 'new', 'join' or 'note': how it enters an alert; '' if it enters none
--       9 alert id  10 what the choice was based on: the alert in the window ('new', 'join') or
--       the length of the timeline ('note')  11 window's lifetime (ms)
--       12–14 the window: first, last, session  15 decisions and 16 changes among the entries
--       17… entries
-- Reply 1 written, 0 known already, -1 the window or the timeline has moved: read again,
--       -2 the alert to join is resolved or gone: begin another
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then
  return 0
end
local how, alert = ARGV[8], ARGV[9]
if how ~= '' then
  if how == 'note' then
    if redis.call('LLEN', KEYS[3]) ~= tonumber(ARGV[10]) then
      return -1
    end
  elseif (redis.call('HGET', KEYS[5], 'alert') or '') ~= ARGV[10] then
    return -1
  end
  local status = redis.call('HGET', KEYS[4], 'status')
  if how == 'join' and (not status or status == 'resolved') then
    return -2
  end
  if how == 'new' and status then
    return -1
  end
  for i = 17, #ARGV do
    redis.call('RPUSH', KEYS[3], ARGV[i])
  end
  redis.call('HINCRBY', KEYS[4], 'version', ARGV[15])
  redis.call('HINCRBY', KEYS[4], 'changes', ARGV[16])
  if how == 'new' then
    redis.call('HSET', KEYS[4], 'status', 'open')
  end
  if how ~= 'note' then
    redis.call('HSET', KEYS[5], 'alert', alert, 'first', ARGV[12], 'last', ARGV[13],
      'session', ARGV[14])
    redis.call('PEXPIRE', KEYS[5], ARGV[11])
  end
  touch(KEYS[6], KEYS[7], KEYS[8], 'alert:' .. alert, now_ms())
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIREAT', KEYS[1], tonumber(ARGV[4]) + 86400000 + tonumber(ARGV[5]))
redis.call('HINCRBY', KEYS[2], 'events:' .. ARGV[3], 1)
for i = 9, #KEYS do
  redis.call('ZADD', KEYS[i], ARGV[4], ARGV[6])
  redis.call('ZREMRANGEBYRANK', KEYS[i], 0, -tonumber(ARGV[7]) - 1)
  redis.call('PEXPIRE', KEYS[i], ARGV[5])
end
return 1
