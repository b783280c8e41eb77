#!lua
-- with clock.lua
-- Commits of several shoppers of one partition, each of which happens as a whole or not at all.
-- KEYS: 1 due, 2 log, 3 keys of the log; then for each commit: shopper, counted, pages, index, [for a new shopper the mark of one
--       who was erased,] [the mark of what it takes from budgets,]
--       [the set of their coupons' keys,] its coupons
-- ARGV: 1 clock, 2 how far a decision's time may be ahead, 3 and how far behind, 4 keep a shopper for, 5 keep counted ids for
--       (all milliseconds), 6 most counted ids; then for each commit: member, shopper id, version, id of the commit that made it
--       (empty: there was none), commit id, decided at, wake at (empty: never), seq, document, whether that is a
--       whole one ('1') or a change of the version before (''), records (sealed; empty: none), id of the key that they are sealed
--       with, the key (empty: it is kept already), whether it takes from budgets ('1' or ''), number of coupons, number of ids, ids...
-- A shopper has v version, c id of the commit that made it, t decided at, q seq, d the last document that was written whole,
--       b the version that this was, l the key of their log, and for each version since, under its number, what changed.
-- Result: the time, then for each commit 'erased' for a shopper who was, and false where it is refused else: the version has moved on, an id was counted before, the decision's time is not the
--         store's, or what it takes was given back meanwhile; otherwise the nodes on which the shopper has a page open.
--         A commit that is sent again, since its answer was lost, is answered as it was the first time.
local now = time()
local mostAhead, mostBehind = tonumber(ARGV[2]), tonumber(ARGV[3])
local keepMs, keepCountedMs, mostCounted = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local results = { now }
local key, arg = 4, 7

while arg <= #ARGV do
  local member, shopper, version, before, commit, at, wakeAt, seq, document, isWhole, records, keyId, logKey = unpack(ARGV, arg, arg + 12)
  local takes, coupons, ids = ARGV[arg + 13] == '1', tonumber(ARGV[arg + 14]), tonumber(ARGV[arg + 15])
  local firstId = arg + 16
  arg = firstId + ids
  local row, counted, pages, index = unpack(KEYS, key, key + 3)
  key = key + 4
  local isErased = false
  if version == '0' then isErased = redis.call('EXISTS', KEYS[key]) == 1; key = key + 1 end
  local mark
  if takes then mark = KEYS[key]; key = key + 1 end
  local ownCoupons
  if coupons > 0 then ownCoupons = KEYS[key]; key = key + 1 end
  local firstCoupon = key
  key = key + coupons

  local stored = redis.call('HMGET', row, 'v', 'c', 't')
  local state = takes and redis.call('GET', mark)
  -- Others may have committed since: what was taken from budgets tells that this one was made.
  local isAgain = stored[2] == commit or state == 'done'
  local isRefused = false
  if not isAgain then
    -- After a failover another commit may have made the same version.
    isRefused = tonumber(stored[1] or 0) ~= tonumber(version) or (stored[2] or '') ~= before or state == 'void'
      or tonumber(at) < tonumber(stored[3] or 0)
      or now - at > mostBehind
      -- Where the clock was set back, time stands still at the last decision's.
      or stored[3] ~= at and at - now > mostAhead
    if not isRefused and ids > 0 then
      for _, score in ipairs(redis.call('ZMSCORE', counted, unpack(ARGV, firstId, firstId + ids - 1))) do
        if score then isRefused = true end
      end
    end
  end

  if isErased then
    results[#results + 1] = 'erased'
  elseif isRefused then
    results[#results + 1] = false
  else
    if not isAgain then
      if isWhole == '1' then
        for made = tonumber(redis.call('HGET', row, 'b') or version) + 1, tonumber(version) do redis.call('HDEL', row, made) end
        redis.call('HSET', row, 'v', version + 1, 'c', commit, 't', at, 'q', seq, 'd', document, 'b', version + 1)
      else
        redis.call('HSET', row, 'v', version + 1, 'c', commit, 't', at, 'q', seq, version + 1, document)
      end
      redis.call('PEXPIRE', row, keepMs)
      if logKey ~= '' then
        redis.call('HSET', row, 'l', logKey)
        redis.call('HSET', KEYS[3], keyId, logKey .. ' ' .. member)
      end
      if records ~= '' then redis.call('XADD', KEYS[2], '*', 'k', keyId, 'r', records) end
      if wakeAt == '' then redis.call('ZREM', KEYS[1], member) else redis.call('ZADD', KEYS[1], wakeAt, member) end
      if version == '0' then redis.call('ZADD', index, 0, shopper) end
      if ids > 0 then
        local scored = {}
        for i = 0, ids - 1 do
          scored[#scored + 1] = at
          scored[#scored + 1] = ARGV[firstId + i]
        end
        redis.call('ZADD', counted, unpack(scored))
        redis.call('PEXPIRE', counted, keepCountedMs)
        if redis.call('ZCARD', counted) > 512 then
          redis.call('ZREMRANGEBYSCORE', counted, '-inf', at - keepCountedMs)
          redis.call('ZREMRANGEBYRANK', counted, 0, -mostCounted - 1)
        end
      end
      for i = firstCoupon, firstCoupon + coupons - 1 do
        redis.call('SET', KEYS[i], shopper, 'PX', keepMs)
        redis.call('SADD', ownCoupons, KEYS[i])
        redis.call('PEXPIRE', ownCoupons, keepMs)
      end
      if takes then redis.call('SET', mark, 'done', 'PX', keepCountedMs) end
    end
    results[#results + 1] = redis.call('SMEMBERS', pages)
  end
end
return results
