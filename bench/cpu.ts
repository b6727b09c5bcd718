import { startPublisher } from '../test/fixtures/publishers.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { type Cost, costOf } from './cost.ts'
import type { Environment } from './environment.ts'
import { startMonitor, untilUp } from './monitor.ts'
import { startBareReaders } from './readers.ts'
import type { Goal, Section } from './section.ts'
import { mean } from './statistics.ts'

/** 720p30 at 4 Mb/s with AAC at 128 kb/s. */
const CLIP = { size: '1280x720', videoBitrate: 4_000_000, audioBitrate: 128_000 }
/** Seconds after the last stream is up: analysis, inspections and the first burst are over. */
const SETTLE = 10

interface Pair {
  streams: number
  ours: Cost
  bare: Cost
}

/** CPU and memory per stream beside bare readers of the same stream on the same server, taken in turns. */
export async function cpu(environment: Environment, counts: readonly number[], seconds: number): Promise<Section> {
  const server = await startNginxRtmp()
  const publisher = await startPublisher(server.url('live/bench'), CLIP)
  const pairs: Pair[] = []
  try {
    for (const streams of counts) pairs.push(await compare(environment, server.url('live/bench'), streams, seconds))
  } finally {
    await publisher.kill()
    await server.stop()
  }
  return {
    title: 'CPU and memory per stream',
    how:
      `One 720p30 stream of 4 Mb/s on nginx-rtmp, read by N sessions. Ours and the bare readers in the order ` +
      `A B B A, ${seconds} s each; the whole process tree counts.`,
    header: ['streams', 'CPU ours', 'CPU bare', 'ratio', 'memory ours', 'memory bare', 'ratio'],
    rows: pairs.map(({ streams, ours, bare }) => [
      String(streams),
      `${((ours.cores / streams) * 100).toFixed(3)} %`,
      `${((bare.cores / streams) * 100).toFixed(3)} %`,
      (ours.cores / bare.cores).toFixed(2),
      `${(ours.pss / streams / 1e6).toFixed(1)} MB`,
      `${(bare.pss / streams / 1e6).toFixed(1)} MB`,
      (ours.pss / bare.pss).toFixed(2),
    ]),
    goals: goalsOf(pairs),
  }
}

async function compare({ ffprobe, ffmpeg }: Environment, url: string, streams: number, seconds: number): Promise<Pair> {
  const ours = async () => {
    const targets = Array.from({ length: streams }, (_, index) => ({ name: `stream-${index}`, url }))
    const monitor = await startMonitor(ffprobe, targets)
    try {
      await untilUp(monitor, streams)
      await settle()
      const cost = await costOf([monitor.pid], seconds)
      await untilUp(monitor, streams)
      return cost
    } finally {
      await monitor.stop()
    }
  }
  const bare = async () => {
    const readers = await startBareReaders(ffmpeg, url, streams)
    try {
      await settle()
      return await costOf(
        readers.map(({ pid }) => pid),
        seconds,
      )
    } finally {
      await Promise.all(readers.map((reader) => reader.kill()))
    }
  }
  const [a, b, c, d] = [await ours(), await bare(), await bare(), await ours()]
  return { streams, ours: average(a, d), bare: average(b, c) }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLE * 1000))
}

function average(...costs: Cost[]): Cost {
  return {
    cores: mean(costs.map(({ cores }) => cores)),
    pss: mean(costs.map(({ pss }) => pss)),
    processes: Math.max(...costs.map(({ processes }) => processes)),
  }
}

/** DESIGN.md, section 11. Only the largest count can show the first; two are needed for the second. */
function goalsOf(pairs: readonly Pair[]): Goal[] {
  const [least, most] = [pairs[0], pairs.at(-1)]
  if (least === undefined || most === undefined) return []
  const ratio = most.ours.cores / most.bare.cores
  const memory = most.ours.pss / most.bare.pss
  const goals = [
    {
      what: `CPU at most 1.25 times the bare reader's at ${most.streams} streams`,
      measured: ratio.toFixed(2),
      reached: ratio <= 1.25,
    },
    { what: "memory at most 1.3 times the bare reader's", measured: memory.toFixed(2), reached: memory <= 1.3 },
  ]
  if (least === most) return goals
  const growth = most.ours.cores / most.streams / (least.ours.cores / least.streams)
  return [
    ...goals,
    {
      what: `CPU per stream no more at ${most.streams} streams than at ${least.streams}`,
      measured: `${growth.toFixed(2)} times`,
      reached: growth <= 1,
    },
  ]
}
