import type { Checks } from '../src/observation/stream.ts'
import { LOOKS } from '../src/stream/content/looks.ts'
import type { OwnedProcess } from '../test/fixtures/process.ts'
import { startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { memoryOf, type Slice, slice } from './cost.ts'
import { CLIP, requireUndisturbed, SETTLE } from './cpu.ts'
import { type MonitorStart, startMonitor } from './monitor.ts'
import { type Reading, startBareReaders } from './readers.ts'
import type { Section } from './section.ts'
import { median } from './statistics.ts'

const SLICES = 4
/** DESIGN.md, section 11, for what is decoded and filtered. */
const GOAL = 1.25

interface Depth {
  checks: Checks
  streams: number
  beside: Reading
  /** Seconds after all streams are up. */
  settle: number
  /** Seconds of one slice in the place of what was asked for. */
  seconds?: number
}

/**
 * Enough streams that Node-RED itself does not outweigh them, and few enough that two cores hold both sides. Of `auto`
 * one slice is measured that holds the first look of each stream, eight at a time.
 */
const DEPTHS: readonly Depth[] = [
  { checks: 'content', streams: 30, beside: 'content', settle: SETTLE },
  { checks: 'full', streams: 4, beside: 'full', settle: SETTLE },
  { checks: 'auto', streams: 30, beside: 'copy', settle: 0, seconds: 130 },
]

/** One side per stream: cores, and bytes. */
interface Measured {
  depth: Depth
  ours: number
  /** Of ours, what ffmpeg costs; null for auto, where it comes and goes. */
  ffmpeg: number | null
  bare: number
  ratio: number
  memory: number
}

export interface ContentOptions {
  ffmpeg: string
  /** Of each slice. */
  seconds: number
}

/** What each depth of checks costs beside an ffmpeg that does the same decoding and filtering, and nothing else. */
export async function content(start: MonitorStart, options: ContentOptions): Promise<Section> {
  const server = await startNginxRtmp()
  const publisher = await startPublisher(server.url('live/bench'), CLIP)
  const measured: Measured[] = []
  try {
    for (const depth of DEPTHS) {
      const found = await compare(start, server.url('live/bench'), depth, options)
      measured.push(depth.checks === 'auto' ? withLooks(found, measured) : found)
      console.error(`  ${measured.slice(-1).map(rowOf).join()}`)
    }
  } finally {
    await publisher.kill()
    await server.stop()
  }
  return {
    title: 'Content checks',
    how:
      'One 720p30 stream of 4 Mb/s on nginx-rtmp, read by N sessions of the monitor and, at the same time, by N ' +
      'ffmpegs that decode and filter the same and tell nobody. CPU in % of one core, everything of the monitor ' +
      `counted; medians of ${SLICES} slices. Of auto one slice in which each stream is looked at once for ` +
      `${LOOKS.atLeast} s; beside it stand bare readers, and for the time of a look what content costs.`,
    header: ['checks', 'streams', 'CPU ours', 'of it ffmpeg', 'CPU ffmpeg alone', 'ratio', 'memory ours'],
    rows: measured.map(rowOf),
    goals: measured.map(({ depth: { checks, streams }, ratio }) => ({
      what: `CPU of \`${checks}\` at most ${GOAL} times ffmpeg's alone at ${streams} streams`,
      measured: ratio.toFixed(2),
      reached: ratio <= GOAL,
    })),
  }
}

function rowOf({ depth, ours, ffmpeg, bare, ratio, memory }: Measured): string[] {
  return [
    depth.checks,
    String(depth.streams),
    `${(ours * 100).toFixed(2)} %`,
    ffmpeg === null ? '' : `${(ffmpeg * 100).toFixed(2)} %`,
    `${(bare * 100).toFixed(2)} %`,
    ratio.toFixed(2),
    `${(memory / 1e6).toFixed(0)} MB`,
  ]
}

/** For the time of the looks, ffmpeg alone would decode and filter too. */
function withLooks(auto: Measured, measured: readonly Measured[]): Measured {
  const decoding = measured.find(({ depth }) => depth.checks === 'content')?.bare ?? auto.bare
  const share = LOOKS.atLeast / (auto.depth.seconds ?? LOOKS.every)
  const bare = auto.bare + share * Math.max(0, decoding - auto.bare)
  return { ...auto, bare, ratio: auto.ours / bare }
}

async function compare(
  start: MonitorStart,
  url: string,
  depth: Depth,
  { ffmpeg, seconds }: ContentOptions,
): Promise<Measured> {
  const { checks, streams, beside, settle } = depth
  const readers: OwnedProcess[] = []
  const targets = Array.from({ length: streams }, (_, index) => ({ name: `stream-${index}`, url, checks }))
  const monitor = await startMonitor(start, targets)
  try {
    await monitor.untilSteady(streams)
    await startBareReaders(ffmpeg, url, streams, readers, beside)
    const own = checks === 'auto' ? [] : monitor.ffmpegs()
    const trees = [[monitor.pid], readers.map(({ pid }) => pid), own]
    const scraping = setInterval(() => void monitor.scraper.scrape().catch(() => {}), 1000)
    const slices: Slice[] = []
    try {
      await new Promise((resolve) => setTimeout(resolve, settle * 1000))
      const [count, length] = depth.seconds === undefined ? [SLICES, seconds] : [1, depth.seconds]
      while (slices.length < count) slices.push(await slice(trees, length))
    } finally {
      clearInterval(scraping)
    }
    await requireUndisturbed(monitor, streams)
    const ratios = slices.map(({ trees: [ours, bare] }) => (ours ?? Number.NaN) / (bare ?? Number.NaN))
    const of = (index: number) => median(slices.map((one) => one.trees[index] ?? Number.NaN)) / streams
    return {
      ...{ depth, ours: of(0), bare: of(1), ratio: median(ratios) },
      ffmpeg: own.length > 0 ? of(2) : null,
      memory: memoryOf([monitor.pid]) / streams,
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.kill()))
    await monitor.stop()
  }
}
