import type { Judge, JudgeInput, Verdict } from '../health/judge.ts'
import type { OtherTargets } from '../health/other.ts'
import { type Clock, type Instant, now } from '../observation/clock.ts'
import type { Handover } from '../observation/handover.ts'
import { internalError } from '../observation/internal-errors.ts'
import type { Absence, Kind, MonitorEvent, Observation, State } from '../observation/observation.ts'
import type { Probe, ProbeEvent, Reading } from '../observation/reading.ts'
import { Pace, phaseOf } from '../polling/pace.ts'
import { Delivery, type WatchListener } from './delivery.ts'
import {
  afterReading,
  applyExpectMessage,
  beginNextEvent,
  type Expectation,
  type ExpectationRule,
  endEvent,
  isEventOver,
  isExpected,
  NOTHING_EXPECTED_YET,
} from './expectation.ts'
import { judgeGuarded, readGuarded } from './guarded-reading.ts'
import type { ObserverNetwork } from './observer-network.ts'

export interface WatchOptions<K extends Kind, M> {
  kind: K
  /** The configured name. */
  target: string
  /** The user's own labels. */
  labels: Readonly<Record<string, string>>
  /** Seconds between observations. */
  interval: number
  /**
   * Who keeps the time of the observations: the interval (the default), or the probe, which says `changed` whenever it
   * has polled, and is watched over.
   */
  paceBy?: 'interval' | 'probe'
  rule: ExpectationRule
  probe: Probe<M>
  judge: Judge<M>
  handover: Handover<M>
  clock: Clock
  /** Canonical text of the target: a new node adopts this watch when its own is equal. */
  settings: string
  /** The other targets of the monitor, for checks that compare two. */
  others?: OtherTargets
  /** What the monitor knows of the target beside its measurements, as of the observation before. */
  known?: () => Known
  /** What is known of the monitor's own network: what cannot be reached because of it is unknown. */
  network?: ObserverNetwork
  /** Takes secrets out of the message of an error nobody foresaw. */
  redact(text: string): string
  /** What an earlier watch of the same target knew of its event. */
  expectation?: Expectation
}

/** See the fields of the same names in `Observation`. */
export type Known = Pick<JudgeInput<unknown>, 'usual' | 'budget'>

/** One target, watched from `start` to `stop`, whoever listens meanwhile. */
export class Watch<K extends Kind, M> {
  readonly kind: K
  readonly target: string
  readonly settings: string
  readonly probe: Probe<M>
  readonly #options: WatchOptions<K, M>
  readonly #pace: Pace
  readonly #delivery: Delivery<K, M>
  #expectation: Expectation
  #expected: boolean
  /** The newest that the probe gave: stand in where a later reading fails. */
  #measurements: M
  #sequence = 0
  #state: State = 'unknown'
  #running = false
  #keep: (observation: Observation<K, M>) => void = () => {}
  #note: (event: MonitorEvent) => void = () => {}
  #stopped: Promise<void> | null = null

  /** Reads the probe once, so that a probe that cannot be read at all throws here and not in a timer. */
  constructor(options: WatchOptions<K, M>) {
    this.#options = options
    this.kind = options.kind
    this.target = options.target
    this.settings = options.settings
    this.probe = options.probe
    this.#measurements = options.probe.read().measurements
    this.#expectation = options.expectation ?? NOTHING_EXPECTED_YET
    this.#expected = isExpected(this.#expectation, options.rule, options.clock.wall())
    this.#delivery = new Delivery(options.handover, (error) => internalError('listener of a watch', error))
    this.#pace = new Pace({
      interval: options.interval,
      phase: phaseOf(`${options.kind}/${options.target}`, options.interval),
      clock: options.clock,
      by: options.paceBy === 'probe' ? 'requests' : 'interval',
      turn: (late) => this.#observe(late),
    })
  }

  /** What to give to the next watch of the same target, so that an event that is on stays on. */
  get expectation(): Expectation {
    return this.#expectation
  }

  /** Somebody has said that its event is over, and no other has begun. */
  get isEventOver(): boolean {
    return isEventOver(this.#expectation, this.#options.rule, this.#options.clock.wall())
  }

  get newest(): Observation<K, M> | null {
    return this.#delivery.newest
  }

  /**
   * Starts the probe and observes at once; then once an interval.
   *
   * @param keep takes every observation, whoever listens and whether anybody does
   * @param note takes every event, likewise
   */
  start(
    keep: (observation: Observation<K, M>) => void = () => {},
    note: (event: MonitorEvent) => void = () => {},
  ): void {
    if (this.#running || this.#stopped) return
    this.#keep = keep
    this.#note = note
    this.probe.setExpected(this.#expected)
    this.#running = true
    this.probe.start({
      changed: () => this.#pace.hurry(),
      happened: (event) => this.#probeHappened(event),
    })
    this.#pace.start()
    this.#observe(0)
  }

  /** Takes an *expect* message. @param until milliseconds since the epoch */
  expect(expected: boolean, until?: number): void {
    const message = until === undefined ? { expected } : { expected, until }
    this.#expectation = applyExpectMessage(this.#expectation, this.#options.rule, message, this.#options.clock.wall())
    this.#pace.hurry()
  }

  /** What it depends on says that the event is over. */
  endEvent(): void {
    this.#expectation = endEvent(this.#expectation, this.#options.rule)
    this.#pace.hurry()
  }

  /** What it depends on says that the next event has begun. */
  beginEvent(): void {
    this.#expectation = beginNextEvent(this.#expectation)
    this.#pace.hurry()
  }

  /**
   * Measures now, out of turn, where the probe can; then observes.
   *
   * @returns the newest observation, null before the first one
   */
  async probeNow(): Promise<Observation<K, M> | null> {
    await this.probe.refresh?.()
    this.#observe(0)
    return this.newest
  }

  /** Hands over the newest observation and the events that nobody has taken, then all that come. */
  attach(listener: WatchListener<K, M>): void {
    this.#delivery.attach(listener)
  }

  /** Goes on measuring while nobody listens, as over a deploy. */
  detach(): void {
    this.#delivery.detach()
  }

  /**
   * Ends the issues that are raised, of which nobody would say any more that they are over, the timers and the probe;
   * nothing is handed over afterwards. Every call gets the same promise.
   */
  stop(): Promise<void> {
    if (this.#running) this.#endIssues()
    this.#running = false
    this.#pace.stop()
    this.#delivery.detach()
    this.#stopped ??= this.probe.stop()
    return this.#stopped
  }

  #observe(late: number): void {
    if (!this.#running) return
    const { clock, rule, interval, judge, handover, others, network } = this.#options
    const known = this.#options.known?.() ?? {}
    const at = now(clock)
    const said = readGuarded(this.probe, late, this.#measurements, handover, this.#messageOf)
    const read = network?.believed(this.kind, this.target, said, handover) ?? said
    this.#measurements = read.measurements
    this.#expectation = afterReading(this.#expectation, read.outcome)
    this.#setExpected(isExpected(this.#expectation, rule, at.wall))
    const input = { reading: read, expected: this.#expected, at, interval, ...known, ...(others && { others }) }
    const { reading, verdict } = judgeGuarded(judge, input, this.newest?.issues ?? [], handover, this.#messageOf)
    this.#sequence += 1
    const from = this.#state
    this.#state = verdict.state
    const observation = this.#observation(at, reading, verdict, known)
    this.#keep(observation)
    this.#delivery.observed(observation)
    if (from !== verdict.state) this.#happened({ event: 'state', from, to: verdict.state }, at)
    for (const { issue, duration, by } of verdict.superseded) {
      this.#happened({ event: 'superseded', to: by, issue, duration }, at)
    }
    for (const issue of verdict.raised) this.#happened({ event: 'raised', issue }, at)
    for (const { issue, duration } of verdict.cleared) this.#happened({ event: 'cleared', issue, duration }, at)
  }

  #setExpected(expected: boolean): void {
    if (expected === this.#expected) return
    this.#expected = expected
    try {
      this.probe.setExpected(expected)
    } catch (error) {
      internalError('probe', error)
    }
  }

  #observation(at: Instant, reading: Reading<M>, verdict: Verdict, { usual, budget }: Known): Observation<K, M> {
    // A probe that connects has not failed.
    const failed = reading.outcome === 'unknown' && reading.code !== 'connecting'
    return {
      kind: this.kind,
      target: this.target,
      labels: { ...this.#options.labels },
      time: new Date(at.wall).toISOString(),
      sequence: this.#sequence,
      state: verdict.state,
      expected: this.#expected,
      score: verdict.score,
      measurements: reading.measurements,
      issues: verdict.issues,
      ...(usual && usual.length > 0 && { usual }),
      ...(budget && { budget }),
      ...(reading.outcome === 'absent' && { absence: absenceIn(reading) }),
      ...(failed ? { error: { code: reading.code, message: reading.message } } : {}),
    }
  }

  #endIssues(): void {
    const at = now(this.#options.clock)
    for (const issue of this.newest?.issues ?? []) {
      const duration = Math.max(0, (at.wall - Date.parse(issue.since)) / 1000)
      this.#happened({ event: 'cleared', issue, duration, endedBy: 'not-watched' }, at)
    }
  }

  #probeHappened(event: ProbeEvent): void {
    if (!this.#running) return
    const at = now(this.#options.clock)
    if (event.event === 'restart') this.#happened({ event: 'restart' }, at)
    else if (event.duration === null) this.#happened({ event: 'session', to: event.to }, at)
    else this.#happened({ event: 'session', to: event.to, duration: event.duration }, at)
  }

  #happened(what: Omit<MonitorEvent, 'kind' | 'target' | 'labels' | 'time'>, at: Instant): void {
    const time = new Date(at.wall).toISOString()
    const event = { ...what, kind: this.kind, target: this.target, labels: { ...this.#options.labels }, time }
    this.#note(event)
    this.#delivery.happened(event)
  }

  #messageOf = (error: unknown): string => this.#options.redact(error instanceof Error ? error.message : String(error))
}

function absenceIn({ reason, beforeStream }: Extract<Reading<unknown>, { outcome: 'absent' }>): Absence {
  return { reason, ...(beforeStream && { beforeStream }) }
}
