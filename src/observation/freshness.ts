/** Intervals: what is older says nothing about now. One may come late, and one be lost. */
export const FRESH_INTERVALS = 3

/** Whether what was observed still says something about now. Both in seconds. */
export function isFresh({ age, interval }: { age: number; interval: number }): boolean {
  return age <= FRESH_INTERVALS * interval
}
