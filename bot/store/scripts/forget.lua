-- Removes an alert whose retention is over, and its places in the lists.
-- KEYS  1 timeline  2 state  3 progress  4 stem of the index keys (same slot)
-- ARGV  1 alert id
for _, name in ipairs(cjson.decode(redis.call('HGET', KEYS[2], 'names') or '[]')) do
  redis.call('ZREM', KEYS[4] .. name, ARGV[1])
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
return 1
