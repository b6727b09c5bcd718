/**
 * Records what is measured of healthy streams, for the false alarms of baselines: `node scripts/record-healthy.ts MINUTES`.
 * Real publishers, a real server, the monitor as `npm start` runs it; what its history has of each ten seconds is written
 * to `test/baselines/recorded`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { publishVariable } from '../bench/variable-publisher.ts'
import { FLOORS } from '../src/baselines/floors.ts'
import type { HistoryDocument } from '../src/monitor/history-document.ts'
import { MonitorProcess, makeFolder } from '../test/app/monitor-process.ts'
import { RECORDED, type Recorded } from '../test/baselines/recorded.ts'
import { type PublisherOptions, startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'

/** Minutes; what a broadcast begins with is no part of it. */
const [, , minutes = '30'] = process.argv
const SETTLED = 30_000

/** As encoders are set: null is the one of varying bitrate. */
const STREAMS: Readonly<Record<string, PublisherOptions | null>> = {
  usual: {},
  'key-frames-4-s': { gop: 4 },
  'fps-25': { frameRate: 25 },
  'fps-60': { frameRate: 60, videoBitrate: 800_000 },
  'hd-3-mbit': { size: '1280x720', videoBitrate: 3_000_000, audioBitrate: 128_000 },
  'without-audio': { audio: false },
  'audio-alone': { video: false },
  varying: null,
}

const folder = makeFolder()
const clips = mkdtempSync(join(tmpdir(), 'hmonitor-healthy-'))
const server = await startNginxRtmp()
const publishers = await Promise.all(
  Object.entries(STREAMS).map(([name, options]) => {
    const url = server.url(`live/${name}`)
    return options === null ? publishVariable(clips, url, join(clips, 'sent')) : startPublisher(url, options)
  }),
)
const streams = Object.entries(STREAMS).map(([name, options]) => ({
  ...{ name, url: server.url(`live/${name}`), expected: 'always' },
  ...(options?.audio === false && { media: 'video' }),
  ...(options?.video === false && { media: 'audio' }),
}))
mkdirSync(folder.path, { recursive: true })
writeFileSync(join(folder.path, 'targets.json'), JSON.stringify({ streams }))
const monitor = new MonitorProcess(folder.path, { DATA_DIR: folder.dataDir, ADMIN_PASSWORD: 'only for this recording' })
try {
  await monitor.up()
  await wait(SETTLED)
  const from = Date.now()
  await wait(Number(minutes) * 60_000)
  const to = Date.now()
  // What is written last is some seconds old.
  await wait(15_000)
  mkdirSync(RECORDED, { recursive: true })
  for (const name of Object.keys(STREAMS)) {
    writeFileSync(join(RECORDED, `${name}.json`), `${JSON.stringify(await recorded(name, from, to))}\n`)
  }
} finally {
  await monitor.end()
  for (const publisher of publishers) await publisher.kill()
  await server.stop()
  folder.remove()
  rmSync(clips, { recursive: true, force: true })
}

/** The means of each ten seconds. */
async function recorded(name: string, from: number, to: number): Promise<Recorded> {
  const time = (at: number) => new Date(at).toISOString()
  const query = new URLSearchParams({ target: name, kind: 'stream', from: time(from), to: time(to), step: '10' })
  const response = await fetch(`${monitor.url}/api/v1/history?${query}`)
  if (!response.ok) throw new Error(`The history of ${name} was not answered: ${response.status}`)
  const { measures } = (await response.json()) as Pick<HistoryDocument, 'measures'>
  const values = measures
    .filter((measure) => measure.name in FLOORS)
    .map((measure) => [measure.name, measure.points.map(([, mean]) => Number(mean.toPrecision(5)))])
  const machine = { cores: cpus().length, load: Math.round(loadavg()[0] ?? 0), date: time(to).slice(0, 10) }
  return { name, machine, values: Object.fromEntries(values) }
}
