import type { ToldMessage } from '../history/entries.ts'
import type { HistoryEntry, Slice as RecordedSlice, StateInterval as RecordedState } from '../history/records.ts'
import { SLICE } from '../history/records.ts'
import { alertSentence, eventSentence } from '../logs/records.ts'
import type { Alert } from '../observation/alert.ts'
import type { Incident } from '../observation/incident.ts'
import { messageOrNull, wholeAlert, wholeIssue } from '../observation/messages.ts'
import type { Issue, MonitorEvent } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'
import { type Interval, union, within } from './accounting.ts'
import type { Happened } from './report.ts'
import type { IncidentInput, IssueInput, MessageInput, ReportInput, SeriesInput } from './report-input.ts'

/** Milliseconds without a record that are more than the time between two of them. */
const LEAST_GAP = 3_000

/** When nothing was recorded of a target although it was before and after: the monitor did not run or did not watch. */
export function gapsIn(states: readonly RecordedState[]): Interval[] {
  const recorded = union(states)
  return recorded.flatMap(({ to }, index) => {
    const next = recorded[index + 1]?.from
    return next === undefined || next - to < LEAST_GAP ? [] : [{ from: to, to: next }]
  })
}

/** When the target was expected. A gap between two such times is one too: nobody has said that it was over. */
export function expectedIn(states: readonly RecordedState[]): Interval[] {
  const expected = union(states.filter((each) => each.expected))
  const isOpen = (gap: Interval) =>
    expected.some(({ to }) => to === gap.from) && expected.some(({ from }) => from === gap.to)
  const recorded = union(states)
  const holes = recorded.flatMap(({ to }, index) => {
    const next = recorded[index + 1]?.from
    return next === undefined ? [] : [{ from: to, to: next }]
  })
  return union([...expected, ...holes.filter(isOpen)])
}

/** A series for each measure that was measured. @param step milliseconds that the slices are long */
export function seriesOf(slices: readonly RecordedSlice[], step: number): SeriesInput[] {
  const found = new Map<string, SeriesInput & { slices: SeriesInput['slices'][number][] }>()
  for (const { kind, target, from, values } of slices) {
    for (const [measure, { mean, min, max, measured }] of Object.entries(values)) {
      const own = found.get(measure) ?? { kind, target, measure, step: step / 1000, slices: [] }
      found.set(measure, own)
      own.slices.push({ at: from, mean, min, max, measured })
    }
  }
  return [...found.values()]
}

/** How long slices have to be, so that a report of a week is not made of sixty thousand. */
export function stepFor({ from, to }: Interval): number {
  return Math.max(1, Math.ceil((to - from) / SLICE / MOST_SLICES)) * SLICE
}

/** Six hours of ten seconds. */
const MOST_SLICES = 2160

type Said = Pick<ReportInput, 'issues' | 'incidents' | 'messages' | 'events'>

/**
 * What happened, of what is kept of it. What cannot be read is left out.
 *
 * @param timezone IANA name, in which sentences write times
 */
export function happenedIn(entries: readonly HistoryEntry[], span: Interval, timezone: string): Said {
  const events: MonitorEvent[] = []
  const alerts: Alert[] = []
  const incidents: Incident[] = []
  const messages: MessageInput[] = []
  for (const { type, content, time } of entries) {
    if (type === 'event') events.push(...listOf(messageOrNull<MonitorEvent>('event', content)))
    if (type === 'alert') alerts.push(...listOf(messageOrNull<Alert>('alert', content)).map(wholeAlert))
    if (type === 'incident') incidents.push(...listOf(messageOrNull<Incident>('incident', content)))
    if (type === 'message') messages.push(...listOf(messageOf(content, time)))
  }
  const lines = [
    ...events.map((event) => ({ event, says: eventSentence(event, timezone), happened: eventHappened(event) })),
    ...alerts.map((event) => ({ event, says: alertSentence(event, timezone), happened: alertHappened(event) })),
  ].map(({ event: { time, kind, target }, ...line }) => ({ at: Date.parse(time), kind, target, ...line }))
  return {
    issues: issuesIn(events).filter((each) => within([{ from: each.from, to: each.to ?? span.to }], span).length > 0),
    incidents: incidents.length > 0 ? incidents.map(incidentInput) : incidentsOfAlerts(alerts),
    messages,
    events: lines.filter(({ at }) => at >= span.from && at < span.to).sort((one, other) => one.at - other.at),
  }
}

function eventHappened({ event, issue, from, to, duration, endedBy }: MonitorEvent): Happened {
  return {
    event,
    ...(issue !== undefined && { issue: issue.type }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(duration !== undefined && { seconds: duration }),
    ...(endedBy !== undefined && { endedBy }),
  }
}

function alertHappened({ change, issue, startsAt, endsAt, acknowledgedBy }: Alert): Happened {
  return {
    ...{ event: 'alert', alert: change, issue: issue.type },
    ...(endsAt !== undefined && { seconds: (Date.parse(endsAt) - Date.parse(startsAt)) / 1000 }),
    ...(acknowledgedBy !== undefined && { by: acknowledgedBy }),
  }
}

const listOf = <T>(value: T | null): T[] => (value === null ? [] : [value])

/**
 * Issues from when they were raised until they were cleared, or another said more of the same fact. One that is raised
 * again without that, or whose target is well, had ended unseen.
 */
function issuesIn(events: readonly MonitorEvent[]): IssueInput[] {
  const found: IssueInput[] = []
  const open = new Map<string, IssueInput>()
  const end = (at: number, isOver: (each: IssueInput) => boolean) => {
    for (const [key, each] of open) {
      if (!isOver(each)) continue
      each.to = at
      open.delete(key)
    }
  }
  for (const { event, kind, target, time, issue, to, duration = 0 } of events) {
    const at = Date.parse(time)
    const isOwn = (each: IssueInput) => each.kind === kind && each.target === target
    if (event === 'state' && (to === 'ok' || to === 'off')) {
      end(at, (each) => isOwn(each) && each.issue.severity !== 'info')
    }
    if (issue === undefined || (event !== 'raised' && event !== 'superseded' && event !== 'cleared')) continue
    const less = issue.supersedes ?? []
    if (event === 'raised') end(at, (each) => isOwn(each) && less.includes(each.issue.type))
    const key = JSON.stringify([kind, target, issue.type])
    const before = open.get(key)
    if (before !== undefined) {
      before.to = at
      before.issue = worse(before.issue, issue)
      open.delete(key)
    }
    const own: IssueInput = { kind, target, from: at, to: null, issue: wholeIssue(issue, time) }
    if (event === 'raised') open.set(key, own)
    if (event === 'raised') found.push(own)
    else if (before === undefined) found.push({ ...own, from: at - duration * 1000, to: at })
  }
  return found
}

/** The one whose value is further from what is expected. */
function worse(one: Issue, other: Issue): Issue {
  const far = ({ measured, expected }: Issue) =>
    typeof measured === 'number' && typeof expected === 'number' ? Math.abs(measured - expected) : 0
  return far(other) > far(one) ? { ...one, ...other, remedy: one.remedy } : one
}

function incidentInput(incident: Incident): IncidentInput {
  const {
    id,
    severity,
    startsAt,
    endsAt,
    members,
    diagnosis,
    acknowledgedBy = null,
    timeline,
    assessments = [],
  } = incident
  const acknowledged = timeline.find(({ event }) => event === 'acknowledged')
  return {
    ...{ id, severity, members, diagnosis, acknowledgedBy },
    assessments: assessments.map((each) => ({ at: Date.parse(each.time), diagnosis: each.diagnosis })),
    from: Date.parse(startsAt),
    to: endsAt === undefined ? null : Date.parse(endsAt),
    acknowledgedAt: acknowledged === undefined ? null : Date.parse(acknowledged.time),
  }
}

/** Where nothing makes incidents of alerts, each alert is one. */
function incidentsOfAlerts(alerts: readonly Alert[]): IncidentInput[] {
  const found = new Map<string, IncidentInput>()
  for (const { id, severity, startsAt, endsAt, kind, target, diagnosis, acknowledgedBy, change, time } of alerts) {
    const key = `${id} ${startsAt}`
    const before = found.get(key)
    found.set(key, {
      ...{ id: key, severity, from: Date.parse(startsAt), members: [{ kind, target }] },
      to: endsAt === undefined ? null : Date.parse(endsAt),
      // One that says where it was is better than a later one that does not know any more.
      diagnosis: diagnosis?.location ? diagnosis : (before?.diagnosis ?? diagnosis ?? null),
      assessments: [],
      acknowledgedBy: acknowledgedBy ?? before?.acknowledgedBy ?? null,
      acknowledgedAt: change === 'acknowledged' ? Date.parse(time) : (before?.acknowledgedAt ?? null),
    })
  }
  return [...found.values()]
}

/** A message that a receiver has taken. @param at milliseconds since the epoch */
function messageOf(content: unknown, at: number): MessageInput | null {
  if (!isRecord(content) || typeof content.receiver !== 'string' || !Array.isArray(content.alerts)) return null
  // What else is in it the history has made of a message.
  const { receiver, subject, alerts, incidents = [] } = content as unknown as ToldMessage
  const members = Array.isArray(incidents) ? incidents.flatMap((each) => each?.members ?? []) : []
  const about = [...alerts, ...members].filter(isTarget)
  return { at, receiver, subject: String(subject), result: 'delivered', about }
}

function isTarget(value: unknown): value is { kind: string; target: string } {
  return isRecord(value) && typeof value.kind === 'string' && typeof value.target === 'string'
}
