import { textIn, unsetVariableError } from '../../node-red/config.ts'
import { joinStreamKey } from '../../stream/address.ts'
import { checkStreamUrl, parseTarget } from '../../targets/parse-target.ts'
import { fillPlaceholders, placeholder, placeholdersIn } from '../../targets/placeholder.ts'
import type { StreamTarget } from '../../targets/target.ts'
import type { FfprobeFields } from './ffprobe.types.ts'

/** The stream of a dialog. Its URL holds no secret, only the names under which the monitor keeps them. */
export interface OwnTarget {
  target: StreamTarget
  /** By name: what is to be put into the monitor's secret store. */
  secrets: Map<string, string>
}

const LABEL = 'The stream of this node'

/**
 * Reads the stream that a dialog describes. Null where it describes none: then the node takes streams from messages.
 *
 * @param id of the node; the names of its secrets begin with it
 * @param variable the value of a `${NAME}` within the URL, empty where there is none
 * @throws MonitorError `missing-variable` and what `parseTarget` throws
 */
export function ownTarget(
  id: string,
  config: FfprobeFields & { name?: unknown },
  streamKey: string,
  variable: (name: string) => string,
): OwnTarget | null {
  const written = textIn(config.url)
  if (written === '') return null
  const secrets = new Map<string, string>()
  const keep = (name: string, value: string) => {
    secrets.set(`node.${id}.${name}`, value)
    return placeholder(`node.${id}.${name}`)
  }
  for (const name of placeholdersIn(written)) {
    if (variable(name) === '') throw unsetVariableError(name)
  }
  const server = fillPlaceholders(written, (name) => keep(name, variable(name)))
  const url = joinStreamKey(server, streamKey === '' ? '' : keep('key', streamKey.replace(/^\//, '')))
  const filled = (template: string) => fillPlaceholders(template, (name) => secrets.get(name) ?? '')
  const target = parseTarget(
    'stream',
    {
      name: textIn(config.name) || hostOf(filled(server)) || 'stream',
      url,
      interval: numberOr(config.interval, 1),
      stallAfter: numberOr(config.stallAfter, null),
      checks: config.checks || 'packets',
      media: config.media || 'both',
      expected: config.expected || 'manual',
      verifyTls: config.verifyTls !== false,
      profile: textIn(config.profile) || null,
      rateControl: textIn(config.rateControl) || null,
      backupOf: textIn(config.backupOf) || null,
      labels: config.labels ?? {},
    },
    LABEL,
  )
  checkStreamUrl(filled(url), LABEL)
  return { target, secrets }
}

/** The host of an address, for the name of a stream that has none; empty where there is none to show. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/?#@]*@)?([a-z0-9.-]+)(?=[:/?#]|$)/i.exec(url)?.[1] ?? ''
}

/** A field that may be empty. What is no number stays as it is: the target's definition says what is wrong with it. */
function numberOr(value: unknown, empty: number | null): unknown {
  if (value === undefined || value === null || textIn(value) === '') return typeof value === 'number' ? value : empty
  return Number.isNaN(Number(value)) ? value : Number(value)
}
