import type { ErrorCode } from '../observation/errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { ProbeEvent, Reading } from '../observation/reading.ts'
import type { StreamMeasurements, StreamReadOptions } from '../observation/stream.ts'

/** An address with its secrets filled in, or why it cannot be. */
export type FilledAddress = { readonly url: string } | { readonly code: ErrorCode; readonly message: string }

/** When the watch of a stream reads: a grid of the monotonic clock, which all threads share. Seconds. */
export interface Turns {
  every: number
  phase: number
}

/** Everything that a thread needs to read a stream. Of one that it reads already, address and expectation are taken. */
export interface StreamOrder {
  order: 'read'
  stream: number
  /** Its `url` is the template; `address` counts. */
  how: StreamReadOptions
  address: FilledAddress
  /** Path, as the dialog says; empty: wherever one is found. */
  ffprobe: string
  expected: boolean
  turns: Turns
  /** Totals go on from there. */
  before: StreamMeasurements
}

/** What the runtime's thread says to one that reads. */
export type Order =
  | StreamOrder
  | { order: 'address'; stream: number; address: FilledAddress }
  | { order: 'expect'; stream: number; expected: boolean }
  | { order: 'stop'; stream: number }
  | { order: 'key-frame'; stream: number; question: number }
  | { order: 'withdraw'; stream: number; question: number }

/** What is known of one stream at one moment. */
export interface SaidReading {
  stream: number
  /** Monotonic seconds. */
  at: number
  /** Null where it could not be read, by a fault of our own that `fault` tells. */
  reading: Reading<StreamMeasurements> | null
  fault?: string
  /** Something that an operator must not wait an interval for. */
  changed: boolean
}

/** What went wrong at one place since the thread began: told again and again, so that no lost report loses it. */
export interface Fault {
  place: string
  count: number
  /** Of the last one: its stack, or what it says. */
  text: string
}

/** What a thread that reads says. None of its texts is redacted. */
export type Report =
  | { report: 'readings'; readings: SaidReading[]; faults: Fault[] }
  | { report: 'happened'; stream: number; event: ProbeEvent }
  /** Nothing of it is left: no process, no socket, no timer. */
  | { report: 'stopped'; stream: number; last: SaidReading | null }
  | { report: 'key-frame'; question: number; answer: KeyFrameAnswer }
  | { report: 'program'; pid: number; runs: boolean }
