-- Keeps what an exemption is to resolve beside its own alert, and has it looked after.
-- KEYS  1 what is to be resolved  2 attention  3 touched  4 wake
-- ARGV  1 exemption  2 what is to be resolved (JSON)  3 subject
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
touch(KEYS[2], KEYS[3], KEYS[4], ARGV[3], now_ms())
return 1
