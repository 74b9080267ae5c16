-- Writes claims again, so that what waits for this script waits for them.
-- KEYS  1… outcomes of the day of each event
-- ARGV  1… event ids
-- Reply 1 all are there, 0 one is not: it was lost
for i, id in ipairs(ARGV) do
  local outcome = redis.call('HGET', KEYS[i], id)
  if not outcome then
    return 0
  end
  redis.call('HSET', KEYS[i], id, outcome)
end
return 1
