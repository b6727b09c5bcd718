import { createHash } from 'node:crypto'
import type { Diagnosis } from './diagnosis.ts'
import type { Issue } from './observation.ts'

/** How urgent it is for people. An issue of severity error is critical; info is no alert. */
export type AlertSeverity = 'critical' | 'warning'

/** Exactly the labels that Prometheus and Alertmanager know an alert by; the same alert has the same in every mode. */
export interface AlertLabels {
  alertname: string
  severity: AlertSeverity
  /** A kind of target; `monitor` for what the monitor says of itself and its surroundings. */
  kind: string
  target: string
  monitor: string
  site: string
}

/**
 * What an alert has beside them at an Alertmanager: the name that the monitors of one cluster have in common, and of a monitor
 * that is alone its own. By it Alertmanager groups.
 */
export const CLUSTER_LABEL = 'cluster'

/**
 * What happened to an alert. People are told of `firing`, `repeated` and `resolved`; the others are for display and
 * logs.
 */
export type AlertChange = 'firing' | 'updated' | 'repeated' | 'acknowledged' | 'silenced' | 'unsilenced' | 'resolved'

/** Who tells people: the `notify` nodes of this runtime, or an Alertmanager. Never both. */
export type Via = 'notify' | 'alertmanager'

/**
 * Why an alert ended: it was measured to be over, nothing can be measured or is expected any more, or another alert says
 * more of the same fact.
 */
export type AlertEnd = 'cleared' | 'not-expected' | 'not-watched' | 'superseded'

/** An alert as the `alert` node sends it: one moment of its life. Times are ISO 8601, UTC. */
export interface Alert extends AlertLabels {
  /** The same for the same labels; a new fault of the same kind has another `startsAt`. */
  id: string
  status: 'firing' | 'resolved'
  change: AlertChange
  startsAt: string
  endsAt?: string
  endedBy?: AlertEnd
  /** The user's own labels of the target. */
  labels: Record<string, string>
  issue: Issue
  /** Where the fault is, of a stream or of what one depends on. */
  diagnosis?: Diagnosis
  /** What this alert mutes because it depends on this target, as `stream main`. */
  effects: string[]
  /** The ids of alerts of this target that ended because this one says more of the same fact. */
  supersedes?: string[]
  via: Via
  acknowledgedBy?: string
  silencedUntil?: string
  /** When this was said, and with id, start and change what tells two messages apart. */
  time: string
  runbookUrl?: string
  dashboardUrl?: string
}

/** `Hmonitor` and the issue's type, capitalised: `HmonitorStreamOffline`. */
export function alertName(issueType: string): string {
  return `Hmonitor${issueType.charAt(0).toUpperCase()}${issueType.slice(1)}`
}

/** `HmonitorStreamOffline` as people read it: `Stream offline`. */
export function alertTitle(alertname: string): string {
  const words = alertname.replace(/^Hmonitor/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}

/** Where the page of each alert is. */
export const RUNBOOKS_URL = 'https://github.com/rtmp-hmonitor/node-red-rtmp-hmonitor/blob/main/docs/runbooks'

/** The page for the person on duty. Null for what is not one of ours. */
export function runbookUrl(alertname: string): string | null {
  return /^Hmonitor[A-Z][A-Za-z0-9]*$/.test(alertname) ? `${RUNBOOKS_URL}/${alertname}.md` : null
}

/** 16 hexadecimal digits that only these labels have. */
export function alertId({ alertname, severity, kind, target, monitor, site }: AlertLabels): string {
  const text = JSON.stringify([alertname, severity, kind, target, monitor, site])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** What tells one message about an alert from every other one: the same after a restart. */
export function messageKey({ id, startsAt, change, time }: Alert): string {
  return change === 'repeated' ? `${id} ${startsAt} ${change} ${time}` : `${id} ${startsAt} ${change}`
}

/** Why alerts may not reach people, or the log is not written or not shipped, and what to do. Without secrets. */
export interface AlertProblem {
  code:
    | 'outbox-stuck'
    | 'not-writable'
    | 'invalid-alerting'
    | 'log-not-writable'
    | 'log-shipping-stuck'
    | 'log-shipping-lost'
    | 'log-shipping-not-writable'
    | 'log-shipping-rejected'
    | 'log-shipping-certificate'
    | 'invalid-log'
    | 'history-not-writable'
    | 'history-newer'
    | 'invalid-history'
  /** `failing`: the monitor does not do now what it is for. */
  severity: 'degraded' | 'failing'
  message: string
  remedy: string[]
}

/** Characters of a link that is shown at all. */
const LONGEST_LINK = 2000

/** The links of an alert that are addresses of the web: `javascript:`, `data:` and no address must not become links. */
export function webLinks(given: { runbookUrl?: string | undefined; dashboardUrl?: string | undefined }): {
  runbookUrl?: string
  dashboardUrl?: string
} {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => isWebLink(value)))
}

function isWebLink(value: string | undefined): boolean {
  if (value === undefined || value.length > LONGEST_LINK || /[\s<>"\\^`{|}]/.test(value)) return false
  const protocol = URL.parse(value)?.protocol
  return protocol === 'http:' || protocol === 'https:'
}
