import type { Clock } from './clock.ts'
import type { AbsenceReason, FailureCode } from './observation.ts'
import type { KeyFrameAnswer } from './picture.ts'

/**
 * What a probe knows at one moment, before it is judged. `unknown` is about the probe, never about the target:
 * it neither raises nor clears an issue of the target.
 */
export type Reading<M> =
  /** Media (a reply, an answer) arrives. */
  | { outcome: 'present'; measurements: M }
  /**
   * It was looked for and is not there: stalled, ended, refused, not-found, timeout, unreachable. `message` says more of
   * the reason where the probe knows more, without secrets. `beforeStream`: not even a connection came about, so that
   * nothing could be asked for.
   */
  | { outcome: 'absent'; reason: AbsenceReason; message?: string; beforeStream?: true; measurements: M }
  /** Not measured. `connecting` is the warm-up of a probe that has not failed. */
  | { outcome: 'unknown'; code: FailureCode; message: string; measurements: M }

/** What happened inside a probe since the last reading, for output 2. */
export type ProbeEvent = { event: 'session'; to: string; duration: number | null } | { event: 'restart' }

/** The part that measures one target. It owns its processes, sockets and timers, and ends them in `stop`. */
export interface Probe<M> {
  start(listener: ProbeListener): void
  /** Synchronous and cheap: called once an interval for every target. */
  read(): Reading<M>
  /** Whether it should be on the air now; probes retry sooner while it should. */
  setExpected(expected: boolean): void
  stop(): Promise<void>
  /** It is measured elsewhere than in this thread, so that what it says is as true when this one was busy. */
  readonly isApart?: true
  /** Measures now, out of turn. Only probes that poll have it. */
  refresh?(): Promise<void>
  /** What a picture of the target is made of, within seconds. Only what is watched for its pictures has it. */
  keyFrame?(signal: AbortSignal): Promise<KeyFrameAnswer>
}

export interface ProbeListener {
  /** Something an operator must not wait an interval for: media began, stalled or ended. */
  changed(): void
  happened(event: ProbeEvent): void
}

/** What every probe gets, whatever it measures. */
export interface ProbeContext<M> {
  clock: Clock
  /** `${NAME}` -> its value, the last step before it is used. @throws MonitorError `missing-variable` */
  expand(template: string): string
  redact(text: string): string
  /** Of the watch of the same target under other settings, which has just ended: totals go on from there. */
  before?: M
}
