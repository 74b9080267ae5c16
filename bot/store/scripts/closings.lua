-- Reads what was lately taken away from several groups and prefix lists.
-- KEYS  1… closings
-- Reply the closings (JSON), oldest first for each key
local found = {}
for _, key in ipairs(KEYS) do
  for _, line in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    found[#found + 1] = line
  end
end
return found
