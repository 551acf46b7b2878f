-- wrk script: one signed request after another from a file of records of one size; none is sent twice.
-- Arguments: the file, the size of a record, the records for each thread.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  size, left, spent = tonumber(args[2]), tonumber(args[3]), false
  file = assert(io.open(args[1], "rb"))
  file:seek("set", number * left * size)
end

function request()
  if left == 0 then
    spent = true
    wrk.thread:stop()
    return "GET /none-left HTTP/1.1\r\nHost: none\r\n\r\n"
  end
  left = left - 1
  return file:read(size)
end

function done(summary, latency, requests)
  local spent = false
  for _, thread in ipairs(threads) do spent = spent or thread:get("spent") end
  local errors = summary.errors
  io.write(string.format(
    '\n{"microseconds":%d,"answers":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d,"p999":%d,"longest":%d,"spent":%s}\n',
    summary.duration, summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9), latency.max, tostring(spent)))
end
