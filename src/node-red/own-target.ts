import { MonitorError } from '../observation/errors.ts'
import type { Kind } from '../observation/observation.ts'
import { fillPlaceholders, placeholder, placeholdersIn } from '../secrets/placeholder.ts'
import type { Target } from '../targets/target.ts'
import { textIn, unsetVariableError } from './config.ts'

/** The target of a dialog. It holds no secret, only the names under which the monitor keeps them. */
export interface OwnTarget<K extends Kind> {
  target: Target<K>
  /** By name: what is to be put into the monitor's secret store. */
  secrets: ReadonlyMap<string, string>
}

/** What is secret in a dialog, under names of the node's own. */
export class OwnSecrets {
  readonly #id: string
  readonly #values = new Map<string, string>()

  /** @param id of the node; the names begin with it */
  constructor(id: string) {
    this.#id = id
  }

  get values(): ReadonlyMap<string, string> {
    return this.#values
  }

  /** @returns the placeholder that stands for the value */
  keep(name: string, value: string): string {
    this.#values.set(`node.${this.#id}.${name}`, value)
    return placeholder(`node.${this.#id}.${name}`)
  }

  /**
   * Takes every `${NAME}` of a field for a secret.
   *
   * @param variable the value of NAME, empty where there is none
   * @throws MonitorError `missing-variable`
   */
  keepVariables(written: string, variable: (name: string) => string): string {
    for (const name of placeholdersIn(written)) {
      if (variable(name) === '') throw unsetVariableError(name)
    }
    return fillPlaceholders(written, (name) => this.keep(name, variable(name)))
  }

  /** A field as it is used, with its secrets. */
  filled(template: string): string {
    return fillPlaceholders(template, (name) => this.#values.get(name) ?? '')
  }
}

/** A field that may be empty. What is no number stays as it is: the target's definition says what is wrong with it. */
export function numberOr(value: unknown, empty: number | null): unknown {
  if (value === undefined || value === null || textIn(value) === '') return typeof value === 'number' ? value : empty
  return Number.isNaN(Number(value)) ? value : Number(value)
}

/**
 * A field that holds a JSON object; an empty one where it is empty.
 *
 * @throws MonitorError `invalid-target`
 */
export function objectIn(value: unknown, field: string, label: string): object {
  const text = textIn(value)
  if (text === '' && (value === undefined || value === null || typeof value === 'string')) return {}
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(text) : value
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch {
    // Said below.
  }
  throw new MonitorError('invalid-target', `${label}: "${field}" must be a JSON object, as in {"streamStalled": null}`)
}
