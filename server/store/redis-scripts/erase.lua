#!lua
-- Wipes a shopper. Upon the version that was loaded, so that no code is left that was made meanwhile.
-- KEYS: 1 shopper, 2 counted, 3 pages, 4 index, 5 due, 6 keys of the log, 7 the mark that stays, 8 the set of their coupons' keys, then their coupons
-- ARGV: 1 member, 2 shopper id, 3 version, 4 id of their key of the log (empty: none), 5 keep the mark for (milliseconds)
-- Result: the nodes on which the shopper has a page open; false where the version has moved on
if tonumber(redis.call('HGET', KEYS[1], 'v') or 0) ~= tonumber(ARGV[3]) then return false end
local nodes = redis.call('SMEMBERS', KEYS[3])
redis.call('SET', KEYS[7], '1', 'PX', ARGV[5])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[8])
redis.call('ZREM', KEYS[4], ARGV[2])
redis.call('ZREM', KEYS[5], ARGV[1])
if ARGV[4] ~= '' then redis.call('HDEL', KEYS[6], ARGV[4]) end
for i = 9, #KEYS do redis.call('DEL', KEYS[i]) end
return nodes
