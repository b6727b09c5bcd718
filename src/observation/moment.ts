/** Milliseconds since the epoch of a time in ISO 8601; not a number for anything else. */
export function moment(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN
}
