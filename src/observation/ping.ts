import { handover } from './handover.ts'

/** Echoes of a stretch of time. */
export interface EchoCounts {
  sent: number
  received: number
}

/** Seconds. */
export interface RoundTrips {
  last: number
  minimum: number
  mean: number
  maximum: number
}

/** Why nothing may be known of one. */
export const PING_FAILURES = [
  'no-reply',
  'no-ping',
  'icmp-forbidden',
  'no-network',
  'name-not-found',
  'dns-failed',
  'no-resources',
  'bad-output',
  'killed',
] as const
export type PingFailure = (typeof PING_FAILURES)[number]

export interface PingMeasurements {
  /**
   * The host answers. False once a host that has answered before is silent for three series; null while nothing is
   * known, and for a host that has never answered, because ICMP may be forbidden.
   */
  up: boolean | null
  /**
   * The newest series was answered: what a control host tells of the monitor's own network. False also where this
   * computer had no route to send it; null while unknown, and for a host that has never answered.
   */
  answered: boolean | null
  /** Cumulative since the watch began. */
  total: EchoCounts
  /** The IP address that was asked; null before a name is known. */
  address: string | null
  /** The newest series; null while nothing could be sent. */
  series: EchoCounts | null
  /**
   * Ratio 0 to 1 of the newest series' echoes that were lost. Null while unknown and for a host that has never
   * answered: then it is not known whether anything was lost.
   */
  loss: number | null
  /** Of the newest series; null where nothing was received. */
  roundTrips: RoundTrips | null
  /**
   * Seconds: mean difference between a round trip and the one before it, of the newest series (the delay variation of
   * RFC 3393 between consecutive packets, as an absolute value). The first is compared with the last of the series before.
   */
  jitter: number | null
  /** The last minute (at least 20 echoes); it begins anew when a host comes back. Null for a host that never answered. */
  recent: EchoCounts | null
  /** Series without any answer, up to the newest one. */
  silentSeries: number
  /** Seconds since an answer came; null when none ever did. */
  lastAnswerAge: number | null
  /** Round trips since the last observation, for the histogram. Seconds. */
  newRoundTrips: number[]
}

/** Round trips that a watch gathers which nobody listens to. */
const MOST_ROUND_TRIPS = 1000

export const PING_HANDOVER = handover<PingMeasurements>({
  up: 'moment',
  answered: 'moment',
  total: 'stays',
  address: 'stays',
  series: 'moment',
  loss: 'moment',
  roundTrips: 'moment',
  jitter: 'moment',
  recent: 'moment',
  silentSeries: 'stays',
  lastAnswerAge: 'stays',
  newRoundTrips: { news: MOST_ROUND_TRIPS },
})
