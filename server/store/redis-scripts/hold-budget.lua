#!lua
-- with clock.lua
-- Holds a part of a budget for a commit that is about to be made in another slot. It counts as taken from now on.
-- KEYS: 1 budget, 2 held
-- ARGV: 1 clock, 2 commit id, 3 take, 4 most, 5 what the commit marks, 6 keep for (milliseconds)
-- Result: 1, or 0 where there is less left
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 1 then return 1 end
local taken = tonumber(redis.call('GET', KEYS[1]) or 0)
if taken + tonumber(ARGV[3]) > tonumber(ARGV[4]) then return 0 end
redis.call('SET', KEYS[1], string.format('%.17g', taken + ARGV[3]), 'PX', ARGV[6])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3] .. ' ' .. time() .. ' ' .. ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return 1
