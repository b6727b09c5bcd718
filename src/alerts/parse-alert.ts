import type { Alert } from '../observation/alert.ts'
import { MonitorError } from '../observation/errors.ts'
import { moment } from '../observation/moment.ts'
import { wholeIssue } from './follow.ts'
import { webLink } from './link.ts'

/**
 * The alert that a message holds, as a copy, because what comes after this node may change the message. Null where it
 * holds something else.
 *
 * @throws MonitorError `invalid-message` for what says that it is an alert and is not
 */
export function parseAlert(payload: unknown): Alert | null {
  if (typeof payload !== 'object' || payload === null || !('alertname' in payload)) return null
  const fault = faultOf(payload as Record<keyof Alert, unknown>)
  if (fault !== null) throw new MonitorError('invalid-message', `This is no alert: ${fault}`)
  const given = payload as Alert
  const texts = TEXTS.filter((name) => typeof given[name] === 'string').map((name) => [name, given[name]])
  // A flow may have made it: what is no address of the web must not become a link in an email or on a page.
  const { runbookUrl, dashboardUrl, ...rest } = Object.fromEntries(texts) as Pick<Alert, (typeof TEXTS)[number]>
  const runbook = webLink(runbookUrl)
  const dashboard = webLink(dashboardUrl)
  return {
    ...rest,
    issue: wholeIssue(given.issue, Date.parse(given.startsAt)),
    effects: [...(given.effects ?? [])],
    ...(given.supersedes !== undefined && { supersedes: [...given.supersedes] }),
    labels: Object.fromEntries(Object.entries(given.labels ?? {}).filter(([, value]) => typeof value === 'string')),
    ...(runbook === null ? {} : { runbookUrl: runbook }),
    ...(dashboard === null ? {} : { dashboardUrl: dashboard }),
  }
}

/** What an alert has that is text. Nothing else is taken over: a message may hold anything, as deep as it likes. */
const TEXTS = [
  ...(['id', 'alertname', 'severity', 'kind', 'target', 'monitor', 'site', 'status', 'change'] as const),
  ...(['startsAt', 'endsAt', 'endedBy', 'via', 'acknowledgedBy', 'silencedUntil', 'time'] as const),
  ...(['runbookUrl', 'dashboardUrl'] as const),
] as const

function faultOf(alert: Record<keyof Alert, unknown>): string | null {
  for (const name of ['id', 'alertname', 'severity', 'kind', 'target', 'monitor', 'site', 'change', 'time'] as const) {
    if (typeof alert[name] !== 'string') return `${name} must be text`
  }
  if (alert.status !== 'firing' && alert.status !== 'resolved') return 'status must be firing or resolved'
  for (const name of ['startsAt', 'time', ...(alert.endsAt === undefined ? [] : (['endsAt'] as const))] as const) {
    if (Number.isNaN(moment(alert[name]))) return `${name} must be a time in ISO 8601`
  }
  const { summary, remedy } = (alert.issue ?? {}) as { summary?: unknown; remedy?: unknown }
  if (typeof summary !== 'string') return 'issue must be an issue with a summary'
  if (!isTexts(remedy)) return 'the remedy of the issue must be a list of texts'
  if (alert.effects !== undefined && !isTexts(alert.effects)) return 'effects must be a list of texts'
  if (alert.supersedes !== undefined && !isTexts(alert.supersedes)) return 'supersedes must be a list of ids'
  return null
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
