import { MonitorError } from '../observation/errors.ts'
import type { Kind } from '../observation/observation.ts'

/** Who wants a target: the node's own dialog, or a message, maybe of a sender that confirms it and can end it. */
export type Origin = { from: 'dialog' } | { from: 'message'; sender: string | null }

/** What is known of a target that is held, for the rules below. */
export interface Claim {
  readonly kind: Kind
  readonly name: string
  readonly origin: Origin
  /** When its sender asked for it last. Monotonic seconds. */
  readonly confirmed: number
}

/** Whether a sender owes a confirmation. A message without sender owes none: nobody could give it. */
export function isUnconfirmed({ origin, confirmed }: Claim, since: number): boolean {
  return origin.from === 'message' && origin.sender !== null && confirmed < since
}

/** Names that an error lists. */
const MOST_NAMES = 5

/**
 * Whether `by` may have a target that is held already. The dialog may always: it is the node itself. A sender may have
 * its own, and what another sender did not confirm: a `targets` node that was replaced must not leave a gap.
 *
 * @param isUnclaimed of the dialog before the deploy, and of nobody now
 * @throws MonitorError `duplicate-target`
 */
export function checkTaking(held: Claim, by: Origin, isUnclaimed: boolean, confirmedSince: number): void {
  const { kind, name, origin } = held
  if (by.from === 'dialog' || isUnclaimed) return
  if (origin.from === 'dialog') {
    throw duplicate(kind, name, 'is the one in the dialog of this node; give the other one another name')
  }
  if (origin.sender === by.sender || isUnconfirmed(held, confirmedSince)) return
  const holder = origin.sender === null ? 'a message without owner' : 'a message of another owner'
  throw duplicate(kind, name, `is watched by ${holder} already; unwatch it first, or give this one another name`)
}

/** @throws MonitorError `invalid-message` for the target of the dialog, which would come back with the next deploy */
export function checkUnwatch({ kind, name, origin }: Claim): void {
  if (origin.from === 'message') return
  throw new MonitorError(
    'invalid-message',
    `unwatch: ${kind} "${name}" is the one in the dialog of this node; remove it there, or send expect with expected: false`,
  )
}

/** The name that was asked for is not shown: a stream key may stand in its place. */
export function unknownTarget(kind: Kind, known: readonly string[]): MonitorError {
  const shown = known.slice(0, MOST_NAMES).map((name) => `"${name}"`)
  const rest = known.length - shown.length
  const names =
    shown.length === 0 ? 'it watches none' : `it watches ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  return new MonitorError('unknown-target', `This node watches no ${kind} of that name: ${names}`)
}

function duplicate(kind: Kind, name: string, reason: string): MonitorError {
  return new MonitorError('duplicate-target', `${kind} "${name}" ${reason}`)
}
