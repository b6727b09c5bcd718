import { parseDeviceAddress } from '../../encoder/address.ts'
import { ENCODER } from '../../kinds/encoder.ts'
import { textIn } from '../../node-red/config.ts'
import { numberOr, OwnSecrets, type OwnTarget, objectIn } from '../../node-red/own-target.ts'
import { parseTarget } from '../../targets/parse-target.ts'
import type { WebPresenterFields } from './web-presenter.types.ts'

const LABEL = 'The encoder of this node'

/**
 * Reads the encoder that a dialog describes. Null where it describes none: then the node takes encoders from messages.
 *
 * @param id of the node; the names of its secrets begin with it
 * @param variable the value of a `${NAME}` within the address, empty where there is none
 * @throws MonitorError `missing-variable`, and as `parseTarget`
 */
export function ownTarget(
  id: string,
  config: WebPresenterFields & { name?: unknown },
  variable: (name: string) => string,
): OwnTarget<'encoder'> | null {
  const written = textIn(config.address)
  if (written === '') return null
  const secrets = new OwnSecrets(id)
  const address = secrets.keepVariables(written, variable)
  const { host } = parseDeviceAddress(secrets.filled(address))
  const target = parseTarget(
    ENCODER,
    {
      // An address that comes from a variable is not shown.
      name: textIn(config.name) || (address === written ? host : 'encoder'),
      address,
      protocol: config.protocol || 'auto',
      expected: config.expected || 'always',
      idle: config.idle || 'allowed',
      interval: numberOr(config.interval, 1),
      limits: objectIn(config.limits, 'limits', LABEL),
      labels: config.labels ?? {},
    },
    LABEL,
  )
  return { target, secrets: secrets.values }
}
