import type { AlertSeverity } from '../observation/alert.ts'
import type { Confidence, Diagnosis, Location } from '../observation/diagnosis.ts'

/** What is wrong with something, as a check says it. */
export interface Finding {
  alertname: string
  /** The sentence of the check, in English. */
  summary: string
  /** With unit. */
  measured?: string | undefined
  /** With unit. */
  expected?: string | undefined
}

/** How a message begins, by what is told. */
export type Mark = 'new' | 'again' | 'repeated' | 'worse'

/** Names of facts. */
type FactName =
  | 'affected'
  | 'cause'
  | 'causeAfterwards'
  | 'correction'
  | 'ended'
  | 'expected'
  | 'howSure'
  | 'lasted'
  | 'measured'
  | 'note'
  | 'orElse'
  | 'severity'
  | 'since'
  | 'speaksAgainst'
  | 'what'
  | 'where'
  | 'why'
  | 'wouldTell'

/** The words of what people are sent about alerts and incidents. */
export interface MessageTexts {
  fact: Record<FactName, string>
  /** Stand around what is told. */
  frame: Record<'steps' | 'more' | 'dashboard' | 'open' | 'now' | 'resolved' | 'picture', string>
  severity: Record<AlertSeverity, string>
  confidence: Record<Confidence, string>
  note: Record<'again' | 'worse' | 'repeated', string>
  ended: Record<'cleared' | 'not-expected' | 'not-watched', string>
  correction: string
  /** How a line about something of this severity begins. */
  mark(severity: AlertSeverity, mark: Mark): string
  resolvedAfter(length: string): string
  resolved: string
  corrects(location: Location): string
  /** `stream main`; without a name, the kind. */
  where(kind: string, target: string): string
  /** What an alert is called. */
  title(alertname: string): string
  /** What is wrong, its title first. */
  finding(finding: Finding): string
  /** What is wrong, where its title stands elsewhere. */
  summary(finding: Finding): string
  /** With its unit. */
  value(text: string): string
  /** A cause, a step or what would tell more. */
  sentence(english: string): string
  evidence(diagnosis: Pick<Diagnosis, 'evidenceFor' | 'answersFor'>): readonly string[]
  doubts(diagnosis: Pick<Diagnosis, 'evidenceAgainst' | 'answersAgainst'>): readonly string[]
  isOver: string
  affectedMany(count: number): string
  affects(count: number): string
  whichAffects(count: number): string
  /** `and 2 more`: of targets in a line, of messages in a subject, at the end of a list. */
  andMore(count: number): string
  alsoMore(count: number): string
  resolvedToo(count: number): string
  /** `stream main, now (12:00)`. */
  caption(target: string, which: 'now' | 'last-good', time: string): string
  since(title: string, time: string): string
}
