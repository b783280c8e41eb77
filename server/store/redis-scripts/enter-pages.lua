#!lua
-- A shopper has a page open on a node: commits tell of it from now on.
-- KEYS: 1 pages
-- ARGV: 1 node, 2 keep for (milliseconds)
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
