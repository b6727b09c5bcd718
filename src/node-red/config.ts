import { MonitorError } from '../observation/errors.ts'

/** Node-RED fills in a field that is wholly `${NAME}` or `$(NAME)`, and leaves it as it is where NAME is not set. */
const LEFT_OVER = /^\$(?:\{([^{}]+)\}|\(([^()]+)\))$/

/** Node-RED's own. */
const NOT_OURS = new Set(['id', 'type', 'z', 'g', 'wires', 'info'])

/**
 * The first variable that a field of the dialog, or a credential, names and that is not set. Null where there is none.
 */
export function unsetVariable(fields: unknown): string | null {
  if (typeof fields === 'string') {
    const match = LEFT_OVER.exec(fields.trim())
    return match?.[1] ?? match?.[2] ?? null
  }
  if (typeof fields !== 'object' || fields === null) return null
  for (const [field, value] of Object.entries(fields)) {
    const name = NOT_OURS.has(field) ? null : unsetVariable(value)
    if (name !== null) return name
  }
  return null
}

export function unsetVariableError(name: string): MonitorError {
  return new MonitorError(
    'missing-variable',
    `The dialog takes a value from the variable ${name}, which is not set. Set it in the environment in which ` +
      'Node-RED starts, or in the environment of the flow or group, and deploy.',
  )
}

/** A field that holds a number, as number or text. Null where it is empty or holds none. */
export function numberIn(value: unknown): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** A field that holds text, without the spaces around it. Empty where it holds none. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}
