/**
 * Records made-up observations of many streams, spread over each second, and serves `/metrics`. Argument: how many.
 * Tells its parent the port, and on the message `delay` the delay of its event loop since the last such message.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { MetricsRegistry } from '../src/metrics/registry.ts'
import { content, issue, measurements, next, observation } from '../test/metrics/observations.ts'

const ISSUES = ['streamOffline', 'streamStalled', 'timestampJump', 'noAudioStream', 'parametersChanged', 'notMeasured']
const RESOLUTION = 5

const count = Number(process.argv[2])
const registry = new MetricsRegistry({ countTargets: () => count })
const issues = ISSUES.map((type) => issue(type))
for (let index = 0; index < count; index++) {
  let newest = observation({ target: `stream-${index}`, issues, measurements: measurements({ content: content() }) })
  const record = () => {
    newest = next(newest)
    registry.record(newest, null)
  }
  setTimeout(() => setInterval(record, 1000), (index / count) * 1000)
}

const server = http.createServer(async (request, response) => {
  const { contentType, body } = await registry.exposition(request.headers.accept)
  response.setHeader('content-type', contentType)
  response.end(body)
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
delay.enable()
process.on('message', () => {
  // What is recorded is the time between two turns of the timer, its own period included.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000)
  process.send?.({ p50: seconds(delay.percentile(50)), p99: seconds(delay.percentile(99)), max: seconds(delay.max) })
  delay.reset()
})
