-- Reads an alert as it is now.
-- KEYS  1 timeline  2 state  3 progress
-- ARGV  1 most entries to return
-- Reply {now, value or '', position of value, decisions, length of timeline, entries, progress}
local state = redis.call('HMGET', KEYS[2], 'value', 'position', 'version')
local position = tonumber(state[2] or 0)
local tail = redis.call('LRANGE', KEYS[1], position, position + tonumber(ARGV[1]) - 1)
return {
  now_ms(), state[1] or '', position, tonumber(state[3] or 0), redis.call('LLEN', KEYS[1]), tail,
  redis.call('HGETALL', KEYS[3]),
}
