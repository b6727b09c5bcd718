import { BANDWIDTH } from '../../kinds/bandwidth.ts'
import { textIn } from '../../node-red/config.ts'
import { numberOr, OwnSecrets, type OwnTarget, objectIn } from '../../node-red/own-target.ts'
import { MonitorError } from '../../observation/errors.ts'
import { parseTarget } from '../../targets/parse-target.ts'
import type { BandwidthFields } from './bandwidth.types.ts'

const LABEL = 'The test of this node'

/** The user whose password the token is; another monitor does not look at it. */
const USER = 'monitor'

/**
 * Reads the test that a dialog describes. Null where it describes none: then the node takes tests from messages.
 *
 * @param id of the node; the names of its secrets begin with it
 * @param variable the value of a `${NAME}` within the URL, empty where there is none
 * @throws MonitorError `missing-variable`, `invalid-target` and what `parseTarget` throws
 */
export function ownTarget(
  id: string,
  config: BandwidthFields & { name?: unknown },
  token: string,
  variable: (name: string) => string,
): OwnTarget<'bandwidth'> | null {
  const written = textIn(config.url)
  if (written === '') return null
  const secrets = new OwnSecrets(id)
  const url = withToken(secrets.keepVariables(written, variable), token, (value) => secrets.keep('token', value))
  const target = parseTarget(
    BANDWIDTH,
    {
      name: textIn(config.name) || hostOf(secrets.filled(written)) || 'bandwidth',
      url,
      direction: config.direction || 'up',
      interval: numberOr(config.interval, 600),
      seconds: numberOr(config.seconds, 10),
      megabytes: numberOr(config.megabytes, 100),
      required: numberOr(config.required, null),
      whileLive: config.whileLive === true,
      verifyTls: config.verifyTls !== false,
      limits: objectIn(config.limits, 'limits', LABEL),
      labels: config.labels ?? {},
    },
    LABEL,
  )
  return { target, secrets: secrets.values }
}

function withToken(url: string, token: string, keep: (value: string) => string): string {
  if (token === '') return url
  const [, scheme, rest] = /^(https?:\/\/)(?:[^/?#@]*@)?(.*)$/i.exec(url) ?? []
  if (scheme === undefined || rest === undefined) {
    throw new MonitorError('invalid-target', `${LABEL}: a token goes with http and https only`)
  }
  return `${scheme}${USER}:${keep(encodeURIComponent(token))}@${rest}`
}

/** The host of an address, for the name of a test that has none; empty where there is none to show. */
function hostOf(url: string): string {
  return /^[a-z0-9]+:\/\/(?:[^/?#@]*@)?([a-z0-9.-]+)(?=[:/?#]|$)/i.exec(url)?.[1] ?? ''
}
