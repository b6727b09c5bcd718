/**
 * What can be wrong with a device or the way to it, caused on purpose.
 *
 * - `slow`: every answer takes so many seconds.
 * - `hang`: it takes the question and never answers.
 * - `half-open`: what was connected stays so and says nothing more; nobody new is let in.
 * - `cut`: the connection ends in the middle of an answer.
 * - `malformed`: the answer is neither JSON nor blocks.
 * - `wrong-type`: the bitrate is a word.
 * - `missing-field`: there is no status.
 * - `unknown-status`: the status is one that is documented nowhere.
 * - `oversized`: the answer has no end.
 * - `status`: REST answers with this HTTP status.
 * - `nack`: the text protocol refuses the question.
 * - `partial`: the text protocol answers with what has changed alone.
 */
export type Fault =
  | { fault: 'none' }
  | { fault: 'slow'; seconds: number }
  | { fault: 'hang' | 'half-open' | 'cut' | 'malformed' | 'wrong-type' | 'missing-field' | 'unknown-status' }
  | { fault: 'oversized' | 'nack' | 'partial' }
  | { fault: 'status'; code: number }

/** What a server of the simulator is given. */
export interface Situation {
  readonly fault: Fault
  /** Keeps note of what was asked: `GET /system`, `STREAM STATE:`. */
  asked(what: string): void
}
