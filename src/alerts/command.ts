import type { AlertChange } from '../observation/alert.ts'
import type { DutyCommand } from '../observation/duty-command.ts'
import { MonitorError } from '../observation/errors.ts'
import { ownEntry } from '../observation/shape.ts'
import { type AlertBook, type AlertRecord, withRecord } from './book.ts'

/**
 * Does what a command says.
 *
 * @throws MonitorError `unknown-alert` where no such alert fires
 */
export function applyCommand(
  book: AlertBook,
  command: DutyCommand,
  at: number,
): { book: AlertBook; record: AlertRecord; change: AlertChange } {
  const record = ownEntry(book.records, command.id)
  if (record === undefined) throw new MonitorError('unknown-alert', 'No alert with this id fires now')
  const next = changed(record, command, at)
  const change = { acknowledge: 'acknowledged', silence: 'silenced', unsilence: 'unsilenced' } as const
  return { book: withRecord(book, next), record: next, change: change[command.action] }
}

function changed(record: AlertRecord, command: DutyCommand, at: number): AlertRecord {
  const { by } = command
  if (command.action === 'acknowledge') return { ...record, acknowledged: { by, at } }
  return { ...record, silenced: command.action === 'silence' ? { by, until: command.until } : null }
}
