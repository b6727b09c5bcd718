import { type Alert, type AlertEnd, alertTitle, type Via } from '../observation/alert.ts'
import type { IncidentRecord, MemberAlert } from './book.ts'
import { UNHEARD } from './timing.ts'

/** An alert as it is known now. */
export interface KnownAlert {
  readonly alert: Alert
  /** Who tells people of it. */
  readonly via: Via
  /** An `alert` node of this monitor has it: when none has it any more, it is over. */
  readonly isOwn: boolean
  /** It came by webhook: somebody else judges it, and tells people of it. */
  readonly isForeign: boolean
  /** People are to know of it. */
  readonly isTold: boolean
  /** It came by message just now. */
  readonly isHeard: boolean
  /** It has ended already, in milliseconds since the epoch. */
  readonly endsAt: number | null
  readonly endedBy: AlertEnd | null
}

/** What is known of alerts at one moment. */
export interface Known {
  /** By id: what fires, and what began and ended since the last moment. */
  readonly alerts: ReadonlyMap<string, KnownAlert>
  /** Why alerts ended. */
  readonly ends: Ends
}

/** By id: when, in milliseconds since the epoch, and as far as that is known why. */
export type Ends = ReadonlyMap<string, { readonly at: number; readonly by: AlertEnd | null }>

/** The alerts that a flow makes of incidents, so that Prometheus or Alertmanager can tell them, belong to none. */
const OF_INCIDENTS = 'HmonitorIncident'

/** What alerts are known from. */
interface Sources {
  readonly at: number
  readonly firing: readonly Alert[]
  readonly foreign: ReadonlySet<string>
  readonly ends: Ends
  readonly told: ReadonlySet<string>
  readonly comesByMessage: boolean
  readonly news: readonly Alert[]
}

/** Puts together what the `alert` nodes of the monitor have and what came by message. */
export function knownAlerts({ firing, foreign, ends: untold, told, comesByMessage, news, at }: Sources): Known {
  const alerts = new Map<string, KnownAlert>()
  const ends = new Map(untold)
  for (const alert of firing) {
    if (isOfIncident(alert)) continue
    const via = comesByMessage ? alert.via : 'alertmanager'
    const [isForeign, isTold] = [foreign.has(alert.id), told.has(alert.id)]
    alerts.set(alert.id, { alert, via, isOwn: true, isForeign, isTold, isHeard: false, ...GOES_ON })
  }
  for (const alert of news) {
    if (isOfIncident(alert)) continue
    const known = alerts.get(alert.id)
    if (alert.status === 'resolved') {
      const end = Math.min(at, timeOf(alert.endsAt, at))
      ends.set(alert.id, { at: end, by: alert.endedBy ?? null })
      if (known !== undefined && !known.isOwn)
        alerts.set(alert.id, { ...known, endsAt: end, endedBy: alert.endedBy ?? null })
      continue
    }
    const isTold = alert.change === 'firing' || alert.change === 'repeated' || known?.isTold === true
    const isOwn = known?.isOwn === true
    alerts.set(alert.id, {
      alert: isOwn ? known.alert : alert,
      via: alert.via,
      isOwn,
      isForeign: foreign.has(alert.id),
      isTold,
      isHeard: true,
      ...GOES_ON,
    })
  }
  return { alerts, ends }
}

const GOES_ON = { endsAt: null, endedBy: null } as const

function isOfIncident({ alertname }: Alert): boolean {
  return alertname.startsWith(OF_INCIDENTS)
}

/** How the alerts of a record have changed. */
export interface Changed {
  record: IncidentRecord
  joined: MemberAlert[]
  left: MemberAlert[]
}

/** The record with what is known of its alerts now. */
export function brought(record: IncidentRecord, { alerts: known, ends }: Known, at: number): Changed {
  const alerts: Record<string, MemberAlert> = {}
  const joined: MemberAlert[] = []
  const left: MemberAlert[] = []
  const superseded = new Set([...known.values()].flatMap(({ alert }) => alert.supersedes ?? []))
  for (const alert of Object.values(record.alerts)) {
    const now = known.get(alert.id)
    const end = ends.get(alert.id)
    let next = alert
    if (now !== undefined) next = memberOf(now, at, alert)
    else if (end !== undefined) next = { ...alert, endsAt: alert.endsAt ?? end.at, endedBy: end.by }
    else if (alert.endsAt === null && (alert.isOwn || at - alert.heardAt >= UNHEARD)) next = { ...alert, endsAt: at }
    if (alert.endsAt !== null && next.endsAt === null) joined.push(next)
    if (alert.endsAt === null && next.endsAt !== null) {
      // What another alert says more of goes on there.
      if (superseded.has(alert.id)) next = { ...next, endedBy: 'superseded' }
      else left.push(next)
    }
    alerts[alert.id] = next
  }
  return { record: { ...record, alerts }, joined, left }
}

/** What an incident keeps of an alert. @param before what it has of it already */
export function memberOf({ alert, ...known }: KnownAlert, at: number, before?: MemberAlert): MemberAlert {
  const { id, alertname, severity, kind, target, issue, labels, effects, acknowledgedBy, silencedUntil } = alert
  return {
    ...{ id, alertname, severity, kind, target, issue, labels, effects },
    startsAt: Math.min(at, timeOf(alert.startsAt, at)),
    endsAt: known.endsAt,
    endedBy: known.endedBy,
    isTold: known.isTold || (before?.isTold ?? false),
    isOwn: known.isOwn || (before?.isOwn ?? false),
    isForeign: known.isForeign,
    heardAt: known.isHeard ? at : (before?.heardAt ?? at),
    acknowledgedBy: acknowledgedBy ?? null,
    silencedUntil: silencedUntil === undefined ? null : timeOf(silencedUntil, at),
  }
}

/** Who tells people of what is told of it: `notify` where one of them came from it. */
export function viaOf(alerts: readonly KnownAlert[], before: Via): Via {
  const told = alerts.filter(({ isTold }) => isTold)
  if (told.length === 0) return before
  return told.some(({ via }) => via === 'notify') ? 'notify' : 'alertmanager'
}

/** `stream main: Stream offline`. */
export function alertLine({ kind, target, alertname }: Pick<MemberAlert, 'kind' | 'target' | 'alertname'>): string {
  return `${whereOf({ kind, target })}: ${alertTitle(alertname)}`
}

/** `stream main`; of what has no target, its kind. */
export function whereOf({ kind, target }: { kind: string; target: string }): string {
  return [kind, target].filter((part) => part !== '').join(' ')
}

function timeOf(iso: string | undefined, otherwise: number): number {
  const time = Date.parse(iso ?? '')
  return Number.isNaN(time) ? otherwise : time
}
