import os from 'node:os'
import { valuesOf } from '../test/exposition.ts'
import type { OwnedProcess } from '../test/fixtures/process.ts'
import { startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { memoryOf, type Slice, slice } from './cost.ts'
import { type MonitorStart, type MonitorUnderTest, type StreamUnderTest, startMonitor } from './monitor.ts'
import { hasRtmpdump, startBareReaders, startRtmpdumps } from './readers.ts'
import type { Goal, Section } from './section.ts'
import { median } from './statistics.ts'

/** 720p30 at 4 Mb/s with AAC at 128 kb/s. */
export const CLIP = { size: '1280x720', videoBitrate: 4_000_000, audioBitrate: 128_000 }
/** Seconds after the last stream is up and inspected: the analysis of the bare readers and the first burst are over. */
export const SETTLE = 15
const SLICES = 6

export interface CpuOptions {
  ffmpeg: string
  /** What the monitor reads with. */
  reader: NonNullable<StreamUnderTest['reader']>
  counts: readonly number[]
  /** Of each slice. */
  seconds: number
}

/** Per stream: cores, and bytes. */
interface Cost {
  cores: number
  memory: number
}

interface Pair {
  streams: number
  ours: Cost
  bare: Cost
  /** Null where it is not installed. */
  rtmpdump: Cost | null
  /** Median of the slices' own ratios. */
  ratio: number
  lowest: number
  highest: number
  /** Cores, everything on the machine. */
  machine: number
}

/** CPU and memory per stream beside bare readers of the same stream on the same server, in the same seconds. */
export async function cpu(start: MonitorStart, options: CpuOptions): Promise<Section> {
  const { counts, seconds } = options
  const server = await startNginxRtmp()
  const publisher = await startPublisher(server.url('live/bench'), CLIP)
  const pairs: Pair[] = []
  try {
    for (const streams of counts) {
      const pair = await compare(start, server.url('live/bench'), streams, options)
      console.error(`  ${rowOf(pair).join(' | ')}`)
      pairs.push(pair)
    }
  } finally {
    await publisher.kill()
    await server.stop()
  }
  const isBeside = pairs.some(({ rtmpdump }) => rtmpdump !== null)
  return {
    title: 'CPU and memory per stream',
    how:
      `One 720p30 stream of 4 Mb/s on nginx-rtmp, read by N sessions of the monitor (reader: ${options.reader}), N bare ` +
      `readers${isBeside ? ' and N rtmpdumps' : ''} at the same time; /metrics is scraped each second. Medians of ` +
      `${SLICES} slices of ${seconds} s, each of which measures all sides; in brackets the lowest and highest ratio of ` +
      `a slice. CPU in % of one core. ${isBeside ? '' : 'rtmpdump is not installed (apt-get install rtmpdump).'}`,
    header: [
      'streams',
      'CPU ours',
      'CPU bare',
      'ratio',
      'CPU rtmpdump',
      'memory ours',
      'bare',
      'ratio',
      'whole machine',
    ],
    rows: pairs.map(rowOf),
    goals: goalsOf(pairs, options.reader),
  }
}

function rowOf({ streams, ours, bare, rtmpdump, ratio, lowest, highest, machine }: Pair): string[] {
  const percent = ({ cores }: Cost) => `${(cores * 100).toFixed(3)} %`
  const megabytes = ({ memory }: Cost) => `${(memory / 1e6).toFixed(1)} MB`
  return [
    String(streams),
    percent(ours),
    percent(bare),
    `${ratio.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)})`,
    rtmpdump === null ? '' : percent(rtmpdump),
    megabytes(ours),
    megabytes(bare),
    (ours.memory / bare.memory).toFixed(3),
    `${machine.toFixed(2)} of ${os.availableParallelism()} cores`,
  ]
}

async function compare(
  start: MonitorStart,
  url: string,
  streams: number,
  { ffmpeg, reader, seconds }: CpuOptions,
): Promise<Pair> {
  const readers: OwnedProcess[] = []
  const rtmpdumps: OwnedProcess[] = []
  const targets = Array.from({ length: streams }, (_, index) => ({ name: `stream-${index}`, url, reader }))
  const monitor = await startMonitor(start, targets)
  try {
    await monitor.untilSteady(streams)
    await startBareReaders(ffmpeg, url, streams, readers)
    if (hasRtmpdump()) await startRtmpdumps(url, streams, rtmpdumps)
    const trees = [[monitor.pid], readers.map(({ pid }) => pid), rtmpdumps.map(({ pid }) => pid)]
    const scraping = setInterval(() => void monitor.scraper.scrape().catch(() => {}), 1000)
    const slices: Slice[] = []
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLE * 1000))
      while (slices.length < SLICES) slices.push(await slice(trees, seconds))
    } finally {
      clearInterval(scraping)
    }
    await requireUndisturbed(monitor, streams)
    return pairOf(streams, slices, trees.map(memoryOf))
  } finally {
    await Promise.all([...readers, ...rtmpdumps].map((process) => process.kill()))
    await monitor.stop()
  }
}

/** Throws where a stream is not up, or a session ended since the start. */
export async function requireUndisturbed(monitor: MonitorUnderTest, streams: number): Promise<void> {
  const samples = await monitor.samples()
  const up = valuesOf(samples, 'hmonitor_stream_up').filter((value) => value === 1).length
  const ends = valuesOf(samples, 'hmonitor_stream_sessions_total').reduce((sum, value) => sum + value, 0)
  if (up !== streams || ends > 0) throw new Error(`${up} of ${streams} streams are up, and ${ends} sessions ended`)
}

/** @param memory of ours, of the bare readers and of the rtmpdumps, as the trees of each slice */
function pairOf(streams: number, slices: readonly Slice[], memory: readonly number[]): Pair {
  const of = (index: number) => slices.map(({ trees }) => trees[index] ?? Number.NaN)
  const cost = (index: number): Cost => ({
    cores: median(of(index)) / streams,
    memory: (memory[index] ?? Number.NaN) / streams,
  })
  const ratios = slices.map(({ trees: [ours, bare] }) => (ours ?? Number.NaN) / (bare ?? Number.NaN))
  return {
    ...{ streams, ours: cost(0), bare: cost(1), rtmpdump: hasRtmpdump() ? cost(2) : null },
    ...{ ratio: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
    machine: median(slices.map(({ machine }) => machine)),
  }
}

/** The most of the bare reader's CPU and memory, from that many streams on: docs/performance.md, "Goals". */
const MOST: Readonly<Record<'own' | 'ffprobe', readonly { from: number; cpu: number; memory: number }[]>> = {
  own: [
    { from: 100, cpu: 0.35, memory: 0.1 },
    { from: 10, cpu: 0.9, memory: 1.3 },
  ],
  ffprobe: [{ from: 50, cpu: 1.25, memory: 1.3 }],
}

/** Two counts are needed for the last. */
function goalsOf(pairs: readonly Pair[], reader: StreamUnderTest['reader']): Goal[] {
  const most = MOST[reader === 'ffprobe' ? 'ffprobe' : 'own']
  const goals = pairs.flatMap(({ streams, ratio, ours, bare }) => {
    const goal = most.find(({ from }) => streams >= from)
    if (goal === undefined) return []
    const memory = ours.memory / bare.memory
    const at = `${streams} streams`
    return [
      {
        what: `CPU at most ${goal.cpu} times the bare reader's at ${at}`,
        measured: ratio.toFixed(2),
        reached: ratio <= goal.cpu,
      },
      {
        what: `memory at most ${goal.memory} times the bare reader's at ${at}`,
        measured: memory.toFixed(3),
        reached: memory <= goal.memory,
      },
    ]
  })
  const [least, last] = [pairs[0], pairs.at(-1)]
  if (least === undefined || last === undefined || least === last) return goals
  const growth = last.ours.cores / least.ours.cores
  return [
    ...goals,
    {
      what: `CPU per stream no more at ${last.streams} streams than at ${least.streams}`,
      measured: `${growth.toFixed(2)} times`,
      reached: growth <= 1,
    },
  ]
}
