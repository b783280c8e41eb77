#!lua flags=no-writes
-- with clock.lua
-- A shopper as stored, in one consistent reading.
-- KEYS: 1 shopper, 2 counted
-- ARGV: 1 clock, 2.. event ids
-- Result: { version, document or false, now, for each id '1' if it was counted and '0' if not, id of the commit that made it }
local stored = redis.call('HMGET', KEYS[1], 'v', 'd', 't', 'c')
-- A clock that was set back stands still for whoever was decided upon before.
local now = math.max(time(), tonumber(stored[3] or 0))
local counted = ''
if #ARGV > 1 then
  local scores = redis.call('ZMSCORE', KEYS[2], unpack(ARGV, 2))
  for i = 1, #scores do counted = counted .. (scores[i] and '1' or '0') end
end
return { tonumber(stored[1] or 0), stored[2], now, counted, stored[4] or '' }
