import { causesFirst } from '../health/precedence.ts'
import { type Alert, webLinks } from '../observation/alert.ts'
import { durationInWords } from '../observation/words.ts'

/** What one message tells: parts that every channel lays out in its own way. */
export interface Message {
  /** One line: what, where, how many. */
  subject: string
  /** The worst that is told. */
  tone: 'critical' | 'warning' | 'resolved'
  sections: MessageSection[]
  /** Where to look; null where nobody said where that is. */
  dashboardUrl: string | null
  alerts: Alert[]
  /** Files for who can be sent some. */
  attachments?: MessageAttachment[]
}

export interface MessageAttachment {
  filename: string
  /** A MIME type. */
  contentType: string
  content: string
}

export interface MessageSection {
  title: string
  entries: MessageEntry[]
}

export interface MessageEntry {
  /** What and where. */
  heading: string
  /** Name and value, in order. */
  facts: { name: string; value: string }[]
  /** What to do now, in order. */
  remedy: string[]
  link: string | null
}

/** A picture of a stream that a message tells of, for who can be shown one. */
export interface MessagePicture {
  target: string
  which: 'now' | 'last-good'
  /** When it was so, milliseconds since the epoch. */
  at: number
  jpeg: Buffer
}

/** What a picture shows, in words: beside it, and where it is not shown. */
function captionOf({ target, which, at }: MessagePicture): string {
  const what = which === 'now' ? 'now' : 'the last good picture, from before'
  return `stream ${target}, ${what} (${clockTime(new Date(at).toISOString())})`
}

/** More alerts than this are named in a list without details, so that the message stays readable. */
const MOST_DETAILED = 10

/**
 * Makes one message of what waits. An alert that was to be told as firing and has ended meanwhile is told once, as
 * ended.
 *
 * @param waiting in the order in which they came
 */
export function composeMessage(waiting: readonly Alert[], dashboardUrl: string | null): Message {
  const alerts = newestOfEach(waiting)
  const firing = withCausesFirst(alerts.filter(({ status }) => status === 'firing').sort(worstFirst))
  const resolved = alerts.filter(({ status }) => status === 'resolved')
  const sections: MessageSection[] = []
  if (firing.length > 0) sections.push({ title: 'Now', entries: entriesOf(firing) })
  if (resolved.length > 0) sections.push({ title: 'Resolved', entries: entriesOf(resolved) })
  const tone = firing[0]?.severity ?? 'resolved'
  return { subject: subjectOf(firing, resolved), tone, sections, dashboardUrl, alerts }
}

/** `streamOffline` as people read it: `stream offline`. */
function alertTitle(alertname: string): string {
  const words = alertname.replace(/^Hmonitor/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2')
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
}

function newestOfEach(waiting: readonly Alert[]): Alert[] {
  const newest = new Map<string, Alert>()
  for (const alert of waiting) {
    const key = `${alert.id} ${alert.startsAt}`
    newest.delete(key)
    newest.set(key, alert)
  }
  return [...newest.values()]
}

function worstFirst(one: Alert, other: Alert): number {
  const rank = ({ severity }: Alert) => (severity === 'critical' ? 0 : 1)
  return rank(one) - rank(other) || other.effects.length - one.effects.length
}

/** Of one target, what explains the others comes first, in the places that its alerts have. */
function withCausesFirst(alerts: readonly Alert[]): Alert[] {
  const keyOf = ({ kind, target, monitor, site }: Alert) => JSON.stringify([kind, target, monitor, site])
  const byTarget = new Map<string, Alert[]>()
  for (const alert of alerts) byTarget.set(keyOf(alert), [...(byTarget.get(keyOf(alert)) ?? []), alert])
  for (const [key, own] of byTarget)
    byTarget.set(
      key,
      causesFirst(own, ({ issue }) => issue),
    )
  return alerts.map((alert) => byTarget.get(keyOf(alert))?.shift() ?? alert)
}

function subjectOf(firing: Alert[], resolved: Alert[]): string {
  const [first] = firing.length > 0 ? firing : resolved
  if (first === undefined) return 'RTMP HMonitor'
  const mark = first.status === 'resolved' ? 'Resolved' : first.severity === 'critical' ? 'Critical' : 'Warning'
  const among = first.status === 'resolved' ? resolved : firing
  const more = among.length - 1
  const rest = more > 0 ? ` and ${more} more` : ''
  const muted = first.effects.length > 0 ? `, which affects ${first.effects.length}` : ''
  const over = firing.length > 0 && resolved.length > 0 ? `; ${resolved.length} resolved` : ''
  const site = first.site === '' ? '' : ` (${first.site})`
  return `${mark}: ${whereOf(first)}: ${alertTitle(first.alertname)}${muted}${rest}${over}${site}`
}

function whereOf({ kind, target, monitor }: Alert): string {
  return [kind, target].filter((part) => part !== '').join(' ') || monitor || 'monitor'
}

function entriesOf(alerts: Alert[]): MessageEntry[] {
  const detailed = alerts.slice(0, MOST_DETAILED).map(entryOf)
  const rest = alerts.slice(MOST_DETAILED)
  if (rest.length === 0) return detailed
  const names = rest.map(
    (alert) => `${whereOf(alert)} (${alertTitle(alert.alertname)}, since ${clockTime(alert.startsAt)})`,
  )
  return [
    ...detailed,
    { heading: `And ${rest.length} more`, facts: [{ name: 'Where', value: names.join('; ') }], remedy: [], link: null },
  ]
}

function entryOf(alert: Alert): MessageEntry {
  const { issue, effects, site, monitor, startsAt, endsAt, status, change, severity, runbookUrl, dashboardUrl } = alert
  const facts: MessageEntry['facts'] = []
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') facts.push({ name, value: String(value) })
  }
  if (status === 'firing') add('Probable cause', causeIn(alert.diagnosis))
  add('What', issue.summary)
  add('Where', [whereOf(alert), site, monitor].filter((part) => part !== '').join(', '))
  if (status === 'firing') {
    add('Severity', severity)
    add('Measured', withUnit(issue.measured, issue.unit))
    add('Expected', withUnit(issue.expected, issue.unit))
  }
  add('Since', clockTime(startsAt))
  if (status === 'resolved' && endsAt !== undefined) {
    add('Lasted', durationInWords(Date.parse(endsAt) - Date.parse(startsAt)))
    add('Ended', endOf(alert))
  }
  if (effects.length > 0) add(`Affects ${effects.length}`, effects.join(', '))
  if (change === 'repeated') add('Note', 'Still active. Acknowledge it to get no more reminders until it is resolved')
  return {
    heading: `${whereOf(alert)}: ${alertTitle(alert.alertname)}`,
    facts,
    remedy: status === 'firing' ? remedyOf(alert) : [],
    link: Object.values(webLinks({ runbookUrl, dashboardUrl }))[0] ?? null,
  }
}

/** What is wrong where, how sure that is, and why. */
export function causeIn(diagnosis: Alert['diagnosis']): string | undefined {
  if (diagnosis === undefined || diagnosis.confidence === null) return undefined
  const { says, confidence, evidenceFor } = diagnosis
  const why = evidenceFor.length === 0 ? '' : `: ${evidenceFor.slice(0, MOST_REASONS).join('; ')}`
  return `${says} (${confidence}${why})`
}

/** Reasons that a message gives for a cause. */
const MOST_REASONS = 2

/** What helps against the cause, where that is sure enough; else what helps against what is seen. */
export function remedyOf({ diagnosis, issue }: Pick<Alert, 'diagnosis' | 'issue'>): string[] {
  const isKnown = diagnosis?.confidence === 'certain' || diagnosis?.confidence === 'likely'
  return isKnown && diagnosis.remedy.length > 0 ? diagnosis.remedy : issue.remedy
}

/** A number alone says nothing. */
export function withUnit(value: number | string | undefined, unit: string | undefined): string | undefined {
  return value === undefined
    ? undefined
    : typeof value === 'number' && unit !== undefined
      ? `${value} ${unit}`
      : `${value}`
}

function endOf({ endedBy }: Alert): string {
  if (endedBy === 'not-expected') return 'No longer expected to be live, so no longer checked'
  if (endedBy === 'not-watched') return 'No longer watched, so nothing is known of it'
  return 'Measured to be fine again'
}

/** With the date, because a message is read when it is read. In UTC, like the metrics and logs. */
function clockTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

/** The plain text of a message, as an email shows it. @param pictures what is attached to it */
export function plainText({ sections, dashboardUrl }: Message, pictures: readonly MessagePicture[] = []): string {
  const lines: string[] = []
  for (const { title, entries } of sections) {
    if (sections.length > 1) lines.push(`${title.toUpperCase()}`, '')
    for (const { heading, facts, remedy, link } of entries) {
      lines.push(heading)
      for (const { name, value } of facts) lines.push(`  ${name}: ${value}`)
      if (remedy.length > 0) lines.push('  What to do now:')
      for (const [index, step] of remedy.entries()) lines.push(`    ${index + 1}. ${step}`)
      if (link !== null) lines.push(`  More: ${link}`)
      lines.push('')
    }
  }
  for (const picture of pictures) lines.push(`Picture attached: ${captionOf(picture)}`)
  if (pictures.length > 0) lines.push('')
  if (dashboardUrl !== null) lines.push(`Dashboard: ${dashboardUrl}`)
  return `${lines.join('\n').trimEnd()}\n`
}

/**
 * The same as HTML. Everything that came from outside is escaped.
 *
 * @param pictures by the content id under which each is attached
 */
export function htmlText(
  { sections, dashboardUrl }: Message,
  pictures: ReadonlyMap<string, MessagePicture> = new Map(),
): string {
  const parts: string[] = []
  for (const { title, entries } of sections) {
    if (sections.length > 1) parts.push(`<h2>${escapeHtml(title)}</h2>`)
    for (const { heading, facts, remedy, link } of entries) {
      const rows = facts.map(
        ({ name, value }) =>
          `<tr><th align="left" valign="top">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
      )
      const steps = remedy.map((step) => `<li>${escapeHtml(step)}</li>`)
      parts.push(`<h3>${escapeHtml(heading)}</h3><table cellpadding="3">${rows.join('')}</table>`)
      if (steps.length > 0) parts.push(`<p><b>What to do now</b></p><ol>${steps.join('')}</ol>`)
      if (link !== null) parts.push(`<p><a href="${escapeHtml(link)}">More</a></p>`)
    }
  }
  for (const [id, picture] of pictures) {
    const caption = escapeHtml(captionOf(picture))
    parts.push(`<p><img src="cid:${id}" alt="${caption}" style="max-width: 100%"><br>${caption}</p>`)
  }
  if (dashboardUrl !== null) parts.push(`<p><a href="${escapeHtml(dashboardUrl)}">Open the dashboard</a></p>`)
  return `<!DOCTYPE html><html lang="en"><body style="font-family: sans-serif">${parts.join('')}</body></html>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
