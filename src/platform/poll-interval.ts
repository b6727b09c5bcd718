import { isOn } from '../observation/live-phase.ts'
import type { PlatformMeasurements } from '../observation/platform.ts'

export interface PollSituation {
  /** Seconds, as the target says. */
  interval: number
  /** Of the newest poll; null where it found no event, or could not ask. */
  measured: Pick<PlatformMeasurements, 'liveState' | 'userState' | 'ingestState' | 'nextStart'> | null
  /** Whether an encoder or a stream that belongs to the event is on the air. */
  sending: boolean
  /** Whether the newest poll got no answer. */
  failed: boolean
  /** Seconds at the least, by the account's allowance. */
  spacing: number
  /** Milliseconds since the epoch. */
  wall: number
}

/** Seconds, the shortest at any time: Vimeo's states change no faster than an encoder connects. */
export const SHORTEST_INTERVAL = 5
/** Times the interval while nothing is on. */
const STRETCH = 4
/** Seconds; a longer interval is not stretched. */
const LONGEST_STRETCHED = 120
/** Seconds before and after a planned start in which it is asked more often. */
const BEFORE_START = 600
const AFTER_START = 900
/** A part of the interval. */
const SHRINK = 1 / 3

/** Seconds until the next poll. Pure. */
export function pollInterval(situation: PollSituation): number {
  return Math.max(wish(situation), situation.spacing)
}

function wish({ interval, measured, sending, failed, wall }: PollSituation): number {
  const short = Math.max(SHORTEST_INTERVAL, interval * SHRINK)
  if (failed) return Math.min(interval, short)
  if (measured === null || measured.liveState === null) return interval
  const { liveState, userState, ingestState, nextStart } = measured
  const untilStart = nextStart === null ? null : (Date.parse(nextStart) - wall) / 1000
  if (liveState === 'streaming') return interval
  // The ingest waits for the stream, or the stream is there before the event: it is about to begin.
  if (ingestState === 'provisioning' || ingestState === 'waiting' || sending) return Math.min(interval, short)
  if (isOn({ liveState, userState }) || ingestState === 'receiving') return interval
  if (untilStart !== null && untilStart <= BEFORE_START && untilStart >= -AFTER_START) return Math.min(interval, short)
  const stretched = Math.max(interval, Math.min(LONGEST_STRETCHED, interval * STRETCH))
  if (untilStart === null || untilStart < 0) return stretched
  return Math.max(short, Math.min(stretched, untilStart - BEFORE_START))
}
