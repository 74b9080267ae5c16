-- Stores an alert's fold, if it goes further than the one stored, and puts the alert in its lists.
-- KEYS  1 state  2 stem of the index keys (the names in ARGV are appended to it; same slot)
-- ARGV  1 alert id  2 value  3 position  4 score in the lists (ms)  5… names of the lists
-- Reply 1 stored, 0 older than what is there, or the alert is gone
local stored = redis.call('HMGET', KEYS[1], 'version', 'position', 'names')
if not stored[1] or tonumber(stored[2] or 0) >= tonumber(ARGV[3]) then
  return 0
end
local names = {}
for i = 5, #ARGV do
  names[#names + 1] = ARGV[i]
end
for _, name in ipairs(cjson.decode(stored[3] or '[]')) do
  redis.call('ZREM', KEYS[2] .. name, ARGV[1])
end
for _, name in ipairs(names) do
  redis.call('ZADD', KEYS[2] .. name, ARGV[4], ARGV[1])
end
redis.call('HSET', KEYS[1], 'value', ARGV[2], 'position', ARGV[3], 'names', cjson.encode(names))
return 1
