import { isRecord } from '../observation/shape.ts'

/** Shows what a server sent to a person: on one line, without control characters, and short. */
export function legible(text: string, most = 100): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`
}

/** A text that a server sent, made legible; null where there is none. */
export function textOf(value: unknown, most = 100): string | null {
  const text = typeof value === 'string' ? legible(value, most) : ''
  return text === '' ? null : text
}

/** The fields of what a server sent; none where it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}

/** The object that a text in JSON is; null where it is another thing, or no JSON. */
export function objectIn(json: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
