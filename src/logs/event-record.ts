import type { MonitorEvent } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'
import { levelOfEvent } from './level.ts'
import { categoryOf, type LogOrigin, type LogRecord, recordFrame } from './log-record.ts'
import { loggedIssue } from './logged-issue.ts'
import { eventSentence } from './sentence.ts'

/** What ECS calls each event. */
const ACTIONS: Readonly<Record<MonitorEvent['event'], { action: string; type: LogRecord['event']['type'] }>> = {
  state: { action: 'state-changed', type: ['info'] },
  raised: { action: 'issue-raised', type: ['start'] },
  cleared: { action: 'issue-cleared', type: ['end'] },
  session: { action: 'session-ended', type: ['end'] },
  restart: { action: 'publisher-restarted', type: ['info'] },
}

type Outcome = 'success' | 'failure' | 'unknown'

/** A target that is off the air, as expected, has neither succeeded nor failed. */
const OUTCOME_OF_STATE: Readonly<Record<string, Outcome>> = {
  ok: 'success',
  degraded: 'failure',
  down: 'failure',
  unknown: 'unknown',
}

/** The line that an event of a probe node becomes. */
export function eventRecord(event: MonitorEvent, origin: LogOrigin): LogRecord {
  const { kind, target, labels, time, from, to, issue, duration } = event
  const outcome = outcomeOf(event)
  return {
    ...recordFrame(origin, time, levelOfEvent(event), eventSentence(event)),
    event: {
      kind: 'event',
      category: categoryOf(kind),
      ...ACTIONS[event.event],
      dataset: 'rtmp_hmonitor.events',
      ...(duration !== undefined && { duration: Math.round(duration * 1e9) }),
      ...(outcome !== undefined && { outcome }),
    },
    labels,
    hmonitor: {
      ...{ kind, target, monitor: origin.monitor },
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(issue !== undefined && { issue: loggedIssue(issue) }),
    },
  }
}

function outcomeOf({ event, to = '' }: MonitorEvent): Outcome | undefined {
  if (event === 'state') return ownEntry(OUTCOME_OF_STATE, to)
  // A session that the other side ended properly; every other end is a failure of its own kind.
  if (event === 'session') return to === 'ended' ? 'success' : 'failure'
  return undefined
}
