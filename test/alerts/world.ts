import { type AlertBook, EMPTY_BOOK, parseBook } from '../../src/alerts/book.ts'
import { decide } from '../../src/alerts/decide.ts'
import type { LastSeen, Targets, WatchedTarget } from '../../src/alerts/dependencies.ts'
import { followObservation } from '../../src/alerts/follow.ts'
import { type AlertTiming, DEFAULT_TIMING } from '../../src/alerts/timing.ts'
import type { Alert, AlertLabels, Via } from '../../src/observation/alert.ts'
import type { Diagnosis } from '../../src/observation/diagnosis.ts'
import type { Issue, Kind, Observation, Severity, State } from '../../src/observation/observation.ts'
import { DependencyGraph } from '../../src/targets/dependency-graph.ts'

export const START = Date.parse('2026-03-01T10:00:00.000Z')
export const ORIGIN = { monitor: 'hall', site: 'main-hall' }

export const iso = (at: number) => new Date(at).toISOString()

export function issue(type: string, severity: Severity, since: number): Issue {
  const summary = `${type} is on`
  return { type, severity, since: iso(since), measured: 3, expected: 0, summary, remedy: ['Look at it.'] }
}

/** A target as a test has it. */
export interface TestTarget extends WatchedTarget, LastSeen {
  dependsOn?: readonly string[]
}

export function targetsOf(targets: readonly TestTarget[]): Targets {
  const named = ({ dependsOn = [] }: TestTarget) => dependsOn.map((name) => ({ kind: 'any', name }))
  return { graph: new DependencyGraph(targets, named), seen: (target: TestTarget) => target }
}

/** A monitor that is told what is observed, with a clock that the test turns. Milliseconds. */
export class World {
  at = START
  book: AlertBook = EMPTY_BOOK
  teller: Via | null = 'notify'
  timing: AlertTiming = DEFAULT_TIMING
  /** Where the fault is. */
  diagnose: (labels: AlertLabels) => Diagnosis | null = () => null
  /** What this monitor judges itself. */
  judges: (labels: AlertLabels) => boolean = () => false
  runningSince = START
  /** Everything that was sent, in order. */
  readonly sent: Alert[] = []
  readonly #targets = new Map<string, TestTarget>()

  watch(kind: Kind, name: string, dependsOn: string[] = [], interval = 1): void {
    this.#targets.set(`${kind}/${name}`, { kind, name, interval, dependsOn, state: null, measuredAt: null })
  }

  unwatch(kind: Kind, name: string): void {
    this.#targets.delete(`${kind}/${name}`)
  }

  /** An observation comes, and what is due is sent. */
  observe(kind: Kind, target: string, state: State, issues: Issue[] = []): void {
    const view = this.#targets.get(`${kind}/${target}`)
    if (view) this.#targets.set(`${kind}/${target}`, { ...view, state, measuredAt: this.at })
    this.book = followObservation(this.book, observed(kind, target, state, issues, this.at), ORIGIN, this.at).book
    this.decide()
  }

  /** Lets seconds pass, with a look at what is due at each of them. */
  pass(seconds: number, each: () => void = () => {}): void {
    for (let second = 0; second < seconds; second += 1) {
      this.at += 1000
      each()
      this.decide()
    }
  }

  decide(): void {
    const { at, runningSince, teller, timing, judges } = this
    const targets = targetsOf([...this.#targets.values()])
    const { book, alerts } = decide(this.book, {
      at,
      runningSince,
      targets,
      teller,
      timing,
      judges,
      diagnose: this.diagnose,
    })
    this.book = book
    this.sent.push(...alerts)
  }

  /** The process ends and another one reads what was on disk. */
  restart(): void {
    this.book = parseBook(JSON.parse(JSON.stringify(this.book)))?.book ?? EMPTY_BOOK
    this.runningSince = this.at
  }

  /** `change alertname target`, in order. */
  get said(): string[] {
    return this.sent.map(({ change, alertname, target }) => `${change} ${alertname.replace('Hmonitor', '')} ${target}`)
  }
}

function observed(kind: Kind, target: string, state: State, issues: Issue[], at: number): Observation {
  const labels = { programme: 'sunday' }
  return {
    ...{ kind, target, labels, time: iso(at), sequence: at, state, expected: true, score: null },
    ...{ measurements: {}, issues },
  }
}
