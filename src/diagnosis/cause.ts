import type { Location } from '../observation/diagnosis.ts'
import type { QuestionName } from './evidence.ts'
import type { MonitorPlace } from './situation.ts'

/** A probability, for all places of the monitor or for each; 0 where it is not named. */
export type Weight = number | Partial<Record<MonitorPlace, number>>

/** One way in which a stream goes wrong. */
export interface Cause {
  location: Location
  /** One sentence that names it, for a person. */
  says: string
  /** How probable it is before anything is asked, beside the others and `NOTHING`: only their ratios count. */
  prior: number
  /** Probability that it makes the answer to a question `bad`. */
  makesBad: Partial<Record<QuestionName, Weight>>
  /** Never `certain` while the answer to this is not `bad`: what looks the same is too near. */
  certainWith?: QuestionName
  /** What helps, first things first; at most four steps. */
  remedy: readonly string[]
  /** It says that the stream itself is well. */
  leavesStreamWell?: true
  /** What the weights rest on. */
  source: string
}

/** For a monitor that does not stand at the venue. */
export const away = (probability: number): Weight => ({ server: probability, elsewhere: probability })
/** For one that does. */
export const atVenue = (probability: number): Weight => ({ venue: probability })
