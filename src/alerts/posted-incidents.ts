import { alertTitle, RUNBOOKS_URL } from '../observation/alert.ts'
import { type Incident, toldMembers } from '../observation/incident.ts'
import type { PostableAlert } from './alertmanager.ts'
import { causeIn } from './message.ts'

/** What an incident is called where Alertmanager tells of it, and what keeps the alerts of its members silent there. */
const INCIDENT = 'HmonitorIncident'
const INCIDENT_MEMBER = 'HmonitorIncidentMember'

/** Milliseconds. As long as an alert: a monitor that is gone does not end what it raised. */
const INCIDENT_LASTS = 24 * 3_600_000

/** Milliseconds, of which it is posted anew each 30 s: of a monitor that is gone the members speak for themselves again. */
const MEMBER_LASTS = 90_000

/** Milliseconds in which an alert finds its incident, with some to spare; it is silent meanwhile. */
const FOUND_WITHIN = 6_000

/** Targets that are named; of the others there is the number. */
const MOST_NAMED = 8

/** What an Alertmanager is to know of incidents at a moment. */
interface Moment {
  /** Those that go on. */
  incidents: readonly Incident[]
  /** The alerts of what is watched, as they are posted. */
  alerts: readonly PostableAlert[]
  /** Milliseconds since the epoch. */
  at: number
  dashboardUrl: string | null
}

/**
 * Incidents as alerts of their own, for the mode in which the monitor posts: one for each incident that an Alertmanager
 * tells, and one for each member, of which nobody is told and by which the member's own alerts are inhibited there. What
 * is not so any more is ended, until an Alertmanager has taken that.
 */
export class PostedIncidents {
  #posted = new Map<string, PostableAlert>()
  #ends = new Map<string, PostableAlert>()
  /** When each alert was first posted. */
  #since = new Map<string, number>()

  /** To be posted before the alerts themselves, so that what is to be silent is silent from the first. */
  postables(moment: Moment): PostableAlert[] {
    const { incidents, at, dashboardUrl } = moment
    const told = incidents.filter(({ via, silencedUntil }) => via === 'alertmanager' && silencedUntil === undefined)
    const members = told.flatMap((incident) => incident.members.map((member) => memberAlert(incident, member, at)))
    // What was posted before another monitor told people of the same fault is not taken back in the middle.
    const own = told.filter(({ id, toldBy }) => toldBy === undefined || this.#isPosted(id))
    const now = new Map(
      [...this.#young(moment), ...members, ...own.map((incident) => incidentAlert(incident, at, dashboardUrl))].map(
        (alert) => [keyOf(alert), alert],
      ),
    )
    for (const [key, alert] of this.#posted) {
      if (!now.has(key)) this.#ends.set(key, { ...alert, endsAt: new Date(at).toISOString() })
    }
    for (const key of now.keys()) this.#ends.delete(key)
    this.#posted = now
    return [...now.values(), ...this.#ends.values()]
  }

  /** What ended is not said again. */
  accepted(alerts: readonly PostableAlert[]): void {
    for (const alert of alerts) {
      const key = keyOf(alert)
      if (this.#ends.get(key)?.endsAt === alert.endsAt) this.#ends.delete(key)
    }
  }

  #isPosted(id: string): boolean {
    return [...this.#posted.values()].some(({ labels }) => labels.incident === id)
  }

  /** What has just been raised, and may belong to an incident that is not known yet. */
  #young({ alerts, at }: Moment): PostableAlert[] {
    const firing = alerts.filter(({ endsAt, labels }) => Date.parse(endsAt) > at && labels.severity !== 'none')
    this.#since = new Map(firing.map((alert) => [keyOf(alert), this.#since.get(keyOf(alert)) ?? at]))
    return firing.flatMap((alert) => {
      const until = (this.#since.get(keyOf(alert)) ?? at) + FOUND_WITHIN
      const { kind = '', target = '', monitor = '', site = '' } = alert.labels
      return until > at ? [silence({ kind, target, monitor, site }, at, until)] : []
    })
  }
}

/** What an Alertmanager should know at once when it changes. */
export function outlineOfIncidents(incidents: readonly Incident[]): string {
  return incidents
    .map(({ id, via, severity, diagnosis, members, elsewhere, toldBy, silencedUntil }) =>
      [id, via, severity, diagnosis?.location, members.length, elsewhere?.length, toldBy, silencedUntil].join(' '),
    )
    .join('/')
}

function memberAlert(
  { monitor, site }: Incident,
  { kind, target }: Incident['members'][number],
  at: number,
): PostableAlert {
  return silence({ kind, target, monitor, site }, at, at + MEMBER_LASTS)
}

/** The labels are those by which Alertmanager's rule inhibits. */
function silence(labels: Record<'kind' | 'target' | 'monitor' | 'site', string>, at: number, until: number) {
  return {
    labels: withoutEmpty({ alertname: INCIDENT_MEMBER, severity: 'none', ...labels }),
    annotations: {
      summary: `${labels.kind} ${labels.target} belongs to an incident`,
      runbook_url: `${RUNBOOKS_URL}/${INCIDENT_MEMBER}.md`,
    },
    startsAt: new Date(at).toISOString(),
    endsAt: new Date(until).toISOString(),
  }
}

function incidentAlert(incident: Incident, at: number, dashboardUrl: string | null): PostableAlert {
  const { id, severity, monitor, site, diagnosis, remedy, startsAt } = incident
  const members = toldMembers(incident)
  const names = members.slice(0, MOST_NAMED).map(({ kind, target }) => `${kind} ${target}`)
  const more = members.length - names.length
  const affected = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ')
  const isSure = diagnosis?.confidence === 'certain' || diagnosis?.confidence === 'likely'
  const labels = { alertname: INCIDENT, severity, kind: 'incident', target: id, incident: id, monitor, site }
  const annotations = {
    summary: isSure ? `${diagnosis.says}: ${affected}` : whatIsWrong(members),
    cause: causeIn(diagnosis ?? undefined) ?? '',
    description: members
      .slice(0, MOST_NAMED)
      .map(({ kind, target, summary }) => `${kind} ${target}: ${summary}`)
      .join('\n'),
    remedy: remedy.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    runbook_url: `${RUNBOOKS_URL}/${INCIDENT}.md`,
    dashboard_url: dashboardUrl ?? '',
  }
  return {
    labels: withoutEmpty({ ...labels, location: diagnosis?.location ?? 'unknown' }),
    annotations: withoutEmpty(annotations),
    startsAt,
    endsAt: new Date(at + INCIDENT_LASTS).toISOString(),
  }
}

/** Alertmanager takes an empty label for none, and refuses it in some versions. */
function withoutEmpty(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''))
}

function keyOf({ labels }: PostableAlert): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** Where nobody can say where the fault is, what is wrong comes first: `Stream main: Stream offline and 2 more`. */
function whatIsWrong([worst, ...others]: Incident['members']): string {
  if (worst === undefined) return 'Nobody can say yet where the fault is'
  const { kind, target, alerts } = worst
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${target}: ${alertTitle(alerts[0] ?? '')}${more}`
}
