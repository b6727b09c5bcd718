import { refuseLimits } from '../health/limits.ts'
import { MonitorError } from '../observation/errors.ts'
import { isTimezone } from '../observation/local-time.ts'
import { didYouMean, nearestWord } from '../observation/nearest-word.ts'
import type { Kind } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'
import { fillPlaceholders } from '../secrets/placeholder.ts'
import { type Secret, sealUrl } from '../secrets/seal.ts'
import type { SecretStore } from '../secrets/secrets.ts'
import { explainTarget } from './schema-faults.ts'
import type { CommonTarget, ExpectationRule, Target, TargetOf } from './target.ts'
import type { TargetKind } from './target-kind.ts'
import { validators } from './validators.generated.js'

/**
 * Checks a target of a message, a dialog or the targets file by its definition in `targets.schema.json` and fills in the
 * defaults. The answer shares nothing with `value`.
 *
 * @param label what the entry is called in an error, for example `streams[2] "main"`
 * @throws MonitorError `invalid-target`, `unknown-key`; of a URL also `invalid-url`,
 *   `forbidden-protocol`, `publish-only`. The message begins with the label.
 */
export function parseTarget<K extends Kind>(
  kind: TargetKind<K>,
  value: unknown,
  label = labelOf(kind, value),
): TargetOf[K] {
  const validate = validators[kind.kind]
  const entry = isRecord(value) ? { ...value } : value
  if (!validate(entry)) {
    const { code, message, suggestion } = explainTarget(kind.kind, validate.errors ?? [], value)
    throw new MonitorError(code, `${label}: ${message}`, { suggestion })
  }
  const target = structuredClone(entry) as TargetOf[K]
  labelled(label, () => {
    checkWindows(target.expected)
    refuseLimits(target.limits, kind.checks)
    kind.refuse?.(target)
    kind.join?.(target)
  })
  checkAddress(kind, addressOf(kind, target), label)
  return target
}

function checkWindows(expected: ExpectationRule): void {
  if (typeof expected === 'string') return
  const index = expected.findIndex(({ timezone }) => !isTimezone(timezone))
  const unknown = expected[index]
  if (unknown === undefined) return
  const suggestion = nearestWord(unknown.timezone, Intl.supportedValuesOf('timeZone'))
  const instead = didYouMean(suggestion) || '; write it as in "Europe/Berlin"'
  throw new MonitorError(
    'invalid-target',
    `"expected.${index}.timezone" is no time zone that is known here${instead}`,
    { suggestion },
  )
}

/**
 * Checks all of an address that can be known of it, before `${NAME}` is filled in or after.
 *
 * @throws MonitorError with the label before its message
 */
export function checkAddress(kind: TargetKind, address: string, label: string): void {
  if (address.startsWith('${')) return
  // A port is a number, and so is what stands for one.
  labelled(label, () => kind.refuseAddress?.(fillPlaceholders(address, () => '1')))
}

/** What an entry is watched by: the one field that may hold `${NAME}`. */
export function addressOf({ field }: Pick<TargetKind, 'field'>, target: Target): string {
  const value = (target as unknown as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string' ? value : ''
}

/** Puts the label before the message of an error. */
function labelled(label: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    const { code, message, suggestion } = error
    throw new MonitorError(code, `${label}: ${message}`, { suggestion })
  }
}

/** The name of an entry for an error: only a name that is allowed is shown, because anything may stand in its place. */
export function nameOf(value: unknown): string | null {
  const name = (value as { name?: unknown } | null | undefined)?.name
  return typeof name === 'string' && NAME.test(name) ? name : null
}

const NAME = /^(?!.*(?::\/\/| $))[\p{L}\p{N}][\p{L}\p{M}\p{N} _.:/()+#@-]{0,63}$/u

function labelOf({ kind }: Pick<TargetKind, 'kind'>, value: unknown): string {
  const name = nameOf(value)
  return name === null ? kind : `${kind} "${name}"`
}

/** A target without literal secrets, and what was taken out of its URL. */
export interface SealedTarget<T> {
  target: T
  secrets: Secret[]
}

/**
 * Takes literal secrets out of the URL of a target that came by message or dialog. `targets` has done so already with
 * what it sends. A name without a value yet stays as it is.
 */
export function sealTarget<T extends CommonTarget>(owner: string, target: T, store: SecretStore): SealedTarget<T> {
  const { url } = target as { url?: unknown }
  if (typeof url !== 'string') return { target, secrets: [] }
  const filled = fillPlaceholders(url, (name) => store.valueOf(name) ?? 'x')
  const sealed = sealUrl(owner, target.name, url, filled)
  if (sealed.url === url) return { target, secrets: [] }
  return { target: { ...target, url: sealed.url }, secrets: sealed.secrets }
}
