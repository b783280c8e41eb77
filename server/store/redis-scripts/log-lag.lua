#!lua flags=no-writes
-- How much of a stream comes after a place.
-- KEYS: 1 log
-- ARGV: 1 place, 2 most entries that are counted one by one
-- Result: { records, entries that were counted, time of the first, time of the last, time of the stream's last, entries of the whole stream };
--         empty where nothing comes after it
local entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
if #entries == 0 then return {} end
local records = 0
for _, entry in ipairs(entries) do
  local _, lines = string.gsub(entry[2][4], '\n', '')
  records = records + lines
end
local function at(id) return tonumber(string.match(id, '^%d+')) end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][1]
return { records, #entries, at(entries[1][1]), at(entries[#entries][1]), at(last), redis.call('XLEN', KEYS[1]) }
