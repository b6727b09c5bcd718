/** Whether this is an object with fields: what a message from anywhere is asked before one of them is read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What a table has under a key that came from outside. `table[key]` would also find what every object has, as under
 * `constructor` or `__proto__`.
 */
export function ownEntry<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
