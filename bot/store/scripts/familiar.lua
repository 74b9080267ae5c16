-- Reads what is known of a principal.
-- KEYS  1 begun  2… of each trait two: when first, when last
-- ARGV  1 the name under which it is noted since when we learn
-- Reply since when (ms, '' if unknown), then for each trait: value, first, last (ms) …
local found = { redis.call('HGET', KEYS[1], ARGV[1]) or '' }
for i = 2, #KEYS, 2 do
  local flat = {}
  local last = redis.call('ZREVRANGE', KEYS[i + 1], 0, -1, 'WITHSCORES')
  for j = 1, #last, 2 do
    flat[#flat + 1] = last[j]
    flat[#flat + 1] = redis.call('ZSCORE', KEYS[i], last[j])
    flat[#flat + 1] = last[j + 1]
  end
  found[#found + 1] = flat
end
return found
