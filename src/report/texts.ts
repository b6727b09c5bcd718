import type { Confidence, Location } from '../observation/diagnosis.ts'
import type { Language } from '../observation/language.ts'
import type { Counted } from './accounting.ts'
import type { Cause, Degradation, Interruption, ReportEvent } from './report.ts'

/** The words of a report. */
export interface Texts {
  language: Language
  /** For `Intl`: how numbers and times are written. */
  locale: string
  title(target: string): string
  verdict: {
    clean(onAir: string): string
    onAir(onAir: string, measured: string, share: string): string
    interruptions(count: number, total: string): string
    degraded(length: string): string
    cause(where: string, how: string): string
    unmeasured(length: string): string
    down(measured: string): string
    nothingKnown(expected: string): string
    notExpected: string
  }
  section: Record<
    | 'facts'
    | 'account'
    | 'interruptions'
    | 'degradations'
    | 'timeline'
    | 'moments'
    | 'percentiles'
    | 'viewers'
    | 'comparison'
    | 'remedies'
    | 'method'
    | 'events'
    | 'report',
    string
  >
  none: Record<'interruptions' | 'degradations' | 'moments' | 'remedies' | 'events', string>
  /** Names of facts and heads of columns. */
  word: Record<
    | 'target'
    | 'site'
    | 'monitor'
    | 'planned'
    | 'onAir'
    | 'covered'
    | 'profile'
    | 'madeAt'
    | 'expected'
    | 'share'
    | 'length'
    | 'start'
    | 'end'
    | 'seen'
    | 'cause'
    | 'or'
    | 'why'
    | 'told'
    | 'acknowledged'
    | 'endedBy'
    | 'issue'
    | 'times'
    | 'total'
    | 'longest'
    | 'worst'
    | 'says'
    | 'time'
    | 'measure'
    | 'value'
    | 'usual'
    | 'picture'
    | 'least'
    | 'median'
    | 'p95'
    | 'most'
    | 'now'
    | 'before'
    | 'verdict'
    | 'what'
    | 'step'
    | 'against'
    | 'state'
    | 'mean'
    | 'nobody'
    | 'unknownCause'
    | 'more'
    | 'notMeasured',
    string
  >
  state: Record<Counted | 'off', string>
  location: Record<Location, string>
  confidence: Record<Confidence, string>
  endedBy: Record<'media' | 'end' | 'unmeasured', string>
  measure: Readonly<Record<string, string>>
  kind: Readonly<Record<string, string>>
  compared: Record<'share' | 'interruptions' | 'down' | 'videoBytesPerSecond', string>
  comparedWord: Record<'better' | 'usual' | 'worse', string>
  comparedWith(events: number): string
  /** What was promised, how much that allows, and what was missed. */
  budget(objective: string, allowed: string, missed: string, isKept: boolean): string
  usualMeans: string
  after(length: string): string
  givenUp(receiver: string): string
  told(receiver: string): string
  acknowledgedBy(who: string): string
  viewers(most: string, mean: string, lost: string): string
  pictureAt(time: string): string
  chart(what: string): string
  more(count: number): string
  method: {
    rules: readonly string[]
    clock(timezone: string): string
    madeBy(what: string): string
    gap(from: string, to: string, length: string): string
    noGaps: string
    step(at: string, length: string, isForward: boolean): string
  }
  /** What a check finds, in a few words, by its type. */
  issue(type: string): string
  /** A step or a cause that stands in a table of ours; what stands in none is left as it is. */
  sentence(english: string): string
  seen(interruption: Pick<Interruption, 'seen' | 'issues'>): readonly string[]
  evidence(cause: Pick<Cause, 'evidence' | 'answers'>): readonly string[]
  /** Null: the columns beside it say it all. */
  summary(degradation: Pick<Degradation, 'says'>): string | null
  /** What was measured or expected, with its unit. */
  value(text: string): string
  happened(event: ReportEvent): string
  mail: { subject(target: string, word: string): string; attached: string }
}
