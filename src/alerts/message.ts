import { causesFirst } from '../health/precedence.ts'
import { type Alert, webLinks } from '../observation/alert.ts'
import { remedyOf } from '../observation/diagnosis.ts'
import type { Incident } from '../observation/incident.ts'
import type { Language } from '../observation/language.ts'
import { clockTime } from '../observation/local-time.ts'
import { durationInWords, withUnit } from '../observation/words.ts'
import { entryOfIncident, subjectOfIncident } from './incident-message.ts'
import type { MessageEntry } from './message-entry.ts'
import { MESSAGE_TEXTS } from './message-languages.ts'
import type { MessageTexts } from './message-texts.ts'

/** What one message tells: parts that every channel lays out in its own way. */
export interface Message {
  /** One line: what, where, how many. */
  subject: string
  /** The worst that is told. */
  tone: 'critical' | 'warning' | 'resolved'
  sections: MessageSection[]
  /** Where to look; null where nobody said where that is. */
  dashboardUrl: string | null
  /** IANA name, in which times are written. */
  timezone: string
  /** In which it is written; left out: English. */
  language?: Language
  alerts: Alert[]
  incidents: Incident[]
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

/** A picture of a stream that a message tells of, for who can be shown one. */
export interface MessagePicture {
  target: string
  which: 'now' | 'last-good'
  /** When it was so, milliseconds since the epoch. */
  at: number
  jpeg: Buffer
}

/** More alerts than this are named in a list without details, so that the message stays readable. */
const MOST_DETAILED = 10

/** Of what a picture may be shown. */
export type PictureSubject = Pick<Alert, 'kind' | 'target' | 'status' | 'monitor' | 'site'>

/** What a message tells of that may have a picture, the worst first. */
export function picturedIn({ alerts, incidents }: Pick<Message, 'alerts' | 'incidents'>): PictureSubject[] {
  return [...incidents.flatMap(subjectsOf), ...alerts]
}

/** The targets of an incident that are affected now. */
export function subjectsOf({ members, monitor, site, status: life }: Incident): PictureSubject[] {
  return members.map(({ kind, target, status }) => ({
    ...{ kind, target, monitor, site, status: life === 'open' && status === 'firing' ? 'firing' : 'resolved' },
  }))
}

/**
 * Makes one message of what waits. What was to be told as new and has ended meanwhile is told once, as ended.
 *
 * @param waiting in the order in which they came
 * @param timezone IANA name, in which times are written
 */
export function composeMessage(
  waiting: readonly (Alert | Incident)[],
  dashboardUrl: string | null,
  timezone: string,
  language: Language = 'en',
): Message {
  const writing = { timezone, texts: MESSAGE_TEXTS[language] }
  const { frame } = writing.texts
  const alerts = newestOfEach(waiting.filter((news): news is Alert => !('members' in news)))
  const incidents = newestIncidents(waiting.filter((news): news is Incident => 'members' in news))
  const firing = withCausesFirst(alerts.filter(({ status }) => status === 'firing').sort(worstFirst))
  const resolved = alerts.filter(({ status }) => status === 'resolved')
  const open = incidents.filter(({ status }) => status === 'open').sort(worstIncidentFirst)
  const ended = incidents.filter(({ status }) => status === 'ended')
  const sections: MessageSection[] = []
  if (open.length + firing.length > 0) sections.push({ title: frame.now, entries: entriesOf(open, firing, writing) })
  if (ended.length + resolved.length > 0)
    sections.push({ title: frame.resolved, entries: entriesOf(ended, resolved, writing) })
  const isCritical = [...open, ...firing].some(({ severity }) => severity === 'critical')
  const tone = isCritical ? 'critical' : open.length + firing.length > 0 ? 'warning' : 'resolved'
  const subject = subjectOf({ open, ended, firing, resolved }, writing.texts)
  return { subject, tone, sections, dashboardUrl, timezone, language, alerts, incidents }
}

/** How a message is written. */
interface Writing {
  timezone: string
  texts: MessageTexts
}

/** Who has not been told yet that it began is told that, with what is known of it now. */
function newestIncidents(waiting: readonly Incident[]): Incident[] {
  const newest = new Map<string, Incident>()
  for (const incident of waiting) {
    const before = newest.get(incident.id)
    newest.delete(incident.id)
    const isNew = before?.change === 'opened' && incident.status === 'open'
    newest.set(incident.id, isNew ? asOpened(incident, before) : incident)
  }
  return [...newest.values()]
}

function asOpened({ because: _, correctedFrom: __, ...incident }: Incident, { because }: Incident): Incident {
  return { ...incident, change: 'opened', ...(because !== undefined && { because }) }
}

function worstIncidentFirst(one: Incident, other: Incident): number {
  const rank = ({ severity }: Incident) => (severity === 'critical' ? 0 : 1)
  return rank(one) - rank(other) || other.members.length - one.members.length
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

interface Told {
  open: Incident[]
  ended: Incident[]
  firing: Alert[]
  resolved: Alert[]
}

function subjectOf({ open, ended, firing, resolved }: Told, texts: MessageTexts): string {
  const isNow = open.length + firing.length > 0
  const [incident] = isNow ? open : ended
  if (incident === undefined) return subjectOfAlerts(firing, resolved, texts)
  const more = (isNow ? open.length + firing.length : ended.length + resolved.length) - 1
  const over = isNow ? ended.length + resolved.length : 0
  const rest = more === 0 ? '' : `; ${texts.andMore(more)}`
  return `${subjectOfIncident(incident, texts)}${rest}${over > 0 ? `; ${texts.resolvedToo(over)}` : ''}`
}

function subjectOfAlerts(firing: Alert[], resolved: Alert[], texts: MessageTexts): string {
  const [first] = firing.length > 0 ? firing : resolved
  if (first === undefined) return 'RTMP HMonitor'
  const mark = first.status === 'resolved' ? texts.resolved : texts.mark(first.severity, 'new')
  const among = first.status === 'resolved' ? resolved : firing
  const more = among.length - 1
  const rest = more > 0 ? ` ${texts.andMore(more)}` : ''
  const muted = first.effects.length > 0 ? texts.whichAffects(first.effects.length) : ''
  const over = firing.length > 0 && resolved.length > 0 ? `; ${texts.resolvedToo(resolved.length)}` : ''
  const site = first.site === '' ? '' : ` (${first.site})`
  return `${mark}: ${titleOf(first, texts)}${muted}${rest}${over}${site}`
}

function whereOf({ kind, target, monitor }: Alert, texts: MessageTexts): string {
  return texts.where(kind, target) || monitor || texts.where('monitor', '')
}

function titleOf(alert: Alert, texts: MessageTexts): string {
  return `${whereOf(alert, texts)}: ${texts.title(alert.alertname)}`
}

function entriesOf(incidents: Incident[], alerts: Alert[], { timezone, texts }: Writing): MessageEntry[] {
  const all = [
    ...incidents.map((incident) => entryOfIncident(incident, timezone, texts)),
    ...alerts.slice(0, MOST_DETAILED).map((alert) => entryOf(alert, timezone, texts)),
  ]
  const detailed = all.slice(0, MOST_DETAILED)
  const inOneLine = (alert: Alert) =>
    `${whereOf(alert, texts)} (${texts.since(texts.title(alert.alertname), clockTime(alert.startsAt, timezone))})`
  const names = [
    ...all.slice(MOST_DETAILED).map(({ heading }) => heading),
    ...alerts.slice(MOST_DETAILED).map(inOneLine),
  ]
  if (names.length === 0) return detailed
  const rest = { name: texts.fact.where, value: names.join('; ') }
  return [...detailed, { heading: texts.alsoMore(names.length), facts: [rest], remedy: [], link: null }]
}

function entryOf(alert: Alert, timezone: string, texts: MessageTexts): MessageEntry {
  const { issue, effects, site, monitor, startsAt, endsAt, status, change, severity, runbookUrl, dashboardUrl } = alert
  const { fact } = texts
  const isFiring = status === 'firing'
  const [measured, expected] = [issue.measured, issue.expected].map((value) => withUnit(value, issue.unit))
  const facts: MessageEntry['facts'] = []
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') facts.push({ name, value })
  }
  if (isFiring) add(fact.cause, causeIn(alert.diagnosis, texts))
  add(fact.what, texts.summary({ alertname: alert.alertname, summary: issue.summary }))
  add(fact.where, [whereOf(alert, texts), site, monitor].filter((part) => part !== '').join(', '))
  if (isFiring) {
    add(fact.severity, texts.severity[severity])
    add(fact.measured, measured && texts.value(measured))
    add(fact.expected, expected && texts.value(expected))
  }
  add(fact.since, clockTime(startsAt, timezone))
  if (!isFiring && endsAt !== undefined) {
    add(fact.lasted, durationInWords(Date.parse(endsAt) - Date.parse(startsAt)))
    add(fact.ended, endOf(alert, texts))
  }
  if (effects.length > 0) add(texts.affects(effects.length), effects.join(', '))
  if (change === 'repeated') add(fact.note, texts.note.repeated)
  return {
    heading: titleOf(alert, texts),
    facts,
    remedy: isFiring ? remedyOf(alert).map(texts.sentence) : [],
    link: Object.values(webLinks({ runbookUrl, dashboardUrl }))[0] ?? null,
  }
}

/** What is wrong where, how sure that is, and why. */
export function causeIn(diagnosis: Alert['diagnosis'], texts: MessageTexts = MESSAGE_TEXTS.en): string | undefined {
  if (diagnosis === undefined || diagnosis.confidence === null) return undefined
  const reasons = texts.evidence(diagnosis).slice(0, MOST_REASONS)
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`
  const other = diagnosis.orElse && `. ${texts.fact.orElse}: ${texts.sentence(diagnosis.orElse.says)}`
  return `${texts.sentence(diagnosis.says)} (${texts.confidence[diagnosis.confidence]}${why})${other ?? ''}`
}

/** Reasons that a message gives for a cause. */
const MOST_REASONS = 2

function endOf({ endedBy }: Alert, { ended }: MessageTexts): string {
  return endedBy === 'not-expected' || endedBy === 'not-watched' ? ended[endedBy] : ended.cleared
}
