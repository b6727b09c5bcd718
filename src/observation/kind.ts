import type { Kind } from './observation.ts'

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
}

/** The kinds of a table, in its order. */
export function kindsOf(table: Readonly<Record<Kind, unknown>>): Kind[] {
  // A table has exactly the kinds as its keys.
  return Object.keys(table) as Kind[]
}
