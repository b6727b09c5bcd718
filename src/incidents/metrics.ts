import { LOCATIONS } from '../observation/diagnosis.ts'
import { type Incident, toldMembers } from '../observation/incident.ts'
import type { MetricText, OwnCounter } from '../observation/own-metric.ts'

/** Of an incident of which nobody could say where the fault was. */
export const NOWHERE = 'unknown'

export const INCIDENTS: OwnCounter<'severity' | 'location'> = {
  name: 'hmonitor_incidents_total',
  type: 'counter',
  help: 'Incidents that have ended, by the worst severity they had and by where the fault probably was.',
  labels: ['severity', 'location'],
  zeros: (['critical', 'warning'] as const).flatMap((severity) =>
    [...LOCATIONS, NOWHERE].map((location) => ({ severity, location })),
  ),
}

export const INCIDENT_OPEN: MetricText = {
  name: 'hmonitor_incident_open',
  type: 'gauge',
  help: 'Always 1. An incident that goes on, its worst severity now and where the fault probably is; absent when it has ended.',
  labels: ['monitor', 'site', 'incident', 'severity', 'location'],
}

export const INCIDENT_MEMBER: MetricText = {
  name: 'hmonitor_incident_member',
  type: 'gauge',
  help: 'A target that belongs to an incident that goes on: 1, or 0 where it is silenced and no message names it beside the others.',
  labels: ['monitor', 'incident', 'kind', 'target'],
}

export const INCIDENT_TOLD_ELSEWHERE: MetricText = {
  name: 'hmonitor_incident_told_elsewhere',
  type: 'gauge',
  help: 'Always 1. An incident that goes on and of which the rules need not tell: this monitor has, because no Alertmanager or Prometheus answered it, or another monitor of the cluster does, because it is the same fault there; also for the moment in which that is found out.',
  labels: ['monitor', 'incident'],
}

interface Series {
  labels: Record<string, string>
  value: number
}

/** Incidents, and members of one, that have series: more of them are no news. */
const MOST_INCIDENTS = 200
const MOST_MEMBERS = 2000

export function openSeries(incidents: readonly Incident[]): Series[] {
  return incidents.slice(0, MOST_INCIDENTS).map(({ monitor, site, id, severity, diagnosis }) => ({
    labels: { monitor, site, incident: id, severity, location: diagnosis?.location ?? NOWHERE },
    value: 1,
  }))
}

export function memberSeries(incidents: readonly Incident[]): Series[] {
  return incidents.slice(0, MOST_INCIDENTS).flatMap((incident) => {
    const { monitor, id, members: own, elsewhere = [] } = incident
    const members = [...own, ...elsewhere]
    const told = new Set(toldMembers(incident))
    return members.slice(0, MOST_MEMBERS).map((member) => ({
      labels: { monitor, incident: id, kind: member.kind, target: member.target },
      value: told.has(member) ? 1 : 0,
    }))
  })
}

export function toldElsewhereSeries(incidents: readonly Incident[]): Series[] {
  return incidents
    .slice(0, MOST_INCIDENTS)
    .filter(({ toldBy, via }) => toldBy !== undefined || via === 'notify')
    .map(({ monitor, id }) => ({ labels: { monitor, incident: id }, value: 1 }))
}
