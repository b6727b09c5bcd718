import { SLICE, type Slice, type SliceValue } from './records.ts'

/** What a row of the store says of the measures of one slice: `[mean, min, max, count, measured]` by name. */
export type PackedValues = Readonly<Record<string, readonly [number, number, number, number, number]>>

/** Digits that are kept: a ten thousandth is finer than what is measured, and half the bytes of all that a number has. */
const DIGITS = 4

export function packValues(values: Slice['values']): PackedValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, { mean, min, max, count, measured }]) => [
      name,
      [round(mean), round(min), round(max), count, measured],
    ]),
  )
}

export function unpackValues(packed: PackedValues): Slice['values'] {
  return Object.fromEntries(
    Object.entries(packed).map(([name, [mean, min, max, count, measured]]) => [
      name,
      { mean, min, max, count, measured },
    ]),
  )
}

function round(value: number): number {
  return Number(value.toPrecision(DIGITS))
}

/** What two parts of a time, or of several, were together; means are over measured time. */
export function joined(one: SliceValue, other: SliceValue): SliceValue {
  const measured = one.measured + other.measured
  return {
    mean: (one.mean * one.measured + other.mean * other.measured) / measured,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    count: one.count + other.count,
    measured,
  }
}

/**
 * What becomes of a slice that is written a second time. Two parts of it, as before and after a restart, are added;
 * where both together are longer than it is, the clock was set back, and what was observed last counts.
 */
export function rewritten(older: Slice['values'], newer: Slice['values']): Slice['values'] {
  const fits = Object.entries(newer).every(
    ([name, { measured }]) => measured + (older[name]?.measured ?? 0) <= SLICE / 1000,
  )
  if (!fits) return newer
  const both = Object.entries(newer).map(([name, value]) => {
    const before = older[name]
    return [name, before === undefined ? value : joined(before, value)] as const
  })
  return { ...older, ...Object.fromEntries(both) }
}
