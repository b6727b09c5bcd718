/** How one measure of a target stands to what is usual for that target: information, and no reason to wake anybody. */
export interface Usual {
  /** As in `src/history/measures.ts`, such as `videoBytesPerSecond`. */
  measure: string
  /** Mean over the newest ten seconds. */
  value: number
  /** The lowest and the highest that are usual, in the unit of the measure. */
  low: number
  high: number
  /** Spreads between the value and the middle of what is usual; negative below it. */
  deviation: number
  /** `level`: far from what is usual. `shift`: a little off, for long. Null: as usual. */
  unusual: 'level' | 'shift' | null
  /** The value and the usual range, in words with units. */
  text: string
}
