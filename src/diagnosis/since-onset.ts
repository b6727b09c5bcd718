import { NO_ENCODER } from '../observation/encoder.ts'
import type { Kind } from '../observation/observation.ts'
import type { OtherStream, Placed, Seen, Situation } from './situation.ts'

/** Seconds after the last packet in which a poll may still tell of the time before: how long one takes, and what is on its way. */
const ON_ITS_WAY = 1.5
/** Seconds for which a platform goes on saying that it receives what comes no more. */
const PLATFORM_NOTICES = 15
/** Seconds without a packet after which another stream is not called well: it may be about to stall as well. */
const FLOWS = 1.2

/**
 * The situation without what was seen to be well before the stream went away: a host that answered then says nothing of the
 * way now. What is wrong is left as it is. Of a stream that is there, all is left. Pure.
 */
export function sinceOnset(situation: Situation): Situation {
  const { stream, encoders, hosts, services, platforms, others } = situation
  const age = stream.measurements.lastPacketAge
  const flowing = { ...situation, others: others.map(calledWell) }
  if (stream.state !== 'down' || age === null) return flowing
  const onset = Date.parse(stream.time) / 1000 - age
  const isSince = ({ time }: { time: string }, seconds = ON_ITS_WAY) => Date.parse(time) / 1000 >= onset + seconds
  const isTold = <K extends Kind>(seen: Seen<K>) => seen.issues.length > 0 || seen.state === 'down' || isSince(seen)
  const placed = <K extends 'ping' | 'service'>(all: readonly Placed<K>[], unknown: (seen: Seen<K>) => Seen<K>) =>
    all.map((one) => (isTold(one.seen) ? one : { ...one, seen: unknown(one.seen) }))
  return {
    ...flowing,
    encoders: encoders.map((seen) => (isTold(seen) ? seen : { ...seen, measurements: NO_ENCODER })),
    hosts: placed(hosts, (seen) => ({ ...seen, measurements: { ...seen.measurements, up: null, loss: null } })),
    services: placed(services, (seen) => ({ ...seen, measurements: { ...seen.measurements, up: null } })),
    platforms: platforms.map((seen) => {
      const { measurements } = seen
      const up = isTold(seen) ? measurements.up : null
      const receives = isSince(seen, PLATFORM_NOTICES)
      return receives ? seen : { ...seen, measurements: { ...measurements, up, liveState: null, ingestState: null } }
    }),
  }
}

function calledWell(other: OtherStream): OtherStream {
  const { seen } = other
  const age = seen.measurements.lastPacketAge
  if (seen.state === 'down' || age === null || age < FLOWS) return other
  return { ...other, seen: { ...seen, state: 'unknown' } }
}
