#!lua flags=no-writes
-- with clock.lua
-- A shopper as stored, in one consistent reading.
-- KEYS: 1 shopper, 2 counted
-- ARGV: 1 clock, 2.. event ids
-- Result: { version, whole document or false, now, for each id '1' if it was counted and '0' if not, id of the commit that made it,
--           the key of their log, what changed since in the document... }
local stored = redis.call('HMGET', KEYS[1], 'v', 'd', 't', 'c', 'b', 'l')
-- A clock that was set back stands still for whoever was decided upon before.
local now = math.max(time(), tonumber(stored[3] or 0))
local counted = ''
if #ARGV > 1 then
  local scores = redis.call('ZMSCORE', KEYS[2], unpack(ARGV, 2))
  for i = 1, #scores do counted = counted .. (scores[i] and '1' or '0') end
end
local version, base = tonumber(stored[1] or 0), tonumber(stored[5] or stored[1] or 0)
local result = { version, stored[2], now, counted, stored[4] or '', stored[6] or '' }
for made = base + 1, version do result[#result + 1] = redis.call('HGET', KEYS[1], made) end
return result
