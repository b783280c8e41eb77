#!lua
-- Adds to a fold's sums and moves its place in one step.
-- KEYS: 1 place, 2 sums
-- ARGV: 1 from, 2 to, 3 key and change in turn (JSON)
-- Result: 1, or 0 where the place has moved on
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
local changes = cjson.decode(ARGV[3])
for i = 1, #changes, 2 do redis.call('HINCRBYFLOAT', KEYS[2], changes[i], changes[i + 1]) end
return 1
