/** What a viewer's browser may send: questions, and nothing that changes anything. */

/** Events with which a widget sends a message into a flow. */
const SENDING: ReadonlySet<unknown> = new Set(['widget-send', 'widget-action', 'widget-change'])

/** The keys of a page's questions: which stream is looked at, its picture, a part of its time line, a preflight. */
const QUESTION = new Set(['action', 'target', 'from', 'to', 'scope', 'profile'])
const ACTIONS: ReadonlySet<unknown> = new Set([undefined, 'show', 'picture'])

/**
 * Whether a packet of the dashboard's connection is one that a viewer may send. A widget that a user has put beside ours
 * may do anything when it is pressed, so only what the pages themselves ask is let through.
 */
export function mayBeSentByViewer([event, , message]: readonly unknown[]): boolean {
  if (!SENDING.has(event)) return true
  const { payload } = (message ?? {}) as { payload?: unknown }
  if (typeof payload !== 'object' || payload === null) return false
  const { action } = payload as { action?: unknown }
  return ACTIONS.has(action) && Object.keys(payload).every((key) => QUESTION.has(key))
}
