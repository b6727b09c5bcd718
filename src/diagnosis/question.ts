import type { Issue } from '../observation/observation.ts'
import type { Place, Situation } from './situation.ts'

/** What is known of one question. `unknown` counts for nothing. */
export type Verdict = 'bad' | 'good' | 'unknown'

export interface Answer {
  verdict: Verdict
  /** One clause without a full stop, for a person; empty while unknown. */
  says: string
  /** What to configure so that it can be answered; absent where it is answered, or nothing would help. */
  missing?: string
  /** It was answered of the time before the stream went away, and will be of now within a poll or two. */
  awaited?: true
}

/** One question whose answer tells causes from one another. */
export interface Question {
  /** Probability that it is answered `bad` though no cause makes it so: a fault that heals, a slow poll, noise. */
  leak: number
  /** Pure. */
  ask(situation: Situation): Answer
}

export const UNKNOWN: Answer = { verdict: 'unknown', says: '' }
export const bad = (says: string): Answer => ({ verdict: 'bad', says })
/** Nothing that could answer is configured. */
export const lacks = (missing: string): Answer => ({ verdict: 'unknown', says: '', missing })
export const good = (says: string): Answer => ({ verdict: 'good', says })

/** Media seconds per second: less is late, and within a second of buffering no rounding (`videoIngestionStarved` clears at 0.97). */
export const LATE = 0.95

/** Share of the newest series of echoes whose loss is no chance: two of five. */
export const LOSES = 0.4

/** What the first of these issues that is active says; null where none is. */
export function firstSummary(issues: readonly Issue[], types: readonly string[]): string | null {
  for (const type of types) {
    const found = issues.find((issue) => issue.type === type)
    if (found !== undefined) return found.summary
  }
  return null
}

/**
 * Whether hosts of these places answer, by their newest series of echoes: `up` waits for three, and would clear what has been
 * dead for a quarter of a minute.
 */
export function hostAnswers({ hosts }: Situation, places: readonly Place[], what: string, missing: string): Answer {
  if (!hosts.some(({ place }) => places.includes(place))) return lacks(missing)
  const asked = hosts.filter(({ place, seen }) => places.includes(place) && seen.measurements.answered !== null)
  if (asked.some(({ seen }) => seen.measurements.answered === true)) return good(`${what} answers`)
  return asked.length > 0 ? bad(`${what} does not answer (${names(asked.map(({ seen }) => seen))})`) : UNKNOWN
}

export function names(seen: readonly { target: string }[]): string {
  return seen.map(({ target }) => target).join(', ')
}
