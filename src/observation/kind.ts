import type { Kind, Observation } from './observation.ts'

/**
 * What a kind of target is called. All that is said of a kind stands in its descriptor in `src/kinds`; what lies below
 * gets the table of them as an argument, by an interface of its own that has what it needs of a kind.
 */
export interface KindNames<K extends Kind = Kind> {
  readonly kind: K
  /** One of them, in a sentence: `live event`. */
  readonly noun: string
  /** One of them, on a card: `Platform`. */
  readonly label: string
  /** All of them, above a table: `Platform`. */
  readonly title: string
  /** Where they lie on the time line. */
  readonly lane: Lane
}

/** The lanes of the time line, from the camera to the viewer. */
export const LANES = ['encoder', 'network', 'stream', 'platform'] as const
export type Lane = (typeof LANES)[number]

/** The kinds of a table, in its order. */
export function kindsOf(table: Readonly<Record<Kind, unknown>>): Kind[] {
  // A table has exactly the kinds as its keys.
  return Object.keys(table) as Kind[]
}

/** The catalogue of the node's labels. */
export type Say = (key: string, values?: Record<string, string | number>) => string

/** What is special about the status of one kind. */
export interface StatusWords<K extends Kind, M> {
  /** What is shown of one target that is well; null: only that it is. */
  valueText(observation: Observation<K, M>, say: Say): string | null
  /** Labels by the code of an error that makes the whole node useless, as a program that is not there does. */
  unusable?: Readonly<Record<string, string>>
}
