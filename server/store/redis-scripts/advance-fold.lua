#!lua
-- Adds to a fold's sums and moves its place in one step.
-- KEYS: 1 place, 2 sums
-- ARGV: 1 from, 2 to, then key and change in turn
-- Result: 1, or 0 where the place has moved on
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HINCRBYFLOAT', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
