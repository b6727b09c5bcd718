/** What a page on which targets are set up asks of a `targets` node. */

import { KINDS } from '../../kinds/kinds.ts'
import { tryTarget } from '../../node-red/probe-trial.ts'
import { parseMessage } from '../../observation/messages.ts'
import type { Kind } from '../../observation/observation.ts'
import { isRecord } from '../../observation/shape.ts'
import type { TargetsEdit, WrittenEntry } from '../../targets/edited-file.ts'
import { proposedTargets, writeTargets, writtenTargets } from '../../targets/set-up.ts'
import type { TargetsSource } from '../../targets/source.ts'

/** An entry that somebody wrote. */
interface SentTarget {
  kind: Kind
  target: WrittenEntry
  was?: string | null
}

type Answer = (source: TargetsSource, payload: unknown, signal: AbortSignal) => Promise<object>

/** By the command's `action`. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'list-targets': async ({ place }, payload) => {
    parseMessage('listTargets', payload, 'list-targets')
    return writtenTargets(place)
  },
  'set-target': async (source, payload) => {
    const { kind, target, was = null } = parseMessage<SentTarget>('setTarget', payload, 'set-target')
    return change(source, { action: 'set-target', kind: KINDS[kind], target, was })
  },
  'remove-target': async (source, payload) => {
    const { kind, name } = parseMessage<{ kind: Kind; name: string }>('removeTarget', payload, 'remove-target')
    return change(source, { action: 'remove-target', kind: KINDS[kind], name })
  },
  'try-target': async (source, payload, signal) => {
    const { kind, target, was = null } = parseMessage<SentTarget>('tryTarget', payload, 'try-target')
    const list = KINDS[kind]
    const { entry } = await proposedTargets(source.place, { action: 'set-target', kind: list, target, was })
    const { watch, secrets } = await source.seal(list, { ...entry })
    const values = new Map(secrets.map(({ name, value }) => [name, value]))
    return tryTarget(kind, { target: watch.target as never, secrets: values, signal })
  },
}

/** The changes come one after another: each begins with what the one before has written. */
let turns: Promise<unknown> = Promise.resolve()

function change(source: TargetsSource, edit: TargetsEdit): Promise<object> {
  const changed = turns.then(() => changeNow(source, edit))
  turns = changed.catch(() => {})
  return changed
}

/** What was written is watched before it is said to be done. */
async function changeNow(source: TargetsSource, edit: TargetsEdit): Promise<object> {
  const proposal = await proposedTargets(source.place, edit)
  if (proposal.entry !== null) await source.seal(edit.kind, proposal.entry)
  await source.follow(writeTargets(source.place, proposal))
  return { done: true, ...(await writtenTargets(source.place)) }
}

/**
 * Lists, changes and tries targets; null where the command is another's.
 *
 * @throws MonitorError what is wrong with the command, the entry or the file
 */
export function answerSetUp(source: TargetsSource, payload: unknown, signal: AbortSignal): Promise<object> | null {
  const action = isRecord(payload) ? payload.action : null
  const answer = typeof action === 'string' && Object.hasOwn(ANSWERS, action) ? ANSWERS[action] : undefined
  return answer === undefined ? null : answer(source, payload, signal)
}
