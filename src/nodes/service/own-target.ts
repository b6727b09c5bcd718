import { SERVICE } from '../../kinds/service.ts'
import { textIn } from '../../node-red/config.ts'
import { numberOr, OwnSecrets, type OwnTarget, objectIn } from '../../node-red/own-target.ts'
import { checkAddress, parseTarget } from '../../targets/parse-target.ts'
import type { ServiceFields } from './service.types.ts'

const LABEL = 'The service of this node'

/**
 * Reads the service that a dialog describes. Null where it describes none: then the node takes services from messages.
 *
 * @param id of the node; the names of its secrets begin with it
 * @param variable the value of a `${NAME}` within the URL, empty where there is none
 * @throws MonitorError `missing-variable` and what `parseTarget` throws
 */
export function ownTarget(
  id: string,
  config: ServiceFields & { name?: unknown },
  variable: (name: string) => string,
): OwnTarget<'service'> | null {
  const written = textIn(config.url)
  if (written === '') return null
  const secrets = new OwnSecrets(id)
  const url = secrets.keepVariables(written, variable)
  const target = parseTarget(
    SERVICE,
    {
      name: textIn(config.name) || hostOf(secrets.filled(url)) || 'service',
      url,
      interval: numberOr(config.interval, 10),
      timeout: numberOr(config.timeout, 5),
      verifyTls: config.verifyTls !== false,
      family: config.family || 'any',
      status: statusIn(config.httpStatus),
      bodyContains: textIn(config.bodyContains),
      expected: config.expected || 'always',
      limits: objectIn(config.limits, 'limits', LABEL),
      labels: config.labels ?? {},
    },
    LABEL,
  )
  checkAddress(SERVICE, secrets.filled(url), LABEL)
  return { target, secrets: secrets.values }
}

/** The host of an address, for the name of a service that has none; empty where there is none to show. */
function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/?#@]*@)?([a-z0-9.-]+)(?=[:/?#]|$)/i.exec(url)?.[1] ?? ''
}

/** `200, 401`. What is no number stays as it is: the target's definition says what is wrong with it. */
function statusIn(value: unknown): unknown[] {
  const parts = (typeof value === 'number' ? String(value) : textIn(value))
    .split(/[\s,]+/)
    .filter((part) => part !== '')
  return parts.map((part) => (Number.isNaN(Number(part)) ? part : Number(part)))
}
