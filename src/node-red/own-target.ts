import { MonitorError } from '../observation/errors.ts'
import type { Kind } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'
import { fillPlaceholders, placeholder, placeholdersIn } from '../secrets/placeholder.ts'
import type { DialogField } from '../targets/dialog.ts'
import { checkAddress, parseTarget } from '../targets/parse-target.ts'
import type { Target } from '../targets/target.ts'
import type { TargetKind } from '../targets/target-kind.ts'
import { dialogs } from '../targets/validators.generated.js'
import { textIn, unsetVariableError } from './config.ts'

/** What a dialog saves, by property. Numbers may be text, as every field that may be `${NAME}`. */
export type DialogValues = Readonly<Record<string, unknown>>

/** The target of a dialog. It holds no secret, only the names under which the monitor keeps them. */
export interface OwnTarget<K extends Kind> {
  target: Target<K>
  /** By name: what is to be put into the monitor's secret store. */
  secrets: ReadonlyMap<string, string>
}

/** The address that a dialog holds. */
export interface DialogAddress {
  /** As it is typed; what is filled in for a `${NAME}` is not to be shown. */
  written: string
  /** With a placeholder of the node's own for each `${NAME}`. */
  sealed: string
  /** With the values of its variables. */
  filled: string
}

/** What is special about the target of one kind's dialog. */
export interface OwnTargetRules {
  /** The name of a target to which the dialog gives none; empty: `fallbackName`. */
  nameFrom?(address: DialogAddress): string
  fallbackName: string
  /** What is watched, where that is another than what is typed. */
  address?(address: DialogAddress, credentials: DialogValues, secrets: OwnSecrets): string
  /** Sets what is made of several fields. */
  complete?(entry: Record<string, unknown>): void
}

/** What is secret in a dialog, under names of the node's own. */
class OwnSecrets {
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

/** Names of the credentials that a dialog of this kind has. */
export function secretsOf(kind: Kind): string[] {
  return dialogs[kind].fields.filter(({ input }) => input === 'secret').map(({ property }) => property)
}

/** What a node reads its target from. */
export interface OwnTargetSource {
  /** Of the node; the names of its secrets begin with it. */
  id: string
  values: DialogValues
  credentials: DialogValues
  /** The value of a `${NAME}` within a field, empty where there is none. */
  variable(name: string): string
}

/**
 * Reads the target that a dialog describes. Null where it has no address: then the node takes targets from messages.
 * What a dialog leaves out has the default of the target's definition.
 *
 * @throws MonitorError `missing-variable`, `invalid-target`, and what `parseTarget` and the rules throw
 */
export function ownTarget<K extends Kind>(
  kind: TargetKind<K>,
  { id, values, credentials, variable }: OwnTargetSource,
  rules: OwnTargetRules,
): OwnTarget<K> | null {
  const written = wordIn(values[kind.field])
  if (written === '') return null
  const label = `The ${kind.noun} of this node`
  const secrets = new OwnSecrets(id)
  const sealed = secrets.keepVariables(written, variable)
  const address = { written, sealed, filled: secrets.filled(sealed) }
  const watched = rules.address?.(address, credentials, secrets) ?? sealed
  const entry: Record<string, unknown> = {}
  for (const field of dialogs[kind.kind].fields) {
    const isOfTarget = field.field !== undefined && field.input !== 'secret'
    const value = isOfTarget ? valueIn(values, field, label) : undefined
    if (field.field !== undefined && value !== undefined) entry[field.field] = value
  }
  entry.name = textIn(values.name) || rules.nameFrom?.(address) || rules.fallbackName
  entry[kind.field] = watched
  rules.complete?.(entry)
  const target = parseTarget(kind, entry, label)
  checkAddress(kind, secrets.filled(watched), label)
  return { target, secrets: secrets.values }
}

/** Undefined where the field is empty. What does not fit stays as it is: the target's definition says what is wrong. */
function valueIn(values: DialogValues, field: DialogField, label: string): unknown {
  const value = values[field.property]
  if (field.shownWith !== undefined && wordIn(values[field.shownWith]) === '') return undefined
  switch (field.input) {
    case 'flag':
      return typeof value === 'boolean' ? value : undefined
    case 'number':
      return numberIn(value)
    case 'list':
      return Array.isArray(value) ? value : entriesIn(value, field)
    case 'json':
      return objectIn(value, field.property, label)
    case 'expected':
      return value === 'windows' ? (values.windows ?? []) : value || undefined
    case 'labels':
      return value ?? undefined
    default:
      return typeof value === 'string' ? value.trim() || undefined : (value ?? undefined)
  }
}

/** Entries with commas between them. */
function entriesIn(value: unknown, { isWhole = false }: DialogField): unknown[] {
  const entries = wordIn(value)
    .split(isWhole ? /[\s,]+/ : ',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  return isWhole ? entries.map((entry) => (Number.isNaN(Number(entry)) ? entry : Number(entry))) : entries
}

/** Text, or a number that a flow written by hand holds in its place. */
function wordIn(value: unknown): string {
  return typeof value === 'number' ? String(value) : textIn(value)
}

function numberIn(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string' && value.trim() === '') return undefined
  return Number.isNaN(Number(value)) ? value : Number(value)
}

/** @throws MonitorError `invalid-target` */
function objectIn(value: unknown, property: string, label: string): object | undefined {
  const text = textIn(value)
  if (text === '' && (value === undefined || value === null || typeof value === 'string')) return undefined
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(text) : value
    if (isRecord(parsed)) return parsed
  } catch {
    // Said below.
  }
  throw new MonitorError(
    'invalid-target',
    `${label}: "${property}" must be a JSON object, as in {"streamStalled": null}`,
  )
}
