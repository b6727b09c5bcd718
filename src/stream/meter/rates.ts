import type { Rates, StreamMeasurements, StreamParameters } from '../../observation/stream.ts'
import type { Publisher } from './publisher.ts'
import type { Track } from './track.ts'

/** Nothing arrives. */
export const STALLED: Rates = { videoBytesPerSecond: 0, audioBytesPerSecond: 0, framesPerSecond: 0, realtimeRatio: 0 }

/** Nothing is known. */
export const UNKNOWN: Rates = {
  videoBytesPerSecond: null,
  audioBytesPerSecond: null,
  framesPerSecond: null,
  realtimeRatio: null,
}

type AllRates = Pick<StreamMeasurements, 'last1s' | 'last10s' | 'window'>

interface TrackRates {
  bytesPerSecond: number | null
  packetsPerSecond: number | null
}

/** Over the last second, the last ten, and max(10 s, 3 GOPs) as far as there is that much media. */
export function allRates(publisher: Publisher, at: number, stallAfter: number): AllRates {
  return {
    last1s: ratesOf(publisher, () => 1, at, stallAfter),
    last10s: ratesOf(publisher, () => 10, at, stallAfter),
    window: ratesOf(publisher, (track) => Math.max(10, Math.min(track.window, track.samples.reach)), at, stallAfter),
  }
}

/** The same rates for every window. */
export function equalRates(rates: Rates): AllRates {
  return { last1s: { ...rates }, last10s: { ...rates }, window: { ...rates } }
}

/** The rates of a publisher over its last `seconds` of media, or as `seconds` says for each of its tracks. */
function ratesOf(publisher: Publisher, seconds: (track: Track) => number, at: number, stallAfter: number): Rates {
  const { leading, flow, tracksKnown } = publisher
  const ofTrack = (track: Track | null): TrackRates => {
    if (track === null) return tracksKnown ? NOTHING : NOT_KNOWN
    return track.isFlowing(at, stallAfter) ? trackRates(track, seconds(track)) : NOTHING
  }
  const video = ofTrack(publisher.video)
  const flowing = leading?.isFlowing(at, stallAfter) === true
  return {
    videoBytesPerSecond: video.bytesPerSecond,
    audioBytesPerSecond: ofTrack(publisher.audio).bytesPerSecond,
    framesPerSecond: video.packetsPerSecond,
    realtimeRatio: flowing && leading !== null && flow !== null ? flow.realtimeRatio(at, seconds(leading)) : 0,
  }
}

/** Formats without time stamps, by ffprobe's names: its demuxers make them up, 25 a second. */
const UNTIMED: ReadonlySet<string> = new Set(['mpjpeg', 'mjpeg', 'h264', 'hevc', 'm4v'])

/** Whether the time stamps of a stream are made up by what reads it: what is measured by them says nothing. */
export function isUntimed(parameters: StreamParameters | null): boolean {
  return parameters !== null && UNTIMED.has(parameters.format)
}

/**
 * The rates of such a stream by arrival: what its made clock shows in a second of real time. Whether it keeps real time is not
 * to be told.
 */
export function untimed<T extends AllRates>(rates: T): T {
  const { last1s, last10s, window } = rates
  const arriving = (one: Rates): Rates => {
    const { realtimeRatio: pace } = one
    const real = (rate: number | null) => (rate === null || pace === null ? null : rate * pace)
    if (one.framesPerSecond === 0) return one
    return {
      videoBytesPerSecond: real(one.videoBytesPerSecond),
      audioBytesPerSecond: real(one.audioBytesPerSecond),
      framesPerSecond: real(one.framesPerSecond),
      realtimeRatio: null,
    }
  }
  return { ...rates, last1s: arriving(last1s), last10s: arriving(last10s), window: arriving(window) }
}

/** Packets for each frame that the stream declares, from which on they are its fields. */
const FIELDS = 1.5

/** H.264 codes each field of a picture as one of its own where it likes (PAFF): then two packets make one frame. */
export function withoutFields<T extends AllRates>(rates: T, parameters: StreamParameters | null): T {
  const video = parameters?.video[0]
  const isInterlaced = video?.fieldOrder != null && /^[tb]{2}$/.test(video.fieldOrder)
  const { declaredFrameRate = null } = video ?? {}
  if (!isInterlaced || declaredFrameRate === null) return rates
  const frames = (one: Rates): Rates =>
    one.framesPerSecond !== null && one.framesPerSecond >= FIELDS * declaredFrameRate
      ? { ...one, framesPerSecond: one.framesPerSecond / 2 }
      : one
  return { ...rates, last1s: frames(rates.last1s), last10s: frames(rates.last10s), window: frames(rates.window) }
}

const NOTHING: TrackRates = { bytesPerSecond: 0, packetsPerSecond: 0 }
const NOT_KNOWN: TrackRates = { bytesPerSecond: null, packetsPerSecond: null }

function trackRates(track: Track, seconds: number): TrackRates {
  const span = track.samples.last(seconds)
  if (span === null) return NOT_KNOWN
  return { bytesPerSecond: span.bytes / span.seconds, packetsPerSecond: span.packets / span.seconds }
}
