#!lua
-- Whether a commit that held a part of a budget was made. One that was not never will be: it finds the mark.
-- KEYS: 1 mark
-- ARGV: 1 keep for (milliseconds)
-- Result: 'done' or 'void'
local mark = redis.call('GET', KEYS[1])
if mark then return mark end
redis.call('SET', KEYS[1], 'void', 'PX', ARGV[1])
return 'void'
