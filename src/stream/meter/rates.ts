import type { Rates, StreamMeasurements } from '../../observation/stream.ts'
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

const NOTHING: TrackRates = { bytesPerSecond: 0, packetsPerSecond: 0 }
const NOT_KNOWN: TrackRates = { bytesPerSecond: null, packetsPerSecond: null }

function trackRates(track: Track, seconds: number): TrackRates {
  const span = track.samples.last(seconds)
  if (span === null) return NOT_KNOWN
  return { bytesPerSecond: span.bytes / span.seconds, packetsPerSecond: span.packets / span.seconds }
}
