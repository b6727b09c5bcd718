import { execFile } from 'node:child_process'
import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { StreamMeasurements } from '../src/observation/stream.ts'
import type { Packet } from '../src/stream/packet.ts'
import { startProcess } from '../test/fixtures/process.ts'
import { startNginxRtmp } from '../test/fixtures/servers/nginx-rtmp.ts'
import type { Environment } from './environment.ts'
import { MeterProbe } from './meter-probe.ts'
import type { Section } from './section.ts'
import { mean } from './statistics.ts'

/** Seconds over which rates are taken. */
const WINDOW = 10

interface Timed {
  dts: number
  size: number
  keyframe: boolean
}

interface Comparison {
  name: string
  errors: number[]
  example: string
}

/**
 * What the meter says of a stream of varying bitrate beside what its publisher sent, over the same DTS range. The
 * publisher writes its packets to a file as it sends them.
 */
export async function truth(environment: Environment, seconds: number): Promise<Section> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hmonitor-truth-'))
  const server = await startNginxRtmp()
  const sentFile = path.join(folder, 'sent.framecrc')
  const publisher = await publish(await variableClip(folder), server.url('live/truth'), sentFile)
  const received: Timed[] = []
  const measured: { dts: number; measurements: StreamMeasurements }[] = []
  const probe = new MeterProbe(environment.ffprobe, server.url('live/truth'), (packet) => keep(packet, received))
  try {
    probe.start({ changed: () => {}, happened: () => {} })
    for (let second = 0; second < seconds + WINDOW + 5; second++) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      const newest = received.at(-1)
      if (newest !== undefined) measured.push({ dts: newest.dts, measurements: probe.read().measurements })
    }
  } finally {
    await probe.stop()
    await publisher.kill()
    await server.stop()
  }
  const sent = aligned(parseFrameCrc(await readFile(sentFile, 'utf8')), received)
  await rm(folder, { recursive: true, force: true })
  return sectionOf(
    measured.filter(({ dts }) => dts - WINDOW > (received[0]?.dts ?? 0)).map((one) => ({ ...one, sent })),
  )
}

function sectionOf(measured: { dts: number; measurements: StreamMeasurements; sent: Timed[] }[]): Section {
  const compare = (
    name: string,
    ofMeter: (m: StreamMeasurements) => number | null,
    ofSent: (sent: Timed[], dts: number) => number,
  ): Comparison => {
    const pairs = measured.map(({ dts, measurements, sent }) => ({ is: ofMeter(measurements), was: ofSent(sent, dts) }))
    const known = pairs.flatMap(({ is, was }) => (is === null ? [] : [{ is, was }]))
    const last = known.at(-1)
    return {
      name,
      errors: known.map(({ is, was }) => Math.abs(is / was - 1)),
      example: last === undefined ? 'never measured' : `${last.is.toFixed(3)} / ${last.was.toFixed(3)}`,
    }
  }
  // A packet stands for the time from its DTS to the next, so the range ends before the newest.
  const within = (sent: Timed[], dts: number) =>
    sent.filter((one) => one.dts > dts - WINDOW - 0.0015 && one.dts < dts - 1e-6)
  const comparisons = [
    compare(
      'video bytes per second',
      (m) => m.last10s.videoBytesPerSecond,
      (sent, dts) => within(sent, dts).reduce((sum, { size }) => sum + size, 0) / WINDOW,
    ),
    compare(
      'frames per second',
      (m) => m.last10s.framesPerSecond,
      (sent, dts) => within(sent, dts).length / WINDOW,
    ),
    compare('key frame interval, seconds', (m) => m.keyframeInterval, keyframeInterval),
  ]
  return {
    title: 'Measured beside the truth',
    how: `H.264 with B-frames and a bitrate that varies, over ${measured.length} moments a second apart.`,
    header: ['what', 'last: measured / sent', 'mean error', 'largest error'],
    rows: comparisons.map(({ name, errors, example }) => [
      name,
      example,
      `${(mean(errors) * 100).toFixed(3)} %`,
      `${(Math.max(...errors) * 100).toFixed(3)} %`,
    ]),
    goals: comparisons.map(({ name, errors }) => ({
      what: `${name} within 1 %`,
      measured: `${(Math.max(...errors) * 100).toFixed(3)} %`,
      reached: errors.length > 0 && Math.max(...errors) <= 0.01,
    })),
  }
}

function keyframeInterval(sent: Timed[], dts: number): number {
  const keys = sent.filter((one) => one.keyframe && one.dts <= dts + 1e-6).map((one) => one.dts)
  const last = keys.at(-1) ?? Number.NaN
  return Math.max(last - (keys.at(-2) ?? Number.NaN), dts - last)
}

function keep({ media, dts, size, keyframe }: Packet, received: Timed[]): void {
  if (media === 'video' && dts !== null) received.push({ dts, size, keyframe })
}

/** The bitrate rises and falls every few seconds; scene changes add key frames of their own. */
async function variableClip(folder: string): Promise<string> {
  const file = path.join(folder, 'variable.mkv')
  const noise = "noise=alls=40:allf=t:enable='lt(mod(t,7),3)'"
  await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-f', 'lavfi'],
    ...['-i', `testsrc2=size=640x360:rate=30,${noise}`, '-f', 'lavfi', '-i', 'sine=sample_rate=48000'],
    ...['-t', '60', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '60'],
    ...['-crf', '30', '-c:a', 'aac', '-b:a', '64000', file],
  ])
  await access(file)
  return file
}

function publish(clip: string, url: string, sentFile: string) {
  const outputs = `[f=flv:flvflags=no_duration_filesize]${url}|[f=framecrc:flush_packets=1]${sentFile}`
  const input = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', clip]
  const args = [...input, '-map', '0:v', '-map', '0:a', '-c', 'copy', '-f', 'tee', outputs]
  return startProcess('ffmpeg', args, { install: 'apt-get install ffmpeg' })
}

/** framecrc: `stream, dts, pts, duration, size, crc[, F=0x0 when not a key frame]`; `#tb 0: 1/1000` is the unit. */
function parseFrameCrc(text: string): Timed[] {
  const [, numerator = '1', denominator = '1000'] = /^#tb 0: (\d+)\/(\d+)/m.exec(text) ?? []
  const unit = Number(numerator) / Number(denominator)
  return text.split('\n').flatMap((line) => {
    if (!/^0,/.test(line)) return []
    const [, dts, , , size, , flags] = line.split(',').map((field) => field.trim())
    return [
      { dts: Number(dts) * unit, size: Number(size), keyframe: flags === undefined || !flags.startsWith('F=0x0') },
    ]
  })
}

/** The sent packets in the time of those received. Throws where they are not the same packets, one by one. */
function aligned(sent: readonly Timed[], received: readonly Timed[]): Timed[] {
  const first = sent.findIndex((_, index) =>
    received.slice(0, 50).every(({ size }, offset) => sent[index + offset]?.size === size),
  )
  const [from, to] = [sent[first], received[0]]
  if (from === undefined || to === undefined) throw new Error('What was received is not what the publisher sent')
  const shift = to.dts - from.dts
  received.forEach(({ dts, size }, offset) => {
    const one = sent[first + offset]
    if (one === undefined || one.size !== size || Math.abs(one.dts + shift - dts) > 0.002) {
      throw new Error(`Packet ${offset} that was received is not the one that the publisher sent`)
    }
  })
  return sent.map((one) => ({ ...one, dts: one.dts + shift }))
}
