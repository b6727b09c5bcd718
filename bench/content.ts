import { LOOKS } from '../src/ffmpeg/looks.ts'
import type { Checks } from '../src/observation/stream.ts'
import type { OwnedProcess } from '../test/fixtures/process.ts'
import { type Publisher, startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { memoryOf, type Slice, slice } from './cost.ts'
import { CLIP, requireUndisturbed, SETTLE } from './cpu.ts'
import { type MonitorStart, startMonitor } from './monitor.ts'
import { type Reading, startBareReaders } from './readers.ts'
import type { Section } from './section.ts'
import { median } from './statistics.ts'

const SLICES = 8
/** Seconds until V8 has compiled what runs all the time; that is of the start. */
const WARM = 90
/** The part of the streams whose content must have been looked at for a measurement to count. */
const LOOKED_AT = 0.9
/** Of what is decoded and filtered: docs/performance.md, "Goals". */
const GOAL = 1.15

/** What encoders of events send, and what the other parts of the benchmark have. */
const CLIPS = {
  '1080p30': { ...CLIP, size: '1920x1080', videoBitrate: 6_000_000 },
  '720p30': CLIP,
}

interface Depth {
  checks: Checks
  streams: number
  beside: Reading
  picture: keyof typeof CLIPS
  /** Seconds after all streams are up. */
  settle: number
  /** Seconds of a single slice in the place of what was asked for. */
  seconds?: number
}

/**
 * As many streams as two cores hold with both sides. Of `auto` one slice is measured in which each stream is looked at
 * once.
 */
const DEPTHS: readonly Depth[] = [
  { checks: 'content', streams: 30, beside: 'content', picture: '1080p30', settle: WARM },
  { checks: 'content', streams: 30, beside: 'content', picture: '720p30', settle: WARM },
  { checks: 'full', streams: 6, beside: 'full', picture: '720p30', settle: SETTLE },
  { checks: 'auto', streams: 100, beside: 'auto', picture: '720p30', settle: SETTLE, seconds: LOOKS.every },
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
  /** Only these depths. */
  checks: readonly string[]
}

/** What each depth of checks costs beside an ffmpeg that reads, decodes and filters the same, and tells nobody. */
export async function content(start: MonitorStart, options: ContentOptions): Promise<Section> {
  const server = await startNginxRtmp()
  const publishers: Publisher[] = []
  const measured: Measured[] = []
  try {
    for (const [picture, clip] of Object.entries(CLIPS))
      publishers.push(await startPublisher(server.url(`live/${picture}`), clip))
    for (const depth of DEPTHS.filter(({ checks }) => options.checks.includes(checks))) {
      const found = await compare(start, server.url(`live/${depth.picture}`), depth, options)
      measured.push(found)
      console.error(`  ${rowOf(found).join()}`)
    }
  } finally {
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await server.stop()
  }
  return {
    title: 'Content checks',
    how:
      'One stream of 4 Mb/s (720p30) or 6 Mb/s (1080p30) with AAC on nginx-rtmp, read by N sessions of the monitor ' +
      'and, at the same time, by N ffmpegs that copy the packets and decode and filter the same, and tell nobody. ' +
      'CPU in % of one core, everything of the monitor ' +
      `counted; medians of ${SLICES} slices. Of auto one slice of ${LOOKS.every} s, in which each stream is looked at ` +
      `once, for ${LOOKS.atLeast} s; beside it stand bare readers that change over to decoding and back as often.`,
    header: ['checks', 'picture', 'streams', 'CPU ours', 'of it ffmpeg', 'CPU ffmpeg alone', 'ratio', 'memory ours'],
    rows: measured.map(rowOf),
    goals: measured.map(({ depth: { checks, picture, streams }, ratio }) => ({
      what: `CPU of \`${checks}\` at ${picture} at most ${GOAL} times ffmpeg's alone at ${streams} streams`,
      measured: ratio.toFixed(2),
      reached: ratio <= GOAL,
    })),
  }
}

function rowOf({ depth, ours, ffmpeg, bare, ratio, memory }: Measured): string[] {
  return [
    depth.checks,
    depth.picture,
    String(depth.streams),
    `${(ours * 100).toFixed(2)} %`,
    ffmpeg === null ? '' : `${(ffmpeg * 100).toFixed(2)} %`,
    `${(bare * 100).toFixed(2)} %`,
    ratio.toFixed(2),
    `${(memory / 1e6).toFixed(0)} MB`,
  ]
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
    const seen = new Set<number>()
    const scraping = setInterval(() => {
      void monitor.scraper.scrape().catch(() => {})
      for (const pid of monitor.ffmpegs()) seen.add(pid)
    }, 1000)
    const slices: Slice[] = []
    try {
      await new Promise((resolve) => setTimeout(resolve, settle * 1000))
      const [count, length] = depth.seconds === undefined ? [SLICES, seconds] : [1, depth.seconds]
      while (slices.length < count) slices.push(await slice(trees, length))
    } finally {
      clearInterval(scraping)
    }
    await requireUndisturbed(monitor, streams)
    if (seen.size < LOOKED_AT * streams) throw new Error(`Only ${seen.size} of ${streams} streams were looked at`)
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
