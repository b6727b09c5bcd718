/**
 * Runs in a namespace of its own: `serve TOKEN` is the endpoint of another monitor on port 8080, `test URL DIRECTION
 * SECONDS` tests a connection once and writes the reading.
 */
import http from 'node:http'
import { bandwidthProbe } from '../../src/network/bandwidth/bandwidth-probe.ts'
import { bandwidthEndpoint } from '../../src/network/bandwidth/endpoint.ts'
import { systemClock } from '../../src/observation/clock.ts'
import { Limiter } from '../../src/observation/limiter.ts'

const [what, ...args] = process.argv.slice(2)

if (what === 'serve') {
  const [token = ''] = args
  http.createServer(bandwidthEndpoint({ token: async () => token })).listen(8080, '::', () => console.log('ready'))
} else {
  const [url = '', direction, seconds] = args
  const probe = bandwidthProbe(
    {
      ...{ name: 'uplink', url, direction: direction === 'down' ? 'down' : 'up', interval: 600 },
      ...{ seconds: Number(seconds), megabytes: 1000, whileLive: false, verifyTls: true, required: null },
    },
    {
      ...{ clock: systemClock, turns: new Limiter(1), streams: () => [] },
      ...{ expand: (template) => template, redact: (text) => text },
    },
  )
  probe.start({ changed: () => {}, happened: () => {} })
  await probe.refresh()
  console.log(JSON.stringify(probe.read()))
  await probe.stop()
}
