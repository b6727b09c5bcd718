import { mock } from 'node:test'
import type { Judge, JudgeInput, Verdict } from '../../src/health/judge.ts'
import type { WatchListener } from '../../src/monitor/delivery.ts'
import { Watch, type WatchOptions } from '../../src/monitor/watch.ts'
import type { Clock } from '../../src/observation/clock.ts'
import type { Handover } from '../../src/observation/handover.ts'
import type { MonitorEvent, Observation } from '../../src/observation/observation.ts'
import type { Probe, ProbeListener, Reading } from '../../src/observation/reading.ts'

/** A measurement with one value of the moment and one thing that is handed over only once. */
export interface Level {
  total: number
  level: number | null
  news: string[]
}

export const LEVEL_HANDOVER: Handover<Level> = {
  withoutValues: (m) => ({ ...m, level: null }),
  withoutNews: (m) => ({ ...m, news: [] }),
  withNewsOf: (older, newer) => ({ ...newer, news: [...older.news, ...newer.news] }),
}

/** Both clocks are the mocked `Date`, so that timers and clocks agree. */
export const mockedClock: Clock = { wall: () => Date.now(), monotonic: () => Date.now() / 1000 }

export const START = Date.parse('2026-03-01T10:00:00.000Z')

export function mockTime(): void {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START })
}

/** Lets time pass in steps of 10 ms, because the mock gives all timers of one step the time of its end. */
export function pass(seconds: number): void {
  for (let passed = 0; passed < Math.round(seconds * 100); passed += 1) mock.timers.tick(10)
}

export class FakeProbe implements Probe<Level> {
  reading: Reading<Level> = { outcome: 'present', measurements: { total: 1, level: 5, news: [] } }
  reads = 0
  starts = 0
  stops = 0
  expectations: boolean[] = []
  listener: ProbeListener | null = null
  /** Thrown by the next calls of `read`. */
  error: Error | null = null

  start(listener: ProbeListener): void {
    this.starts += 1
    this.listener = listener
  }
  read(): Reading<Level> {
    this.reads += 1
    if (this.error) throw this.error
    const { reading } = this
    // As a meter does: what is new is handed over once.
    this.reading = { ...reading, measurements: { ...reading.measurements, news: [] } }
    return reading
  }
  setExpected(expected: boolean): void {
    this.expectations.push(expected)
  }
  async stop(): Promise<void> {
    this.stops += 1
  }
  /** Measures what the next reading will say. */
  measure(outcome: 'present' | 'absent' | 'unknown', news: string[] = []): void {
    const measurements = { total: 1, level: 5, news }
    if (outcome === 'present') this.reading = { outcome, measurements }
    else if (outcome === 'absent') this.reading = { outcome, reason: 'stalled', measurements }
    else this.reading = { outcome, code: 'killed', message: 'ffprobe was killed', measurements }
  }
}

/** Says `ok`, `down`, `off` or `unknown` without issues, unless told otherwise; keeps what it was asked. */
export class FakeJudge implements Judge<Level> {
  inputs: JudgeInput<Level>[] = []
  next: Partial<Verdict> = {}
  error: Error | null = null

  judge(input: JudgeInput<Level>): Verdict {
    if (this.error) throw this.error
    this.inputs.push(input)
    const { outcome } = input.reading
    const state = outcome === 'present' ? 'ok' : outcome === 'unknown' ? 'unknown' : input.expected ? 'down' : 'off'
    const verdict: Verdict = { state, score: 100, issues: [], raised: [], superseded: [], cleared: [], ...this.next }
    this.next = {}
    return verdict
  }
}

/** Keeps all it is handed. */
export class Outputs implements WatchListener<'stream', Level> {
  observations: Observation<'stream', Level>[] = []
  events: MonitorEvent[] = []
  /** What came, in order: `ok`, `down`, and the names of events. */
  order: string[] = []

  observed(observation: Observation<'stream', Level>): void {
    this.observations.push(observation)
    this.order.push(observation.state)
  }
  happened(event: MonitorEvent): void {
    this.events.push(event)
    this.order.push(`event ${event.event}`)
  }
  get newest(): Observation<'stream', Level> {
    const newest = this.observations.at(-1)
    if (!newest) throw new Error('nothing was observed')
    return newest
  }
}

export function watchOf(changes: Partial<WatchOptions<'stream', Level>> = {}) {
  const probe = new FakeProbe()
  const judge = new FakeJudge()
  const outputs = new Outputs()
  const watch = new Watch<'stream', Level>({
    kind: 'stream',
    target: 'main',
    labels: { hall: 'east' },
    interval: 1,
    rule: 'always',
    probe,
    judge,
    handover: LEVEL_HANDOVER,
    clock: mockedClock,
    settings: '{}',
    redact: (text) => text.replaceAll('s3cret', '***'),
    ...changes,
  })
  watch.attach(outputs)
  return { watch, probe, judge, outputs }
}
