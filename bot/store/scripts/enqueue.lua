-- Puts an alert in its channel's set and makes the channel due.
-- KEYS  1 pending  2 progress  3 attention  4 touched  5 wake
-- ARGV  1 alert id  2 score  3 position to show  4 the channel's subject
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], 'queued', ARGV[3])
touch(KEYS[3], KEYS[4], KEYS[5], ARGV[4], now_ms())
return 1
