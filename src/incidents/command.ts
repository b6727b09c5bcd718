import { type DutyCommand, parseDutyCommand } from '../observation/duty-command.ts'
import { MonitorError } from '../observation/errors.ts'
import type { IncidentChange, TimelineEvent } from '../observation/incident.ts'
import { clockTime } from '../observation/local-time.ts'
import { parseMessage } from '../observation/messages.ts'
import { isRecord, ownEntry } from '../observation/shape.ts'
import type { IncidentBook, IncidentRecord } from './book.ts'
import { withEntry } from './timeline.ts'

/** What the person on duty says of an incident. */
export type IncidentCommand = DutyCommand | { action: 'note'; id: string; by: string; text: string }

/**
 * The command that a message holds. Null where it holds something else.
 *
 * @param at now, milliseconds since the epoch
 * @throws MonitorError `invalid-message`
 */
export function parseIncidentCommand(payload: unknown, at: number): IncidentCommand | null {
  if (!isRecord(payload) || payload.action !== 'note') return parseDutyCommand(payload, at)
  const { id, by = '', text } = parseMessage<{ id: string; by?: string; text: string }>('note', payload)
  return { action: 'note', id, by, text }
}

const CHANGES = {
  acknowledge: 'acknowledged',
  silence: 'silenced',
  unsilence: 'unsilenced',
  note: 'noted',
} as const satisfies Record<IncidentCommand['action'], IncidentChange & TimelineEvent>

/**
 * Does what a command says at a moment (milliseconds since the epoch). A note may be about what has ended; the rest needs an incident that is open.
 *
 * @throws MonitorError `unknown-incident` where there is no such incident
 */
export function applyCommand(
  book: IncidentBook,
  command: IncidentCommand,
  { at, timezone }: { at: number; timezone: string },
): { book: IncidentBook; record: IncidentRecord; change: IncidentChange } {
  const record = ownEntry(book.records, command.id)
  if (record === undefined || (record.status === 'ended' && command.action !== 'note')) {
    throw new MonitorError('unknown-incident', 'No incident with this id is open now')
  }
  const change = CHANGES[command.action]
  const timeline = withEntry(record.timeline, at, change, sentenceOf(command, timezone), command.by)
  const next = { ...changed(record, command, at), timeline }
  return { book: { ...book, records: { ...book.records, [next.id]: next } }, record: next, change }
}

function changed(record: IncidentRecord, command: IncidentCommand, at: number): IncidentRecord {
  const { by } = command
  switch (command.action) {
    case 'acknowledge':
      return { ...record, acknowledged: { by, at } }
    case 'silence':
      return { ...record, silenced: { by, until: command.until } }
    case 'unsilence':
      return { ...record, silenced: null }
    case 'note':
      return record
  }
}

function sentenceOf(command: IncidentCommand, timezone: string): string {
  const by = command.by === '' ? 'somebody' : command.by
  switch (command.action) {
    case 'acknowledge':
      return `${by} takes care of it`
    case 'silence':
      return `${by} silences it until ${clockTime(command.until, timezone)}`
    case 'unsilence':
      return `${by} ends its silence`
    case 'note':
      return command.text
  }
}
