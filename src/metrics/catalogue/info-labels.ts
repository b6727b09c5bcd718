/** How many of a user's labels `_info` carries, in the order of their names. */
export const MAX_USER_LABELS = 20
/** Characters; what a publisher or a user sends is cut off there. */
export const MAX_VALUE_LENGTH = 200

/**
 * The labels of `_info`: what the target says of itself, then the user's own. A user's label name is made a valid one
 * (Prometheus data model: `[a-zA-Z_][a-zA-Z0-9_]*`, none that begins with `__`); one that is taken gets `user_` in
 * front, and a number behind if that is taken as well.
 */
export function infoLabels(
  own: Readonly<Record<string, string | number | null>>,
  users: Readonly<Record<string, string>>,
): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (value !== null && value !== '') labels[name] = cut(String(value))
  }
  const taken = new Set(['target', ...Object.keys(own)])
  for (const name of Object.keys(users).sort().slice(0, MAX_USER_LABELS)) {
    const value = users[name]
    if (value === undefined || value === '') continue
    const free = freeName(validName(name), taken)
    taken.add(free)
    labels[free] = cut(value)
  }
  return labels
}

function validName(name: string): string {
  const valid = name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^__+/, '_')
  return /^[a-zA-Z_]/.test(valid) ? valid.slice(0, MAX_VALUE_LENGTH) : `_${valid}`.slice(0, MAX_VALUE_LENGTH)
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  const prefixed = `user_${name}`
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? prefixed : `${prefixed}_${number}`
    if (!taken.has(candidate)) return candidate
  }
}

function cut(value: string): string {
  return value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH - 1)}…` : value
}
