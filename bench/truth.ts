import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type Sample, valuesOf } from '../test/exposition.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import { type MonitorStart, type MonitorUnderTest, startMonitor } from './monitor.ts'
import type { Section } from './section.ts'
import { type Moment, parseFrameCrc, placeOf, type SentPacket } from './sent-packets.ts'
import { mean } from './statistics.ts'
import { publishVariable } from './variable-publisher.ts'

/** Seconds over which rates are taken. */
const WINDOW = 10

/** What one scrape says of the video. */
interface Measured extends Moment {
  bytesPerSecond: number | undefined
  framesPerSecond: number | undefined
  keyframeInterval: number | undefined
}

interface Comparison {
  name: string
  errors: number[]
  example: string
}

/**
 * What `/metrics` says of a stream of varying bitrate beside what its publisher sent, over the same DTS range. The
 * publisher writes its packets to a file as it sends them; which of them a scrape has seen, its own counters tell.
 */
export async function truth(start: MonitorStart, seconds: number): Promise<Section> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hmonitor-truth-'))
  const server = await startNginxRtmp()
  try {
    const sentFile = path.join(folder, 'sent.framecrc')
    const publisher = await publishVariable(folder, server.url('live/truth'), sentFile)
    const monitor = await startMonitor(start, [{ name: 'truth', url: server.url('live/truth') }])
    const measured: Measured[] = []
    try {
      await monitor.untilSteady(1)
      await collect(monitor, seconds + WINDOW, measured)
    } finally {
      await monitor.stop()
      await publisher.kill()
    }
    return sectionOf(measured, parseFrameCrc(await readFile(sentFile, 'utf8')))
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Asks twice a second, so that no observation is missed, and keeps each once. */
async function collect(monitor: MonitorUnderTest, seconds: number, measured: Measured[]): Promise<void> {
  for (let turn = 0; turn < seconds * 2; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const newest = measuredIn(await monitor.samples())
    if (newest.packets !== measured.at(-1)?.packets) measured.push(newest)
  }
}

function measuredIn(samples: Sample[]): Measured {
  const value = (name: string, labels = {}) => valuesOf(samples, `hmonitor_stream_${name}`, labels)[0]
  const video = { media: 'video' }
  return {
    packets: value('packets_total', video) ?? 0,
    bytes: value('received_bytes_total', video) ?? 0,
    bytesPerSecond: value('received_bytes_per_second', video),
    framesPerSecond: value('frames_per_second'),
    keyframeInterval: value('keyframe_interval_seconds'),
  }
}

function sectionOf(measured: readonly Measured[], sent: readonly SentPacket[]): Section {
  const first = placeOf(measured, sent)
  const began = sent[first]?.dts ?? Number.NaN
  const moments = measured
    .map((one) => ({ ...one, dts: sent[first + one.packets - 1]?.dts ?? Number.NaN }))
    .filter(({ dts }) => dts - began > WINDOW)
  const compare = (
    name: string,
    ofMonitor: (one: Measured) => number | undefined,
    ofSent: (dts: number) => number,
  ): Comparison => {
    const known = moments.flatMap((one) => {
      const is = ofMonitor(one)
      return is === undefined ? [] : [{ is, was: ofSent(one.dts) }]
    })
    const last = known.at(-1)
    return {
      name,
      errors: known.map(({ is, was }) => Math.abs(is / was - 1)),
      example: last === undefined ? 'never measured' : `${last.is.toFixed(3)} / ${last.was.toFixed(3)}`,
    }
  }
  // A packet stands for the time from its DTS to the next, so the range ends before the newest.
  const within = (dts: number) => sent.filter((one) => one.dts > dts - WINDOW - 0.0015 && one.dts < dts - 1e-6)
  const comparisons = [
    compare(
      'video bytes per second',
      (one) => one.bytesPerSecond,
      (dts) => within(dts).reduce((sum, { size }) => sum + size, 0) / WINDOW,
    ),
    compare(
      'frames per second',
      (one) => one.framesPerSecond,
      (dts) => within(dts).length / WINDOW,
    ),
    compare(
      'key frame interval, seconds',
      (one) => one.keyframeInterval,
      (dts) => keyframeInterval(sent, dts),
    ),
  ]
  const longest = (errors: readonly number[]) => `${(Math.max(...errors) * 100).toFixed(3)} %`
  return {
    title: 'Measured beside the truth',
    how:
      `H.264 with B-frames, scene changes and a bitrate that varies; /metrics beside the publisher's own packets over ` +
      `the same DTS range at ${moments.length} moments. Packets and bytes in total agree exactly.`,
    header: ['what', 'last: measured / sent', 'mean error', 'largest error'],
    rows: comparisons.map(({ name, errors, example }) => [
      name,
      example,
      `${(mean(errors) * 100).toFixed(3)} %`,
      longest(errors),
    ]),
    goals: comparisons.map(({ name, errors }) => ({
      what: `${name} within 1 %`,
      measured: longest(errors),
      reached: errors.length > 0 && Math.max(...errors) <= 0.01,
    })),
  }
}

/** The longer of the last closed interval and the media time since the last key frame. */
function keyframeInterval(sent: readonly SentPacket[], dts: number): number {
  const keys = sent.filter((one) => one.keyframe && one.dts <= dts + 1e-6).map((one) => one.dts)
  const last = keys.at(-1) ?? Number.NaN
  return Math.max(last - (keys.at(-2) ?? Number.NaN), dts - last)
}
