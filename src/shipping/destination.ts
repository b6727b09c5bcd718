import type { ShippedLine } from './shipped-line.ts'

/** The ways out of a `log` node. */
export const WAYS = ['logstash', 'elasticsearch'] as const
export type Way = (typeof WAYS)[number]

/** What people call the other side of each way. */
export const WAY_NAMES: Readonly<Record<Way, string>> = { logstash: 'Logstash', elasticsearch: 'Elasticsearch' }

/**
 * What became of one line.
 *
 * - `shipped`: the other side has it now. - `duplicate`: it had it before. - `failure-store`: it has put it where it keeps
 *   what its mapping does not take. - `again`: not now. - `rejected`: never.
 */
export type Verdict =
  | { is: 'shipped' | 'duplicate' | 'failure-store' }
  | { is: 'again' | 'rejected'; status: number; why: string }

/** Where lines go. */
export interface Destination {
  /**
   * Sends lines in one request.
   *
   * @returns what became of each, in their order
   * @throws ShippingError where the request as a whole came to nothing
   */
  send(lines: readonly ShippedLine[], signal: AbortSignal): Promise<Verdict[]>

  /** Until when the certificate of who answered last counts, milliseconds since the epoch; null where it has shown none. */
  certificateEnds(): number | null
}

/**
 * Why a request came to nothing. `later`: it may work another time. `too-large`, `refused`: these lines together are too
 * much, or one of them is not understood.
 */
export type ShippingFault = 'later' | 'too-large' | 'refused'

/** Its message is for a person, and holds nothing secret. */
export class ShippingError extends Error {
  readonly fault: ShippingFault
  readonly status: number | null
  /** Milliseconds that the other side asked to wait; null where it did not. */
  readonly retryAfter: number | null

  constructor(fault: ShippingFault, message: string, status: number | null = null, retryAfter: number | null = null) {
    super(message)
    this.name = 'ShippingError'
    this.fault = fault
    this.status = status
    this.retryAfter = retryAfter
  }
}
