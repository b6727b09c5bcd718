import { CHECKS_OF } from '../health/checks/of-kind.ts'
import { refuseLimits } from '../health/limits.ts'
import { createProfiles } from '../health/profile-lookup.ts'
import { parseBandwidthUrl } from '../network/bandwidth/address.ts'
import { parseServiceUrl } from '../network/service/address.ts'
import { MonitorError } from '../observation/errors.ts'
import { didYouMean, nearestWord } from '../observation/nearest-word.ts'
import type { Kind } from '../observation/observation.ts'
import { fillPlaceholders } from '../secrets/placeholder.ts'
import { parseStreamUrl } from '../secrets/stream-address.ts'
import { explainFaults } from './schema-faults.ts'
import type { BandwidthTarget, ExpectationRule, ServiceTarget, StreamTarget, TargetOf } from './target.ts'
import { validators } from './validators.generated.js'
import { isTimezone } from './zoned-time.ts'

/**
 * Checks a target of a message, a dialog or the targets file by its definition in `targets.schema.json` and fills in the
 * defaults. The answer shares nothing with `value`.
 *
 * @param label what the entry is called in an error, for example `streams[2] "main"`
 * @throws MonitorError `invalid-target`, `unknown-key`; of a URL also `invalid-url`,
 *   `forbidden-protocol`, `publish-only`. The message begins with the label.
 */
export function parseTarget<K extends Kind>(kind: K, value: unknown, label = labelOf(kind, value)): TargetOf[K] {
  const validate = validators[kind]
  const entry = typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value
  if (!validate(entry)) {
    const { code, message, suggestion } = explainFaults(kind, validate.errors ?? [], value)
    throw new MonitorError(code, `${label}: ${message}`, { suggestion })
  }
  const target = structuredClone(entry) as TargetOf[K]
  labelled(label, () => {
    checkWindows(target.expected)
    refuseLimits(target.limits, CHECKS_OF[kind])
  })
  if (kind === 'stream') {
    // What the definition of a stream has accepted is a stream.
    const { profile, profiles, url } = target as StreamTarget
    if (profile !== null) labelled(label, () => createProfiles(profiles).get(profile))
    checkStreamUrl(url, label)
  }
  // The same of a service.
  if (kind === 'service') checkServiceUrl((target as ServiceTarget).url, label)
  if (kind === 'bandwidth') checkBandwidthUrl((target as BandwidthTarget).url, label)
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
 * Checks all of a stream's URL that can be known before `${NAME}` is filled in.
 *
 * @throws MonitorError as `parseStreamUrl`, with the label before its message
 */
export function checkStreamUrl(url: string, label: string): void {
  if (url.startsWith('${')) return
  labelled(label, () => parseStreamUrl(fillPlaceholders(url, () => 'x')))
}

/**
 * Checks all of a service's URL that can be known before `${NAME}` is filled in.
 *
 * @throws MonitorError as `parseServiceUrl`, with the label before its message
 */
export function checkServiceUrl(url: string, label: string): void {
  if (url.startsWith('${')) return
  labelled(label, () => parseServiceUrl(fillPlaceholders(url, () => 'x')))
}

/**
 * Checks all of a bandwidth test's URL that can be known before `${NAME}` is filled in. A port is a number, and so is
 * what stands for one.
 *
 * @throws MonitorError as `parseBandwidthUrl`, with the label before its message
 */
export function checkBandwidthUrl(url: string, label: string): void {
  if (url.startsWith('${')) return
  labelled(label, () => parseBandwidthUrl(fillPlaceholders(url, () => '1')))
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

function labelOf(kind: Kind, value: unknown): string {
  const name = nameOf(value)
  return name === null ? kind : `${kind} "${name}"`
}
