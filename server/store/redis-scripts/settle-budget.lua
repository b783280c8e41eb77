#!lua
-- Ends the holding of a part of a budget: it stays taken, or is given back. Once ended, ending it again changes nothing.
-- KEYS: 1 budget, 2 held
-- ARGV: 1 commit id, 2 'taken' or 'back'
local held = redis.call('HGET', KEYS[2], ARGV[1])
if not held then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
if ARGV[2] == 'back' then
  local taken = tonumber(redis.call('GET', KEYS[1]) or 0) - tonumber(string.match(held, '^(%S+)'))
  redis.call('SET', KEYS[1], string.format('%.17g', taken), 'KEEPTTL')
end
return 1
