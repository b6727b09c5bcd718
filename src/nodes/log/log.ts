import type { Node, NodeAPI } from 'node-red'
import { isLogLevel } from '../../logs/level.ts'
import { FILE_OTHERWISE, isLogFileName, KEPT, MEGABYTES, WAITING_MEGABYTES } from '../../logs/log-settings.ts'
import { numberIn, textIn, unsetVariable, unsetVariableError } from '../../node-red/config.ts'
import { dataPath } from '../../node-red/data-file.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { offerTrial } from '../../node-red/trial.ts'
import { MonitorError } from '../../observation/errors.ts'
import { wayOf } from '../../shipping/settings.ts'
import type { LogShippingSettings } from './log-shipping.ts'
import { type LogSettings, LogWriter } from './log-writer.ts'
import { tryShipping } from './ship-trial.ts'
import { type LogCredentials, SHIPPING_CREDENTIALS, shippingFieldsOf } from './shipping-fields.ts'

export default function register(RED: NodeAPI): void {
  offerTrial(RED, 'log', (trial) => tryShipping(RED, trial))
  registerMonitorNode<LogFields, LogCredentials>(
    RED,
    'hmonitor-log',
    ({ node, config, line }) => {
      let writer: LogWriter | null = null
      return {
        begin(state, atEnd) {
          if (writer === null) {
            const settings = settingsFrom(config)
            const path = dataPath(RED, 'logs', settings.file)
            if (path === null) throw new MonitorError('invalid-log', RED._('noFolder'))
            writer = new LogWriter(RED, node, line, settings, path, state)
            const own = writer
            own.ship(() => shippingFrom(RED, node, config))
          } else writer.follow(state)
          const problems = () => writer?.problems ?? []
          const { shipping } = writer
          atEnd(
            state.problemLog.show(node.id, { problems, ...(shipping !== null && { shipping: () => shipping.state }) }),
          )
        },
        take(msg, { send }) {
          writer?.take(msg.payload)
          send(msg)
        },
        close: (removed) => writer?.close(removed),
      }
    },
    SHIPPING_CREDENTIALS,
  )
}

/** What the dialog saves. */
interface LogFields {
  monitor?: unknown
  file?: unknown
  level?: unknown
  megabytes?: unknown
  kept?: unknown
  ship?: unknown
  shipCa?: unknown
  shipMegabytes?: unknown
}

/** What the fields say; what is empty is the default. @throws MonitorError `invalid-log` */
function settingsFrom(fields: LogFields): LogSettings {
  const file = textIn(fields.file) || FILE_OTHERWISE
  if (!isLogFileName(file)) {
    throw new MonitorError(
      'invalid-log',
      `The log cannot be kept in a file of the name "${file}". Use up to 100 letters, digits, dots, dashes and ` +
        'underscores, no folder, and no number at the end behind a dot: such names are those of older files.',
    )
  }
  const level = textIn(fields.level) || 'info'
  if (!isLogLevel(level)) {
    throw new MonitorError('invalid-log', `There is no level "${level}". Use debug, info, warn or error.`)
  }
  const megabytes = ranged('size of a file in megabytes', fields.megabytes, MEGABYTES)
  const kept = ranged('number of older files', fields.kept, KEPT)
  return { file, least: level, limits: { bytes: Math.round(megabytes * 1e6), kept: Math.round(kept) } }
}

function ranged(
  what: string,
  value: unknown,
  { from, to, otherwise }: { from: number; to: number; otherwise: number },
): number {
  if (value === undefined || (textIn(value) === '' && typeof value !== 'number')) return otherwise
  const number = numberIn(value)
  if (number !== null && number >= from && number <= to) return number
  throw new MonitorError('invalid-log', `The ${what} must be a number from ${from} to ${to}, not "${String(value)}".`)
}

/**
 * Whether and how the node ships; null where it does not.
 *
 * @throws MonitorError `invalid-log`, `missing-variable`
 */
function shippingFrom(RED: NodeAPI, node: Node<LogCredentials>, fields: LogFields): LogShippingSettings | null {
  const choice = textIn(fields.ship)
  const way = wayOf(choice, process.env)
  const folder = dataPath(RED, 'shipping', node.id.replace(/[^\w-]/g, '_'))
  if (way === null || folder === null) return null
  const given = shippingFieldsOf({ shipCa: fields.shipCa }, node.credentials ?? {})
  const unset = unsetVariable(given)
  if (unset !== null) throw unsetVariableError(unset)
  const megabytes = ranged('size of what waits to be shipped in megabytes', fields.shipMegabytes, WAITING_MEGABYTES)
  return { way, folder, fields: choice === 'environment' ? null : given, limit: Math.round(megabytes * 1e6) }
}
