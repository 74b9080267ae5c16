-- Keeps what a group looks like. Each line is SINCE READ_AT CONTENT, the latest first: the same
-- content read again only moves READ_AT, so most groups have one line.
-- KEYS  1 lines of the group
-- ARGV  1 when it was read (ms)  2 content  3 lines kept
--       4 lines lie at least so far apart (ms): of two that are closer the later one is replaced
--       5 lifetime (ms)
-- Reply 1 kept, 0 a later one is known
local read_at, content, apart = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[4])
local function parts(line)
  local since, at, held = string.match(line, '^(%d+) (%d+) (.*)$')
  return tonumber(since), tonumber(at), held
end
local newest = redis.call('LINDEX', KEYS[1], 0)
local line = ARGV[1] .. ' ' .. ARGV[1] .. ' ' .. content
if newest then
  local since, at, held = parts(newest)
  if at >= read_at then
    return 0
  end
  local second = redis.call('LINDEX', KEYS[1], 1)
  if held == content then
    redis.call('LSET', KEYS[1], 0, string.format('%d', since) .. ' ' .. ARGV[1] .. ' ' .. content)
  elseif second and at - select(2, parts(second)) < apart then
    redis.call('LSET', KEYS[1], 0, line)
  else
    redis.call('LPUSH', KEYS[1], line)
    redis.call('LTRIM', KEYS[1], 0, ARGV[3] - 1)
  end
else
  redis.call('LPUSH', KEYS[1], line)
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
