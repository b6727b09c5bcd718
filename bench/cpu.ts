import os from 'node:os'
import { valuesOf } from '../test/exposition.ts'
import type { OwnedProcess } from '../test/fixtures/process.ts'
import { startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { memoryOf, type Slice, slice } from './cost.ts'
import { type MonitorStart, type MonitorUnderTest, startMonitor } from './monitor.ts'
import { startBareReaders } from './readers.ts'
import type { Goal, Section } from './section.ts'
import { median } from './statistics.ts'

/** 720p30 at 4 Mb/s with AAC at 128 kb/s. */
export const CLIP = { size: '1280x720', videoBitrate: 4_000_000, audioBitrate: 128_000 }
/** Seconds after the last stream is up and inspected: the analysis of the bare readers and the first burst are over. */
export const SETTLE = 15
const SLICES = 6

export interface CpuOptions {
  ffmpeg: string
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
  /** Of ours, what the ffprobes cost; the rest is Node.js. */
  ffprobe: Cost
  bare: Cost
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
  return {
    title: 'CPU and memory per stream',
    how:
      `One 720p30 stream of 4 Mb/s on nginx-rtmp, read by N sessions of the monitor and N bare readers at the same ` +
      `time; /metrics is scraped each second. Medians of ${SLICES} slices of ${seconds} s, each of which measures both ` +
      `sides; in brackets the lowest and highest ratio of a slice. CPU in % of one core.`,
    header: [
      'streams',
      'CPU ours',
      'of it ffprobe',
      'CPU bare',
      'ratio',
      'memory ours',
      'memory bare',
      'ratio',
      'whole machine',
    ],
    rows: pairs.map(rowOf),
    goals: goalsOf(pairs),
  }
}

function rowOf({ streams, ours, ffprobe, bare, ratio, lowest, highest, machine }: Pair): string[] {
  return [
    String(streams),
    `${(ours.cores * 100).toFixed(3)} %`,
    `${(ffprobe.cores * 100).toFixed(3)} %`,
    `${(bare.cores * 100).toFixed(3)} %`,
    `${ratio.toFixed(2)} (${lowest.toFixed(2)} to ${highest.toFixed(2)})`,
    `${(ours.memory / 1e6).toFixed(1)} MB`,
    `${(bare.memory / 1e6).toFixed(1)} MB`,
    (ours.memory / bare.memory).toFixed(2),
    `${machine.toFixed(2)} of ${os.availableParallelism()} cores`,
  ]
}

async function compare(
  start: MonitorStart,
  url: string,
  streams: number,
  { ffmpeg, seconds }: CpuOptions,
): Promise<Pair> {
  const readers: OwnedProcess[] = []
  const targets = Array.from({ length: streams }, (_, index) => ({ name: `stream-${index}`, url }))
  const monitor = await startMonitor(start, targets)
  try {
    await monitor.untilSteady(streams)
    await startBareReaders(ffmpeg, url, streams, readers)
    const trees = [[monitor.pid], monitor.ffprobes(), readers.map(({ pid }) => pid)]
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
    await Promise.all(readers.map((reader) => reader.kill()))
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

/** @param memory of ours, of the ffprobes among it, and of the bare readers, as the trees of each slice */
function pairOf(streams: number, slices: readonly Slice[], memory: readonly number[]): Pair {
  const of = (index: number) => slices.map(({ trees }) => trees[index] ?? Number.NaN)
  const cost = (index: number): Cost => ({
    cores: median(of(index)) / streams,
    memory: (memory[index] ?? Number.NaN) / streams,
  })
  const ratios = slices.map(({ trees: [ours, , bare] }) => (ours ?? Number.NaN) / (bare ?? Number.NaN))
  return {
    ...{ streams, ours: cost(0), ffprobe: cost(1), bare: cost(2) },
    ...{ ratio: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) },
    machine: median(slices.map(({ machine }) => machine)),
  }
}

/** DESIGN.md, section 11. Only the largest count can show the first; two are needed for the last. */
function goalsOf(pairs: readonly Pair[]): Goal[] {
  const [least, most] = [pairs[0], pairs.at(-1)]
  if (least === undefined || most === undefined) return []
  const memory = Math.max(...pairs.map(({ ours, bare }) => ours.memory / bare.memory))
  const goals = [
    {
      what: `CPU at most 1.25 times the bare reader's at ${most.streams} streams`,
      measured: most.ratio.toFixed(2),
      reached: most.ratio <= 1.25,
    },
    { what: "memory at most 1.3 times the bare reader's", measured: memory.toFixed(2), reached: memory <= 1.3 },
  ]
  if (least === most) return goals
  const growth = most.ours.cores / least.ours.cores
  return [
    ...goals,
    {
      what: `CPU per stream no more at ${most.streams} streams than at ${least.streams}`,
      measured: `${growth.toFixed(2)} times`,
      reached: growth <= 1,
    },
  ]
}
