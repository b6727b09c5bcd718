import { valuesOf } from '../test/exposition.ts'
import { clip } from '../test/fixtures/clips.ts'
import { startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../test/fixtures/servers/node-media-server.ts'
import type { RtmpServer } from '../test/fixtures/servers/server.ts'
import { until } from '../test/fixtures/wait.ts'
import { type MonitorStart, type MonitorUnderTest, startMonitor } from './monitor.ts'
import type { Section } from './section.ts'
import { percentile } from './statistics.ts'

const CLIP = { gop: 2 }
/** Seconds; a try that takes longer fails the run. */
const LONGEST = 30
/** Seconds: docs/performance.md, "Goals". */
const GOAL = 3

interface Latencies {
  up: number[]
  down: number[]
}

/** How long it takes until a publisher that starts or is killed shows as up or down on `/metrics`. */
export async function latency(start: MonitorStart, tries: number): Promise<Section> {
  // Encoded before the first try and not in it.
  await clip(CLIP)
  const servers = [await startNginxRtmp(), await startNodeMediaServer()]
  const streams = servers.map((server) => ({ name: server.name, url: server.url(`live/${server.name}`) }))
  const monitor = await startMonitor(start, streams)
  try {
    const results = await Promise.all(servers.map((server) => tryOut(server, monitor, tries)))
    const named = servers.map(({ name }, index) => ({ name, ...(results[index] ?? { up: [], down: [] }) }))
    return {
      title: 'Latency of up and down',
      how:
        `${tries} tries each, GOP 2 s, 2 to 6 s apart: node-media-server has a GOP cache, nginx-rtmp holds the session. ` +
        "/metrics is asked every 20 ms. Up counts from the start of the publisher's process, down from its SIGKILL.",
      header: ['server', 'event', 'median', 'p95', 'longest'],
      rows: named.flatMap(({ name, up, down }) => [row(name, 'up', up), row(name, 'down', down)]),
      goals: named.flatMap(({ name, up, down }) => [goal(name, 'up', up), goal(name, 'down', down)]),
    }
  } finally {
    await monitor.stop()
    for (const server of servers) await server.stop()
  }
}

async function tryOut(server: RtmpServer, monitor: MonitorUnderTest, tries: number): Promise<Latencies> {
  const result: Latencies = { up: [], down: [] }
  const isUp = async (value: number) =>
    valuesOf(await monitor.samples(), 'hmonitor_stream_up', { target: server.name })[0] === value
  for (let number = 0; number < tries; number++) {
    const starting = performance.now()
    const publisher = await startPublisher(server.url(`live/${server.name}`), CLIP)
    try {
      await until(() => isUp(1), LONGEST, `${server.name}: up`)
      result.up.push((performance.now() - starting) / 1000)
      await pause(4, 7)
      const killing = performance.now()
      await publisher.kill()
      await until(() => isUp(0), LONGEST, `${server.name}: down`)
      result.down.push((performance.now() - killing) / 1000)
    } finally {
      await publisher.kill()
    }
    await pause(2, 6)
  }
  return result
}

/** Of a random length, so that tries fall on every phase of the GOP and the interval. */
function pause(least: number, most: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, (least + Math.random() * (most - least)) * 1000))
}

function row(name: string, event: string, values: readonly number[]): string[] {
  return [name, event, ...[0.5, 0.95, 1].map((share) => `${percentile(values, share).toFixed(2)} s`)]
}

function goal(name: string, event: string, values: readonly number[]) {
  const p95 = percentile(values, 0.95)
  return { what: `${name}: 95 % ${event} within ${GOAL} s`, measured: `${p95.toFixed(2)} s`, reached: p95 <= GOAL }
}
