import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'

/** A fresh observation of one target. */
export type Seen<K extends Kind> = Observation<K, MeasurementsOf[K]>

/** Where a host or a service stands. `way`: somewhere between the venue and the server. */
export const PLACES = ['venue', 'way', 'server', 'monitor'] as const
export type Place = (typeof PLACES)[number]

/** Where the monitor stands: what it sees of the venue comes over the uplink, unless it is there itself. */
export const MONITOR_PLACES = ['venue', 'server', 'elsewhere'] as const
export type MonitorPlace = (typeof MONITOR_PLACES)[number]

export interface Placed<K extends Kind> {
  place: Place
  seen: Seen<K>
}

/** What some of the other streams of the same monitor show, each of which is freshly known. */
export interface OtherStreams {
  known: number
  /** Are on the air, and on time. */
  well: number
  /** Are on the air, and come late. */
  late: number
  /** Should be on the air and are not. */
  down: number
}

/**
 * All that one monitor knows freshly of one stream and of what it depends on. What is not configured, or of which nothing
 * is known now, is not in it.
 */
export interface Situation {
  monitorAt: MonitorPlace
  stream: Seen<'stream'>
  /** Those that the stream depends on, directly or not. */
  encoders: readonly Seen<'encoder'>[]
  hosts: readonly Placed<'ping'>[]
  services: readonly Placed<'service'>[]
  bandwidth: readonly Seen<'bandwidth'>[]
  /** The one that shows the stream, and those that it depends on. */
  platforms: readonly Seen<'platform'>[]
  /** The others that are read from the same server, and those of other servers. */
  others: { onServer: OtherStreams; elsewhere: OtherStreams }
}
