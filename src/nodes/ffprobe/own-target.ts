import { createProfiles } from '../../health/profile-lookup.ts'
import { STREAM } from '../../kinds/stream.ts'
import { textIn } from '../../node-red/config.ts'
import { numberOr, OwnSecrets, type OwnTarget, objectIn } from '../../node-red/own-target.ts'
import { joinStreamKey } from '../../secrets/stream-address.ts'
import { checkAddress, parseTarget } from '../../targets/parse-target.ts'
import type { FfprobeFields } from './ffprobe.types.ts'

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
): OwnTarget<'stream'> | null {
  const written = textIn(config.url)
  if (written === '') return null
  const secrets = new OwnSecrets(id)
  const server = secrets.keepVariables(written, variable)
  const url = joinStreamKey(server, streamKey === '' ? '' : secrets.keep('key', streamKey.replace(/^\//, '')))
  const profile = textIn(config.profile) || null
  const target = parseTarget(
    STREAM,
    {
      name: textIn(config.name) || hostOf(secrets.filled(server)) || 'stream',
      url,
      interval: numberOr(config.interval, 1),
      stallAfter: numberOr(config.stallAfter, null),
      checks: config.checks || 'packets',
      media: config.media || 'both',
      expected: config.expected === 'windows' ? (config.windows ?? []) : config.expected || 'manual',
      verifyTls: config.verifyTls !== false,
      profile,
      profiles: profile === null ? {} : changedProfile(profile, objectIn(config.profileLimits, 'profileLimits', LABEL)),
      rateControl: textIn(config.rateControl) || null,
      backupOf: textIn(config.backupOf) || null,
      limits: objectIn(config.limits, 'limits', LABEL),
      labels: config.labels ?? {},
    },
    LABEL,
  )
  checkAddress(STREAM, secrets.filled(url), LABEL)
  return { target, secrets: secrets.values }
}

/** @throws MonitorError `unknown-profile` */
function changedProfile(name: string, limits: object): object {
  if (Object.keys(limits).length === 0) return {}
  createProfiles().get(name)
  return { [name]: { limits } }
}

/** The host of an address, for the name of a stream that has none; empty where there is none to show. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/?#@]*@)?([a-z0-9.-]+)(?=[:/?#]|$)/i.exec(url)?.[1] ?? ''
}
