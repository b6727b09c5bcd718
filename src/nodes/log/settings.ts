import { isLogLevel } from '../../logs/level.ts'
import type { LogLimits } from '../../logs/log-file.ts'
import { FILE_OTHERWISE, isLogFileName, KEPT, MEGABYTES } from '../../logs/log-settings.ts'
import { numberIn, textIn } from '../../node-red/config.ts'
import { MonitorError } from '../../observation/errors.ts'
import type { LogLevel } from '../../observation/observation.ts'

/** What the dialog saves. */
export interface LogFields {
  monitor?: unknown
  file?: unknown
  level?: unknown
  megabytes?: unknown
  kept?: unknown
}

export interface LogSettings {
  file: string
  least: LogLevel
  limits: LogLimits
}

/** What the fields say; what is empty is the default. @throws MonitorError `invalid-log` */
export function settingsFrom(fields: LogFields): LogSettings {
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

function ranged(what: string, value: unknown, { from, to, otherwise }: typeof MEGABYTES | typeof KEPT): number {
  if (value === undefined || (textIn(value) === '' && typeof value !== 'number')) return otherwise
  const number = numberIn(value)
  if (number !== null && number >= from && number <= to) return number
  throw new MonitorError('invalid-log', `The ${what} must be a number from ${from} to ${to}, not "${String(value)}".`)
}
