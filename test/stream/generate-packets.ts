import { PacketMeter } from '../../src/stream/meter.ts'
import type { Packet } from '../../src/stream/packet.ts'

export interface Arrival {
  /** Monotonic seconds. */
  at: number
  packet: Packet
}

export interface Source {
  /** Seconds of media. */
  seconds: number
  /** Frames per second; null for no video. */
  fps?: number | null
  /** Seconds. */
  gop?: number
  /** Packets per second; null for no audio. */
  audioRate?: number | null
  /** Bytes. */
  keyframeSize?: number
  frameSize?: number
  audioSize?: number
  /** First DTS, seconds. */
  dts?: number
  /** Arrival of the packet with the first DTS, seconds. */
  at?: number
  /** The first packet of each track brings the codec's parameters. */
  extradata?: boolean
  /** When a packet arrives and what its time stamp is, `t` seconds of media after the first. */
  arrival?: (t: number) => number
  stamp?: (t: number, media: Packet['media']) => number
}

export function packet(fields: Partial<Packet> & { media: Packet['media'] }): Packet {
  const dts = fields.dts ?? null
  return { index: 0, pts: dts, dts, size: 100, keyframe: true, newExtradata: false, ...fields }
}

/** The packets of a perfect publisher, in the order of their time stamps, rounded to milliseconds as in FLV. */
export function generate(source: Source): Arrival[] {
  const { seconds, fps = 30, gop = 2, audioRate = 44100 / 1024, dts = 0, at = 0, extradata = false } = source
  const { keyframeSize = 40_000, frameSize = 10_000, audioSize = 370 } = source
  const { arrival = (t) => at + t, stamp = (t) => dts + t } = source
  const all: (Arrival & { t: number })[] = []
  const put = (t: number, made: Partial<Packet> & { media: Packet['media'] }) => {
    const time = Math.round(stamp(t, made.media) * 1000) / 1000
    all.push({ t, at: arrival(t), packet: packet({ ...made, dts: time, newExtradata: extradata && t === 0 }) })
  }
  const perGop = Math.round(gop * (fps ?? 0))
  for (let i = 0; fps !== null && i < Math.round(seconds * fps); i++) {
    const keyframe = i % perGop === 0
    put(i / fps, { media: 'video', index: 0, size: keyframe ? keyframeSize : frameSize, keyframe })
  }
  for (let i = 0; audioRate !== null && i < Math.round(seconds * audioRate); i++) {
    put(i / audioRate, { media: 'audio', index: 1, size: audioSize, keyframe: true })
  }
  return all.sort((a, b) => a.t - b.t)
}

/** Feeds them in; says what they showed. */
export function feed(meter: PacketMeter, arrivals: readonly Arrival[]): string[] {
  return arrivals.flatMap((arrival) => meter.add(arrival.packet, arrival.at) ?? [])
}

/** Asserts on a measurement that it is there and within 1 % of the truth. */
export function isClose(measured: number | null, truth: number, tolerance = 0.01): boolean {
  return measured !== null && Math.abs(measured - truth) <= Math.abs(truth) * tolerance
}

/** Feeds one session with one part after the other, and measures at the arrival of the last packet. */
export function run(...parts: (Source | Arrival[])[]) {
  const meter = new PacketMeter({ stallAfter: 2 })
  meter.beginSession(0)
  const shown: string[] = []
  let at = 0
  for (const part of parts) {
    const arrivals = Array.isArray(part) ? part : generate(part)
    shown.push(...feed(meter, arrivals))
    at = arrivals.at(-1)?.at ?? at
  }
  const now = meter.measure(at)
  return { shown, now, faults: now.total.timestampFaults, restarts: now.total.publisherRestarts }
}

export const NO_FAULTS = { regression: 0, jump: 0, gap: 0 }
