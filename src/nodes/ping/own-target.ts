import { PING } from '../../kinds/ping.ts'
import { textIn } from '../../node-red/config.ts'
import { numberOr, OwnSecrets, type OwnTarget, objectIn } from '../../node-red/own-target.ts'
import { parseTarget } from '../../targets/parse-target.ts'
import type { PingFields } from './ping.types.ts'

const LABEL = 'The host of this node'

/**
 * Reads the host that a dialog describes. Null where it describes none: then the node takes hosts from messages.
 *
 * @param id of the node; the names of its secrets begin with it
 * @param variable the value of a `${NAME}` within the address, empty where there is none
 * @throws MonitorError `missing-variable` and what `parseTarget` throws
 */
export function ownTarget(
  id: string,
  config: PingFields & { name?: unknown },
  variable: (name: string) => string,
): OwnTarget<'ping'> | null {
  const written = textIn(config.address)
  if (written === '') return null
  const secrets = new OwnSecrets(id)
  const address = secrets.keepVariables(written, variable)
  const target = parseTarget(
    PING,
    {
      // What is filled in for a name is not to be shown.
      name: textIn(config.name) || (address === written ? written : 'host'),
      address,
      interval: numberOr(config.interval, 5),
      count: numberOr(config.count, 5),
      family: config.family || 'any',
      control: config.control === true,
      expected: config.expected || 'always',
      limits: objectIn(config.limits, 'limits', LABEL),
      labels: config.labels ?? {},
    },
    LABEL,
  )
  return { target, secrets: secrets.values }
}
