/** Where a fault can be, from the encoder's side to the monitor's. */
export const LOCATIONS = [
  'operator',
  'source',
  'encoder',
  'venue-network',
  'uplink',
  'name-service',
  'server',
  'platform',
  'monitor-network',
  'monitor',
] as const
export type Location = (typeof LOCATIONS)[number]

/** How sure a diagnosis is: from 0.9, from 0.6 and from 0.5. */
export type Confidence = 'certain' | 'likely' | 'possible'

/** One question of the diagnosis, and how it was answered. */
export interface DiagnosisAnswer {
  question: string
  verdict: 'bad' | 'good'
}

/** Another location at which the fault may as well be. */
export interface OtherPlace {
  location: Location
  cause: string
  /** One sentence without a full stop. */
  says: string
}

/** Where a fault is, or why that cannot be said. */
export interface Diagnosis {
  /** Null where nothing reaches 0.5: then what is in `wouldDecide` is missing. */
  location: Location | null
  /** The name of the cause in the table. */
  cause: string | null
  /** 0 to 1, of the location. */
  probability: number
  confidence: Confidence | null
  /** One sentence without a full stop; empty without a location. */
  says: string
  /** Where what is known would look the same with another cause elsewhere; then `confidence` is `possible` at the most. */
  orElse?: OtherPlace
  /** Clauses, the strongest first. */
  evidenceFor: string[]
  /** The questions that `evidenceFor` answers, in its order, for who says them in another language. */
  answersFor?: DiagnosisAnswer[]
  evidenceAgainst: string[]
  /** The same of `evidenceAgainst`. */
  answersAgainst?: DiagnosisAnswer[]
  /** What to configure, or from where to look, so that more can be said; null where nothing would help much. */
  wouldDecide: string | null
  /** At most four steps. */
  remedy: string[]
}

/** What helps against the cause, where that is sure enough or one of two; else what helps against what is seen. */
export function remedyOf(known: {
  readonly diagnosis?: Pick<Diagnosis, 'confidence' | 'orElse' | 'remedy'> | null
  readonly issue: { readonly remedy: readonly string[] }
}): readonly string[] {
  const { diagnosis, issue } = known
  const isSure = diagnosis?.confidence === 'certain' || diagnosis?.confidence === 'likely'
  const isKnown = isSure || diagnosis?.orElse !== undefined
  return isKnown && diagnosis.remedy.length > 0 ? diagnosis.remedy : issue.remedy
}
