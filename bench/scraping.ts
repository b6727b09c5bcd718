import { parseExposition } from '../test/exposition.ts'
import { freePort } from '../test/fixtures/ports.ts'
import { startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { flowOf50Series, flowOfMadeStreams } from './flow-of-50-series.ts'
import { type LoopDelay, type MonitorStart, type MonitorUnderTest, startMonitor } from './monitor.ts'
import { type Scrape, Scraper } from './scrape.ts'
import type { Section } from './section.ts'
import { percentile } from './statistics.ts'

/** Seconds: docs/performance.md, "Goals". */
const GOAL = 0.1
/** Seconds after the last stream is up. */
const SETTLE = 10
/** Milliseconds between requests for `/health`. */
const OTHER = 100

interface Found {
  scrapes: Scrape[]
  /** Of the other requests, seconds. */
  others: number[]
  delay: LoopDelay
  /** While nobody scrapes. */
  quiet: LoopDelay
}

/**
 * `/metrics` with many streams, scraped once a second, and what else waits meanwhile. The observations are made: 250 real
 * ffprobes want more than a machine of two cores has, and would be all that is measured.
 */
export async function scraping(start: MonitorStart, streams: number, seconds: number): Promise<Section> {
  // Nothing listens there: a stream of each name is watched, and costs no process.
  const url = `rtmp://127.0.0.1:${await freePort()}/live/bench`
  const targets = Array.from({ length: streams }, (_, index) => ({ name: `stream-${index}`, url }))
  const monitor = await startMonitor(start, targets, flowOfMadeStreams())
  try {
    await monitor.untilSteady(streams)
    await settle()
    const found = await measure(monitor, seconds)
    const how =
      'made of one that was recorded and put in the place of what the probes say, one a second and stream, through ' +
      'the function node, `record` and the shipped API flow'
    return sectionOf(`${streams} streams, their observations ${how}`, found, '`/metrics` under a 1 s scrape')
  } finally {
    await monitor.stop()
  }
}

/** The same with real streams and one ffprobe for each. */
export async function scrapingLive(start: MonitorStart, streams: number, seconds: number): Promise<Section> {
  const server = await startNginxRtmp()
  const publisher = await startPublisher(server.url('live/bench'))
  try {
    const url = server.url('live/bench')
    const targets = Array.from({ length: streams }, (_, index) => ({ name: `stream-${index}`, url }))
    const monitor = await startMonitor(start, targets, flowOf50Series())
    try {
      await monitor.untilSteady(streams)
      await settle()
      const found = await measure(monitor, seconds)
      return sectionOf(`${streams} real streams (320x180, 0.5 Mb/s)`, found, '`/metrics` with real streams')
    } finally {
      await monitor.stop()
    }
  } finally {
    await publisher.kill()
    await server.stop()
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE * 1000))

async function measure(monitor: MonitorUnderTest, seconds: number): Promise<Found> {
  await monitor.loopDelay()
  await new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / 2))
  const quiet = await monitor.loopDelay()
  const other = new Scraper(monitor.url('/health'))
  const others: number[] = []
  const asking = setInterval(() => {
    const keep = (answer: Scrape) => void others.push(answer.seconds)
    // One that is not answered took the 5 s that it was given.
    other.scrape().then(keep, () => others.push(5))
  }, OTHER)
  try {
    const scrapes: Scrape[] = []
    await monitor.loopDelay()
    for (let second = 0; second < seconds; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      scrapes.push(await monitor.scraper.scrape())
    }
    return { scrapes, others, delay: await monitor.loopDelay(), quiet }
  } finally {
    clearInterval(asking)
    other.close()
  }
}

function sectionOf(what: string, { scrapes, others, delay, quiet }: Found, title: string): Section {
  const last = scrapes.at(-1)
  const series = parseExposition(last?.body ?? '').filter(({ labels }) => labels.target !== undefined).length
  const times = scrapes.map(({ seconds }) => seconds)
  const p99 = percentile(times, 0.99)
  const ms = (value: number) => `${(value * 1000).toFixed(1)} ms`
  const spread = (values: readonly number[]) => [0.5, 0.99, 1].map((share) => ms(percentile(values, share)))
  return {
    title,
    how:
      `${what}; ${series} series of targets, ${scrapes.length} scrapes of ` +
      `${((last?.bytes ?? 0) / 1e6).toFixed(2)} MB (gzip). A function node before \`record\` adds the measurements of ` +
      'content checks and issues, for 50 series per stream.',
    header: ['what', 'p50', 'p99', 'longest'],
    rows: [
      ['scrape', ...spread(times)],
      ['/health meanwhile, ten times a second', ...spread(others)],
      ["delay of Node-RED's event loop meanwhile", ms(delay.p50), ms(delay.p99), ms(delay.max)],
      ['the same while nobody scrapes', ms(quiet.p50), ms(quiet.p99), ms(quiet.max)],
    ],
    goals: [
      { what: 'p99 of the scrape at most 100 ms', measured: ms(p99), reached: p99 <= GOAL },
      { what: 'nothing else delayed by more than 100 ms', measured: ms(delay.max), reached: delay.max <= GOAL },
    ],
  }
}
