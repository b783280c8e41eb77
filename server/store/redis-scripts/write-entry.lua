#!lua
-- with clock.lua
-- Writes or removes an entry of a register upon the version before it.
-- KEYS: 1 entries, 2 their ids in order
-- ARGV: 1 clock, 2 id, 3 version, 4 entry (JSON; empty: it is removed), 5 most entries
-- Result: 1, or 0 where the version has moved on
local stored = redis.call('HGET', KEYS[1], ARGV[2])
local known = stored and cjson.decode(stored)
local isOver = known and known.expiresAt ~= cjson.null and known.expiresAt <= time()
local version = known and not isOver and known.version or 0
if version ~= ARGV[3] - 1 then return 0 end
if ARGV[4] == '' then
  redis.call('HDEL', KEYS[1], ARGV[2])
  redis.call('ZREM', KEYS[2], ARGV[2])
  return 1
end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
redis.call('ZADD', KEYS[2], 0, ARGV[2])
local over = redis.call('ZRANGE', KEYS[2], ARGV[5], -1)
for _, id in ipairs(over) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
return 1
