-- Looks for what became of one event, whatever its day.
-- KEYS  1… outcomes of each day, the likeliest first
-- ARGV  1 event id
-- Reply the outcome (JSON), or false
for _, day in ipairs(KEYS) do
  local outcome = redis.call('HGET', day, ARGV[1])
  if outcome then
    return outcome
  end
end
return false
