/**
 * A monitor without Node-RED, in a process of its own: a watch per stream, the judge, the registry and `/metrics`.
 * Arguments: ffprobe, then `name=url` for each stream. Tells its parent the port, and ends on SIGTERM.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createStreamJudge } from '../src/health/judge.ts'
import { MetricsRegistry } from '../src/metrics/registry.ts'
import { STREAM_HANDOVER } from '../src/monitor/handover.ts'
import { Watch } from '../src/monitor/watch.ts'
import { systemClock } from '../src/observation/clock.ts'
import { findFfprobe } from '../src/stream/ffprobe-binary.ts'
import { Limiter } from '../src/stream/limiter.ts'
import { StreamProbe, type StreamProbeContext } from '../src/stream/stream-probe.ts'
import { parseTarget } from '../src/targets/parse-target.ts'

const [file = 'ffprobe', ...streams] = process.argv.slice(2)
const ffprobe = await findFfprobe(file)
const context: StreamProbeContext = {
  clock: systemClock,
  ffprobe: () => Promise.resolve(ffprobe),
  expand: (template) => template,
  onSecretChanged: () => () => {},
  redact: (text) => text,
  inspections: new Limiter(2),
}
const registry = new MetricsRegistry({ countTargets: () => streams.length })

const watches = streams.map((stream) => {
  const [name = '', url = ''] = stream.split(/=(.*)/s)
  const watch = new Watch({
    kind: 'stream',
    target: name,
    labels: {},
    interval: 1,
    rule: 'always',
    probe: new StreamProbe(parseTarget('stream', { name, url }), context),
    judge: createStreamJudge({ target: name, media: 'both' }),
    handover: STREAM_HANDOVER,
    clock: systemClock,
    settings: stream,
    redact: (text) => text,
  })
  watch.attach({ observed: (observation) => void registry.record(observation, null), happened: () => {} })
  watch.start()
  return watch
})

const server = http.createServer(async (request, response) => {
  const { contentType, body } = await registry.exposition(request.headers.accept)
  response.setHeader('content-type', contentType)
  response.end(body)
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

process.on('SIGTERM', async () => {
  await Promise.all(watches.map((watch) => watch.stop()))
  process.exit(0)
})
