#!lua
-- Writes a site upon the version before it.
-- KEYS: 1 sites, 2 versions in force, 3 history
-- ARGV: 1 id, 2 version, 3 site (JSON), 4 entry for the history (JSON; empty: the definition is the same), 5 most versions kept
-- Result: 1, or 0 where the version has moved on
local version = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or 0)
if version ~= ARGV[2] - 1 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
if ARGV[4] ~= '' then
  redis.call('LPUSH', KEYS[3], ARGV[4])
  redis.call('LTRIM', KEYS[3], 0, ARGV[5] - 1)
end
return 1
