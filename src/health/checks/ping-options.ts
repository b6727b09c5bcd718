import type { PingMeasurements } from '../../observation/ping.ts'
import type { Check, CheckContext } from '../check.ts'

/** What a host's target says that its checks need to know. */
export interface PingOptions {
  /** It answers as long as the monitor's own network works. */
  control: boolean
}

export type PingCheck = Check<PingMeasurements, PingOptions>
export type PingContext = CheckContext<PingMeasurements, PingOptions>

/** The code of a reading of a host that has never answered. */
export const NO_REPLY = 'no-reply'
/** The code of a reading where this computer has no route to the host. */
export const NO_NETWORK = 'no-network'
