/** What is measured, beside what the publisher's own log says that it sent over the same range of DTS: within 1 %. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseFrameCrc, placeOf, type SentPacket } from '../../../bench/sent-packets.ts'
import type { StreamMeasurements } from '../../../src/observation/stream.ts'
import type { Healthy } from '../case.ts'
import type { Footage } from '../footage.ts'
import type { Stage } from '../stage.ts'

/** Seconds over which rates are taken. */
const WINDOW = 10
/** Seconds of footage that never come again, so that a place in the log is found by its sizes. */
const LENGTH = 64
const WATCHED = 45
/** Moments below which nothing was shown. */
const LEAST = 10

function accurate(id: string, what: string, footage: Footage, checks: 'packets' | 'content' = 'packets'): Healthy {
  const long: Footage = { ...footage, length: LENGTH }
  return {
    id: `ok-accurate-${id}`,
    kind: 'flow',
    what: `bitrate, frame rate and key frame interval are within 1 %: ${what}`,
    how: `ffmpeg writes its packets to nginx-rtmp and to a log (framecrc), \`"checks": "${checks}"\``,
    target: { checks },
    footage: [long],
    watched: WATCHED,
    async play(stage) {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'fault-sent-'))
      stage.atEnd(() => rm(folder, { recursive: true, force: true }))
      const log = path.join(folder, 'sent.framecrc')
      const outputs = `[f=flv:flvflags=no_duration_filesize]${stage.nginx()}|[f=framecrc:flush_packets=1]${log}`
      await stage.publish(outputs, { footage: long, format: 'tee' })
      await compare(stage, log)
    },
  }
}

async function compare(stage: Stage, log: string): Promise<void> {
  const watched = await stage.watchUp(stage.nginx())
  const measured: StreamMeasurements[] = []
  for (let turn = 0; turn < WATCHED * 5; turn += 1) {
    await sleep(200)
    const newest = watched.newest()?.measurements
    if (newest && newest.total.video.packets !== measured.at(-1)?.total.video.packets) measured.push(newest)
  }
  const sent = parseFrameCrc(await readFile(log, 'utf8'))
  const first = placeOf(
    measured.map(({ total }) => total.video),
    sent,
  )
  const began = sent[first]?.dts ?? Number.NaN
  const moments = measured
    .map((one) => ({ ...one, dts: sent[first + one.total.video.packets - 1]?.dts ?? Number.NaN }))
    // While the machine keeps the sender from sending there is nothing to be measured.
    .filter(({ dts, up }) => up === true && dts - began > WINDOW)
  if (moments.length < LEAST) throw new Error(`Only ${moments.length} moments could be compared`)
  for (const { dts, last10s, keyframeInterval } of moments) {
    // A packet stands for the time from its DTS to the next, so the range ends before the newest.
    const within = sent.filter((one) => one.dts > dts - WINDOW - 0.0015 && one.dts < dts - 1e-6)
    const bytes = within.reduce((sum, { size }) => sum + size, 0)
    stage.measured('bytes per second', last10s.videoBytesPerSecond ?? 0, bytes / WINDOW)
    stage.measured('frames per second', last10s.framesPerSecond ?? 0, within.length / WINDOW)
    stage.measured('key frame interval', keyframeInterval ?? 0, keyframeIntervalAt(sent, dts))
  }
}

/** The longer of the last closed interval and the media time since the last key frame. Seconds. */
function keyframeIntervalAt(sent: readonly SentPacket[], dts: number): number {
  const keys = sent.filter((one) => one.keyframe && one.dts <= dts + 1e-6).map((one) => one.dts)
  const last = keys.at(-1) ?? Number.NaN
  return Math.max(last - (keys.at(-2) ?? Number.NaN), dts - last)
}

export const ACCURACY: readonly Healthy[] = [
  accurate('cbr', 'constant bitrate', {}),
  accurate('vbr', 'variable bitrate, B-frames and 29.97 frames per second', {
    rateControl: 'capped',
    bFrames: 2,
    frameRate: '30000/1001',
  }),
  accurate('gop4', '60 frames per second, key frames every 4 s', { frameRate: '60', gop: 4 }),
  accurate('content', 'read by ffmpeg', { bFrames: 2, rateControl: 'capped' }, 'content'),
]
