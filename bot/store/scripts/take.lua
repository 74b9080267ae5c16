-- Takes one subject that is due and that nobody attends, or that the same worker has left: it asks
-- for another only once it is done with one, or has lost its connection in the midst.
-- KEYS  1 attention  2 leases  3 tokens  4 touched
-- ARGV  1 token  2 lease (ms)  3 how many due subjects to look at  4… whose turn is before all that
--       only waits
-- Reply the subject, or false
local now = now_ms()
local function take(subject)
  redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), subject)
  redis.call('HSET', KEYS[3], subject, ARGV[1])
  redis.call('SREM', KEYS[4], subject)
  return subject
end
local function is_free(subject)
  local ends = redis.call('ZSCORE', KEYS[2], subject)
  return not ends or tonumber(ends) <= now
end
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])
for _, subject in ipairs(due) do
  if redis.call('HGET', KEYS[3], subject) == ARGV[1] then
    return take(subject)
  end
end
-- What was appended to is new to somebody; what only waits may be long questions to AWS. All that
-- is new is looked at before a channel shows any of it, so that a flood is seen to be one.
local first = {}
for i = 4, #ARGV do
  first[ARGV[i]] = true
end
for _, subject in ipairs(redis.call('SSCAN', KEYS[4], 0, 'COUNT', ARGV[3])[2]) do
  local at = redis.call('ZSCORE', KEYS[1], subject)
  if at and tonumber(at) <= now and not first[subject] and is_free(subject) then
    return take(subject)
  end
end
for i = 4, #ARGV do
  local at = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if at and tonumber(at) <= now and is_free(ARGV[i]) then
    return take(ARGV[i])
  end
end
for _, subject in ipairs(due) do
  if is_free(subject) then
    return take(subject)
  end
end
return false
