-- Notes since when each rule learns, if it is not known.
-- KEYS  1 begun
-- ARGV  1… names of what the rules remember
local now = now_ms()
for _, state in ipairs(ARGV) do
  redis.call('HSETNX', KEYS[1], state, now)
end
return 1
