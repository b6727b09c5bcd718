import type { Measure } from '../history/measures.ts'
import { bitrate, hundredths, seconds } from '../observation/words.ts'

type Unit = Measure['unit']

/** How a value of each unit is written. */
const WRITTEN: { readonly [U in Unit]: (value: number) => string } = {
  'B/s': bitrate,
  '1/s': (value) => `${hundredths(value)} fps`,
  s: (value) => (Math.abs(value) < 1 ? `${hundredths(value * 1000)} ms` : seconds(value)),
  ratio: (value) => `${hundredths(value * 100)} %`,
  persons: (value) => `${Math.round(value)}`,
  points: (value) => `${Math.round(value)}`,
}

/** `Video 4.1 Mb/s (usual in your last 8 broadcasts: 5.6 to 6.2 Mb/s)`. */
export function usualText(
  { title, unit }: Pick<Measure, 'title' | 'unit'>,
  value: number,
  range: { low: number; high: number },
  compared: { broadcasts: number; isEndless: boolean },
): string {
  return `${title} ${WRITTEN[unit](value)} (usual ${comparedWith(compared)}: ${span(WRITTEN[unit], range)})`
}

/** The unit stands once, where it is the same. */
function span(written: (value: number) => string, { low, high }: { low: number; high: number }): string {
  // Nothing of what is measured is negative; only the width of the range may reach below 0.
  const [from, to] = [written(Math.max(0, low)), written(high)]
  const unit = / [^ ]+$/.exec(to)?.[0] ?? ''
  return `${unit !== '' && from.endsWith(unit) ? from.slice(0, -unit.length) : from} to ${to}`
}

function comparedWith({ broadcasts, isEndless }: { broadcasts: number; isEndless: boolean }): string {
  if (broadcasts === 0) return isEndless ? 'so far' : 'in this broadcast so far'
  const noun = isEndless ? 'day' : 'broadcast'
  return `in your last ${broadcasts === 1 ? noun : `${broadcasts} ${noun}s`}`
}
