/** Longer words are not compared: whoever writes them has not mistyped one of ours, and the time must be bounded. */
const LONGEST = 64

/**
 * The known word that was most likely meant: the nearest by inserted, left out, changed and swapped letters, whatever
 * their case. One mistake is allowed in every three letters, so that nothing far away is ever proposed; where two words are
 * equally near, none is.
 *
 * @param most how many mistakes are allowed in a known word, where those are too many
 */
export function nearestWord(
  word: string,
  known: readonly string[],
  most: (candidate: string) => number = () => LONGEST,
): string | null {
  const written = word.trim().toLowerCase()
  if (written === '' || written.length > LONGEST) return null
  const allowedIn = (candidate: string) => Math.min(allowed(written, candidate), most(candidate))
  const ranked = known
    .filter((candidate) => Math.abs(candidate.length - written.length) <= allowedIn(candidate))
    .map((candidate) => ({ candidate, distance: distance(written, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= allowedIn(candidate))
    .sort((a, b) => a.distance - b.distance)
  const [first, second] = ranked
  if (first === undefined || first.distance === second?.distance) return null
  return first.candidate
}

/** The half sentence that proposes a word; empty where there is none. */
export function didYouMean(suggestion: string | null): string {
  return suggestion === null ? '' : `, did you mean "${suggestion}"?`
}

function allowed(written: string, candidate: string): number {
  return Math.floor(Math.min(written.length, candidate.length) / 3)
}

/** Damerau and Levenshtein's distance, without edits inside a swapped pair ("optimal string alignment"). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
