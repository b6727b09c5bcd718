import { createHash } from 'node:crypto'
import type { AlertEnd, AlertSeverity, Via } from './alert.ts'
import type { Diagnosis, Location } from './diagnosis.ts'

/**
 * What happened to an incident. People are told of `opened`, `changed`, `repeated` and `ended`; the others are for display
 * and logs.
 */
export type IncidentChange =
  | 'opened'
  /** The likely location is another one, or the severity has risen: `because` says which. */
  | 'changed'
  /** Members came or went, or more is known of the cause. */
  | 'updated'
  | 'repeated'
  | 'acknowledged'
  | 'silenced'
  | 'unsilenced'
  | 'noted'
  /** It turned out to be a part of the incident in `mergedInto`, which goes on. */
  | 'merged'
  | 'ended'

/** Why people are told again. `again`: it had ended, and one of its alerts came back. */
export type IncidentReason = 'location' | 'severity' | 'again'

/** A target that is or was affected. */
export interface IncidentMember {
  kind: string
  target: string
  severity: AlertSeverity
  /** `over`: none of its alerts fires any more. */
  status: 'firing' | 'over'
  /** When the first of its alerts began. */
  since: string
  /** Names of its alerts, the worst first: of those that fire, or where none does, of those that did. */
  alerts: string[]
  /** What the worst of them says is wrong. */
  summary: string
  /** What the worst of them has measured, and what was expected instead, with their unit: for who says it in another language. */
  measured?: string
  expected?: string
  /** Until when somebody wants to hear nothing of it, here or at an Alertmanager: ISO 8601. Absent where nobody does. */
  silencedUntil?: string
}

/** Those that people are told of: what is silenced is not named beside what is not. */
export function toldMembers({ members, elsewhere = [] }: Pick<Incident, 'members' | 'elsewhere'>): IncidentMember[] {
  const all = [...members, ...elsewhere]
  const spoken = all.filter(({ silencedUntil }) => silencedUntil === undefined)
  return spoken.length > 0 ? spoken : all
}

/** What an entry of a time line is about. */
export const TIMELINE_EVENTS = [
  ...(['opened', 'joined', 'left', 'assessed', 'severity', 'notified'] as const),
  ...(['acknowledged', 'silenced', 'unsilenced', 'noted', 'merged', 'ended', 'reopened'] as const),
] as const
export type TimelineEvent = (typeof TIMELINE_EVENTS)[number]

export interface TimelineEntry {
  time: string
  event: TimelineEvent
  /** One sentence without a full stop. */
  says: string
  /** Who did it, where somebody did. */
  by?: string
}

/** A cause, and since when it was the likely one: ISO 8601, UTC. */
export interface Assessment {
  time: string
  diagnosis: Diagnosis
}

/** One fault with all the alerts that belong to it, as the `incident` node sends it: one moment of its life. Times are ISO 8601, UTC. */
export interface Incident {
  /** 16 hexadecimal digits, the same over restarts. */
  id: string
  monitor: string
  site: string
  /** The worst of what fires; of one that has ended, the worst it has had. */
  severity: AlertSeverity
  status: 'open' | 'ended'
  change: IncidentChange
  because?: IncidentReason
  /** Where people were told that the fault was, where that was wrong. */
  correctedFrom?: Location
  startsAt: string
  endsAt?: string
  /** The worst first. */
  members: IncidentMember[]
  diagnosis: Diagnosis | null
  /** The likely causes, the oldest first: that of each outage where it came back. Absent where there was none. */
  assessments?: Assessment[]
  /** The user's own labels that all its targets have alike, of those of which people were told. */
  labels: Record<string, string>
  /** At most four steps: those of the cause where it is sure enough, else of the worst member. */
  remedy: string[]
  /** Why its last alerts ended, as far as that was said. */
  endedBy?: AlertEnd
  acknowledgedBy?: string
  silencedUntil?: string
  mergedInto?: string
  /** The monitor of the cluster that tells people of it, where that is another one; null while that is being found out. */
  toldBy?: string | null
  /** What is affected at other monitors of the cluster, of an incident that this one tells people of. */
  elsewhere?: IncidentMember[]
  /** The oldest first; of a long one, the beginning and the newest. */
  timeline: TimelineEntry[]
  via: Via
  /** When this was said. */
  time: string
}

/** An entry of a time line that goes by itself, to a log for example, with what it is about. */
export interface IncidentEvent extends TimelineEntry {
  /** The id of the incident. */
  incident: string
  monitor: string
  site: string
  severity: AlertSeverity
  status: 'open' | 'ended'
  startsAt: string
  endsAt?: string
  /** Targets, as `stream main`; of many, the worst of them. */
  members: string[]
  /** Where the fault is, as far as that is known. */
  location?: Location
  /** Of a location. */
  cause?: string
  confidence?: 'certain' | 'likely' | 'possible'
}

/** Of the first alert and of when it began. @param startsAt milliseconds since the epoch */
export function incidentId(monitor: string, site: string, alert: string, startsAt: number): string {
  return createHash('sha256')
    .update(JSON.stringify([monitor, site, alert, startsAt]))
    .digest('hex')
    .slice(0, 16)
}

/** What tells one message about an incident from every other one: the same after a restart. */
export function incidentKey({ id, change, time }: Incident): string {
  return `${id} ${change} ${time}`
}
