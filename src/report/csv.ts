import type { Report } from './report.ts'
import { localIso } from './writing.ts'

const HEAD = [
  ...['target', 'start_utc', 'end_utc', 'start_local', 'end_local', 'seconds', 'location', 'confidence', 'cause'],
  ...['seen', 'told_utc', 'told_after_seconds', 'receiver', 'acknowledged_by', 'ended_by'],
]

/** The interruptions as a table for other programs (RFC 4180), one in a line, in UTC and in local time with its offset. */
export function interruptionsCsv({ target, timezone, interruptions }: Report): string {
  const rows = interruptions.map(({ from, to, seconds, cause, seen, told, acknowledged, endedBy }) => [
    ...[target, from, to, localIso(from, timezone), localIso(to, timezone), String(seconds)],
    ...[cause?.location ?? '', cause?.confidence ?? '', cause?.says ?? '', seen.join('; ')],
    ...[told?.at ?? '', told === null ? '' : String(told.after), told?.receiver ?? '', acknowledged?.by ?? '', endedBy],
  ])
  return [HEAD, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

/** What a spreadsheet would take for a formula is made text (OWASP, *CSV Injection*). */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
