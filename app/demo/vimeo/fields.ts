/** What `?fields=a,b.c` leaves of an object. A field that is not there stays away; a list is filtered item by item. */
export function onlyFields(value: unknown, fields: string | null): unknown {
  if (fields === null || fields === '') return value
  return filtered(
    value,
    fields.split(',').map((path) => path.trim().split('.')),
  )
}

function filtered(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (Array.isArray(value)) return value.map((item) => filtered(item, paths))
  if (typeof value !== 'object' || value === null) return value
  const kept: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const mine = paths.filter(([first]) => first === key).map(([, ...rest]) => rest)
    if (mine.length === 0) continue
    kept[key] = mine.some((rest) => rest.length === 0) ? item : filtered(item, mine)
  }
  return kept
}

/** Sets the field at `a.b.c`, or takes it away where `value` is undefined. True where it was there. */
export function replaceField(body: unknown, path: string, value: unknown): boolean {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let at = body
  for (const key of keys) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined
  if (typeof at !== 'object' || at === null || !(last in at)) return false
  const record = at as Record<string, unknown>
  if (value === undefined) delete record[last]
  else record[last] = value
  return true
}
