#!lua
-- with clock.lua
-- Hands out shoppers whose deadline has come. Each is due again when the lease is over, unless a commit sets another deadline first.
-- What the holder of an old lease does changes nothing: it commits upon a version, and that one has moved on.
-- KEYS: 1 due
-- ARGV: 1 clock, 2 most, 3 lease (milliseconds), 4 what the keys of shoppers begin with
-- Result: the members handed out
local now = time()
local claimed = {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  if redis.call('EXISTS', ARGV[4] .. member) == 1 then
    redis.call('ZADD', KEYS[1], now + ARGV[3], member)
    claimed[#claimed + 1] = member
  else
    redis.call('ZREM', KEYS[1], member)
  end
end
return claimed
