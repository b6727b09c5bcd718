import type { AlertChange } from '../observation/alert.ts'
import { MonitorError } from '../observation/errors.ts'
import { parseMessage } from '../observation/messages.ts'
import { isRecord, ownEntry } from '../observation/shape.ts'
import { type AlertBook, type AlertRecord, withRecord } from './book.ts'

/** What a person says of an alert. */
export type AlertCommand =
  | { action: 'acknowledge'; id: string; by: string }
  /** `until`: milliseconds since the epoch. */
  | { action: 'silence'; id: string; by: string; until: number }
  | { action: 'unsilence'; id: string; by: string }

const ACTIONS = ['acknowledge', 'silence', 'unsilence'] as const

/** A silence without an end lasts this long: one that is forgotten must not hide the next event. Milliseconds. */
const SILENCE_FOR = 2 * 3_600_000

/**
 * The command that a message holds. Null where it holds something else.
 *
 * @throws MonitorError `invalid-message`
 */
export function parseAlertCommand(payload: unknown, at: number): AlertCommand | null {
  if (!isRecord(payload)) return null
  const action = ACTIONS.find((known) => known === payload.action)
  if (action === undefined) return null
  const { id, by = '', until } = parseMessage<{ id: string; by?: string; until?: string | number }>(action, payload)
  if (action !== 'silence') return { action, id, by }
  const end = until === undefined ? at + SILENCE_FOR : typeof until === 'number' ? until : Date.parse(until)
  if (end <= at) throw new MonitorError('invalid-message', 'silence: "until" must lie in the future')
  return { action, id, by, until: end }
}

/**
 * Does what a command says.
 *
 * @throws MonitorError `unknown-alert` where no such alert fires
 */
export function applyCommand(
  book: AlertBook,
  command: AlertCommand,
  at: number,
): { book: AlertBook; record: AlertRecord; change: AlertChange } {
  const record = ownEntry(book.records, command.id)
  if (record === undefined) throw new MonitorError('unknown-alert', 'No alert with this id fires now')
  const next = changed(record, command, at)
  const change = { acknowledge: 'acknowledged', silence: 'silenced', unsilence: 'unsilenced' } as const
  return { book: withRecord(book, next), record: next, change: change[command.action] }
}

function changed(record: AlertRecord, command: AlertCommand, at: number): AlertRecord {
  const { by } = command
  if (command.action === 'acknowledge') return { ...record, acknowledged: { by, at } }
  return { ...record, silenced: command.action === 'silence' ? { by, until: command.until } : null }
}
