import type { LimitOverrides } from '../health/check.ts'
import type { UserProfile } from '../health/profile.ts'
import type { EncoderProtocol } from '../observation/encoder.ts'
import type { Kind } from '../observation/observation.ts'
import type { StreamReadOptions } from '../observation/stream.ts'
import type { ExpectedWindow } from './windows.ts'

/**
 * When a target should be on the air: always; from the first media until somebody says that it ended; or in windows of
 * the week.
 */
export type ExpectationRule = 'always' | 'manual' | readonly ExpectedWindow[]

/** What every target has, whatever its kind. */
export interface CommonTarget {
  /** Unique per kind, shown to everybody. */
  name: string
  /** Seconds between two observations. */
  interval: number
  expected: ExpectationRule
  /** Other numbers for some checks, by the type; null switches one off. */
  limits: LimitOverrides
  /** The user's own. */
  labels: Record<string, string>
  /** Names of targets without which this one cannot work. */
  dependsOn: string[]
}

export interface StreamTarget extends CommonTarget, StreamReadOptions {
  /** A platform's name or one of `profiles`; null: only what is a fault everywhere is judged. */
  profile: string | null
  /** The user's own profiles, by name. */
  profiles: Record<string, UserProfile>
  /** The stream whose backup this one is, or null. */
  backupOf: string | null
  /** Null: not known. */
  rateControl: 'cbr' | 'vbr' | null
  /** Name of the platform target that shows this stream. */
  platform: string | null
}

export interface PingTarget extends CommonTarget {
  /** May hold `${NAME}`. */
  address: string
  /** Pings per interval. */
  count: number
  /** Answers as long as the monitor's own network works. */
  control: boolean
  /** Which of the addresses of a name is asked. */
  family: 'any' | 'ipv4' | 'ipv6'
}

export interface ServiceTarget extends CommonTarget {
  /** May hold `${NAME}`. */
  url: string
  /** Seconds for all phases together. */
  timeout: number
  verifyTls: boolean
  family: 'any' | 'ipv4' | 'ipv6'
  /** HTTP status that is accepted; empty: 200 to 299. */
  status: number[]
  /** Text that the body of an HTTP answer must hold; empty: whatever it holds. */
  bodyContains: string
}

export interface BandwidthTarget extends CommonTarget {
  /** May hold `${NAME}`. */
  url: string
  direction: 'up' | 'down'
  /** Seconds for which data flows in one test. */
  seconds: number
  /** Megabytes (10^6 bytes) after which a test ends sooner. */
  megabytes: number
  /** Megabits per second; null: what the streams that depend on it need. */
  required: number | null
  /** Whether a test may run while a stream that depends on it is on the air. */
  whileLive: boolean
  verifyTls: boolean
}

export interface EncoderTarget extends CommonTarget {
  /** A host name or an IP address, with a port where it is another than usual. May hold `${NAME}`. */
  address: string
  /** How it is asked: REST, the text protocol on port 9977, or whichever answers. */
  protocol: EncoderProtocol | 'auto'
  /** Whether it must stream whenever it is expected. */
  idle: 'allowed' | 'fault'
}

export interface PlatformTarget extends CommonTarget {
  /** The event's number, or `next`. May be `${NAME}`. */
  liveEvent: string
}

/** The target of each kind, as it is after its definition in `targets.schema.json` has checked it. */
export interface TargetOf {
  stream: StreamTarget
  ping: PingTarget
  service: ServiceTarget
  bandwidth: BandwidthTarget
  encoder: EncoderTarget
  platform: PlatformTarget
}

export type Target<K extends Kind = Kind> = TargetOf[K]
