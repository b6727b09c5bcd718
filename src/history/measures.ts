import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'

/** A number that is kept of every target of a kind: its mean, least and greatest over each ten seconds. */
export interface Measure<M = MeasurementsOf[Kind]> {
  /** As routes, reports and the time line name it. */
  readonly name: string
  /** `B/s`, `1/s`, `s`, `ratio` (0 to 1, or about 1), `persons` or `points` (0 to 100). */
  readonly unit: 'B/s' | '1/s' | 's' | 'ratio' | 'persons' | 'points'
  /** What it is, for people: the start of a sentence. */
  readonly title: string
  /** Null while it is not known: then the time is unmeasured, never 0. */
  value(measurements: M): number | null
}

/** What a kind says of its history. */
export interface KeptKind<K extends Kind = Kind> {
  readonly kind: K
  /** In the order in which they are shown. */
  readonly measures: readonly Measure<MeasurementsOf[K]>[]
}

export type KeptKinds = { readonly [K in Kind]: KeptKind<K> }

/** What the judge made of all that; every kind has it. */
const SCORE = { name: 'score', unit: 'points', title: 'Score' } as const

/** What is kept of targets of a kind, in the order in which it is shown; the score comes last. */
export function measuresOf(kinds: KeptKinds, kind: Kind): readonly Omit<Measure, 'value'>[] {
  return [...kinds[kind].measures, SCORE]
}

/** The values of an observation, in the order of `measuresOf`. What is no finite number is not known. */
export function valuesOf<K extends Kind>(
  kinds: KeptKinds,
  observation: Observation<K, MeasurementsOf[K]>,
): (number | null)[] {
  const { measures }: KeptKind<K> = kinds[observation.kind]
  const known = measures.map(({ value }) => value(observation.measurements))
  return [...known, observation.score].map((value) => (value !== null && Number.isFinite(value) ? value : null))
}
