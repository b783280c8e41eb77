-- Put before every script that says so. ARGV 1 is the time in milliseconds, or empty: then it is the server's.
local function time()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
