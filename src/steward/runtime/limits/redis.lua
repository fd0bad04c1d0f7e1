-- All or none of several sliding windows. KEYS: one list of instants each, the newest last.
-- ARGV: the instant in microseconds, or '' for the server's own; then for each key
--       count, window, burst, window of the burst, the windows in microseconds.
-- Returns the number of the key that is refused for longest, from 1, and for how long; 0 and 0 if allowed.
-- Numbers are written by %.0f: Lua's own way rounds to 14 digits.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local longest, by = 0, 0
for number, key in ipairs(KEYS) do
  local at = 4 * number - 2
  for part = 0, 2, 2 do
    local decides = redis.call('LINDEX', key, -tonumber(ARGV[at + part]))
    if decides then
      local wait = tonumber(decides) + tonumber(ARGV[at + part + 1]) - now
      if wait > longest then longest, by = wait, number end
    end
  end
end
if by == 0 then
  for number, key in ipairs(KEYS) do
    local at = 4 * number - 2
    redis.call('RPUSH', key, string.format('%.0f', now))
    redis.call('LTRIM', key, -tonumber(ARGV[at]), -1)
    redis.call('PEXPIRE', key, math.ceil(tonumber(ARGV[at + 1]) / 1000))
  end
end
return {by, string.format('%.0f', longest)}
