#!lua flags=no-writes
-- How many messages were meant for the pages of each shopper.
-- KEYS: shoppers
-- Result: for each the seq, 0 where there is none
local seqs = {}
for i = 1, #KEYS do seqs[i] = tonumber(redis.call('HGET', KEYS[i], 'q') or 0) end
return seqs
