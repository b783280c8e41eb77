#!lua
-- Adds to a fold's sums and moves its place in one step.
-- KEYS: 1 place, 2 sums, 3 steps
-- ARGV: 1 from, 2 to, 3 key and change in turn (JSON), 4 most steps that are kept for others (0: none)
-- Result: the id of the step (empty: it is not kept), or false where the place has moved on
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return false end
redis.call('SET', KEYS[1], ARGV[2])
local changes = cjson.decode(ARGV[3])
for i = 1, #changes, 2 do redis.call('HINCRBYFLOAT', KEYS[2], changes[i], changes[i + 1]) end
if ARGV[4] == '0' then return '' end
return redis.call('XADD', KEYS[3], 'MAXLEN', ARGV[4], '*', 'f', ARGV[1], 't', ARGV[2], 'c', ARGV[3])
