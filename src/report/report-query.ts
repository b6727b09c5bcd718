import { type ErrorCode, MonitorError } from '../observation/errors.ts'
import { LANGUAGES, type Language } from '../observation/language.ts'
import { isTimezone } from '../observation/local-time.ts'
import { isRecord } from '../observation/shape.ts'
import type { ReportRequest } from './reports.ts'

const REPORT_FORMATS = ['html', 'json', 'csv'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

export interface ReportQuery extends ReportRequest {
  format: ReportFormat
  language: Language
}

/** HTTP status by error. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  'unknown-target': 404,
  'no-history': 409,
  busy: 503,
  internal: 500,
}

export function reportStatusOf(code: ErrorCode): number {
  return STATUS_BY_CODE[code] ?? 400
}

/**
 * `?target=main&from=…&to=…&format=html&language=en&timezone=…`.
 *
 * @param otherwise the language where none is asked for
 * @throws MonitorError `invalid-message` that says what is wrong
 */
export function parseReportQuery(query: unknown, otherwise: Language = 'en'): ReportQuery {
  const given = isRecord(query) ? query : {}
  const { target } = given
  if (typeof target !== 'string' || target === '' || target.length > 256) {
    throw new MonitorError('invalid-message', 'the parameter target must name one stream, as in ?target=main')
  }
  return {
    target,
    from: timeIn('from', given.from),
    to: timeIn('to', given.to),
    format: oneOf('format', given.format, REPORT_FORMATS, 'html'),
    language: oneOf('language', given.language, LANGUAGES, otherwise),
    timezone: timezoneIn(given.timezone),
  }
}

function timeIn(name: string, value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null
  const isText = typeof value === 'string' && value.length <= 64
  const time =
    isText && !/^\d+$/.test(value) ? Date.parse(value) : Number(isText || typeof value === 'number' ? value : NaN)
  if (Number.isFinite(time) && time >= 0 && time <= 8_640_000_000_000_000) return time
  throw new MonitorError(
    'invalid-message',
    `the parameter ${name} must be a time such as 2026-01-31T11:30:00Z, or milliseconds since 1970`,
  )
}

function oneOf<T extends string>(name: string, value: unknown, known: readonly T[], otherwise: T): T {
  if (value === undefined || value === null || value === '') return otherwise
  const found = known.find((each) => each === value)
  if (found !== undefined) return found
  throw new MonitorError('invalid-message', `the parameter ${name} must be one of ${known.join(', ')}`)
}

function timezoneIn(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string' && value.length <= 64 && isTimezone(value)) return value
  throw new MonitorError('invalid-message', 'the parameter timezone must be a name such as Europe/Berlin')
}
