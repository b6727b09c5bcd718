import { MonitorError } from './errors.ts'
import { parseMessage } from './messages.ts'
import { isRecord } from './shape.ts'

/** What the person on duty says of an alert or an incident. */
export type DutyCommand =
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
 * @param at now, milliseconds since the epoch
 * @throws MonitorError `invalid-message`
 */
export function parseDutyCommand(payload: unknown, at: number): DutyCommand | null {
  if (!isRecord(payload)) return null
  const action = ACTIONS.find((known) => known === payload.action)
  if (action === undefined) return null
  const { id, by = '', until } = parseMessage<{ id: string; by?: string; until?: string | number }>(action, payload)
  if (action !== 'silence') return { action, id, by }
  const end = until === undefined ? at + SILENCE_FOR : typeof until === 'number' ? until : Date.parse(until)
  if (end <= at) throw new MonitorError('invalid-message', 'silence: "until" must lie in the future')
  return { action, id, by, until: end }
}
