-- Takes an alert out of its channel's set, unless more of it was queued than is shown.
-- KEYS  1 pending  2 progress
-- ARGV  1 alert id  2 position shown
local queued = redis.call('HGET', KEYS[2], 'queued')
if queued and tonumber(queued) > tonumber(ARGV[2]) then
  return 0
end
redis.call('ZREM', KEYS[1], ARGV[1])
return 1
