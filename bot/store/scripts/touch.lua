-- Put before every script that makes a subject due.
-- Brings the due time of a subject forward to `at`, never back; marks it touched, so that whoever
-- attends it now looks again; wakes one worker.
local function touch(attention, touched, wake, subject, at)
  local due = redis.call('ZSCORE', attention, subject)
  if not due or tonumber(due) > at then
    redis.call('ZADD', attention, at, subject)
  end
  redis.call('SADD', touched, subject)
  redis.call('LPUSH', wake, 1)
  redis.call('LTRIM', wake, 0, 15)
end
