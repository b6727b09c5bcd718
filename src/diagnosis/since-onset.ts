import { NO_ENCODER } from '../observation/encoder.ts'
import type { Kind } from '../observation/observation.ts'
import type { Seen, Situation } from './situation.ts'

/** Seconds after the last packet in which a poll may still tell of the time before: how long one takes, and what is on its way. */
const ON_ITS_WAY = 1.5
/** Seconds until a device tells by its cache and its bitrate that nothing leaves it. */
const DEVICE_NOTICES = 5
/** The same of a series of echoes in which some were lost: those that were answered came before. */
const SERIES = 6
/** Seconds without a packet from which a stream of which nothing is known counts as gone. */
const AWAY = 2
/** Seconds for which a platform goes on saying that it receives what comes no more. */
const PLATFORM_NOTICES = 15

/** Issues that last as long as a stream is away. */
const AWAY_ISSUES: ReadonlySet<string> = new Set(['streamStalled', 'streamOffline'])

/**
 * Seconds since the epoch from which on a stream is known to be away; infinity where that is not said. A server may send each
 * new reader the last pictures of a publisher that is gone: they are no return of the stream.
 */
function awaySince({ issues }: Seen<'stream'>): number {
  return Math.min(...issues.filter(({ type }) => AWAY_ISSUES.has(type)).map(({ since }) => Date.parse(since) / 1000))
}

/**
 * The situation without what was seen to be well before the stream went away: a host that answered then says nothing of the
 * way now. What is wrong is left as it is. Of a stream that is there, all is left. Pure.
 */
export function sinceOnset(situation: Situation): Situation {
  const { stream, encoders, hosts, services, platforms } = situation
  const age = stream.measurements.lastPacketAge
  if (age === null || (stream.state !== 'down' && age < AWAY)) return situation
  const onset = Math.min(Date.parse(stream.time) / 1000 - age, awaySince(stream))
  const isSince = ({ time }: { time: string }, seconds = ON_ITS_WAY) => Date.parse(time) / 1000 >= onset + seconds
  const isTold = <K extends Kind>(seen: Seen<K>, seconds = ON_ITS_WAY) =>
    seen.measurements.up === false || isSince(seen, seconds)
  return {
    ...situation,
    encoders: encoders.map((seen) => {
      if (!isTold(seen)) return { ...seen, measurements: NO_ENCODER }
      if (isSince(seen, DEVICE_NOTICES)) return seen
      return { ...seen, measurements: { ...seen.measurements, bytesPerSecond: null, cacheUsedRatio: null } }
    }),
    hosts: hosts.map((one) => {
      const { measurements } = one.seen
      const isLost = measurements.answered === false
      if (isLost || isTold(one.seen, measurements.loss === 0 ? ON_ITS_WAY : SERIES)) return one
      return { ...one, seen: { ...one.seen, measurements: { ...measurements, answered: null, loss: null } } }
    }),
    services: services.map((one) => {
      if (isTold(one.seen)) return one
      return { ...one, seen: { ...one.seen, measurements: { ...one.seen.measurements, up: null } } }
    }),
    platforms: platforms.map((seen) => {
      const { measurements } = seen
      const up = isTold(seen) ? measurements.up : null
      const receives = isSince(seen, PLATFORM_NOTICES)
      return receives ? seen : { ...seen, measurements: { ...measurements, up, liveState: null, ingestState: null } }
    }),
  }
}
