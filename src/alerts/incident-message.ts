import { alertTitle, runbookUrl } from '../observation/alert.ts'
import type { Diagnosis } from '../observation/diagnosis.ts'
import { type Incident, type IncidentMember, toldMembers } from '../observation/incident.ts'
import { clockTime } from '../observation/local-time.ts'
import { durationInWords } from '../observation/words.ts'
import type { MessageEntry } from './message-entry.ts'

/** Targets that are named with what is wrong; of the others there is the name, and of many the number. */
const MOST_DETAILED = 6
const MOST_NAMED = 40

/** Reasons for a cause, and against it. */
const MOST_REASONS = 3
const MOST_DOUBTS = 1

/** What a message tells of an incident: the cause first, then what is affected, since when, and why the monitor thinks so. */
export function entryOfIncident(incident: Incident, timezone: string): MessageEntry {
  const { status, diagnosis, site, monitor, severity, change, because, startsAt, endsAt, remedy } = incident
  const members = toldMembers(incident)
  const isOpen = status === 'open'
  const facts: MessageEntry['facts'] = []
  const add = (name: string, value: string | null | undefined) => {
    if (value !== undefined && value !== null && value !== '') facts.push({ name, value })
  }
  const cause = causeOf(diagnosis)
  if (isOpen) add('Correction', correctionOf(incident))
  if (change === 'opened' && because === 'again') add('Note', 'It was over, and has come back')
  if (change === 'changed' && because === 'severity') add('Note', 'It was a warning, and is critical now')
  // Where the heading is the cause, only how sure that is stands below it.
  if (isOpen && isSure(diagnosis)) add('How sure', diagnosis?.confidence)
  else add(isOpen ? 'Probable cause' : 'Cause, as far as is known', cause)
  add(members.length === 1 ? 'Affected' : `Affected ${members.length}`, affectedOf(members, isOpen))
  if (isOpen) add('Severity', severity)
  add('Since', clockTime(startsAt, timezone))
  if (!isOpen && endsAt !== undefined) {
    add('Lasted', durationInWords(Date.parse(endsAt) - Date.parse(startsAt)))
    add('Ended', endOf(incident))
  }
  add('Where', [site, monitor].filter((part) => part !== '').join(', '))
  if (isOpen && cause !== null) {
    add('Why', diagnosis?.evidenceFor.slice(0, MOST_REASONS).join('; '))
    add('Speaks against it', diagnosis?.evidenceAgainst.slice(0, MOST_DOUBTS).join('; '))
  }
  if (isOpen && diagnosis?.confidence !== 'certain') add('Would tell more', diagnosis?.wouldDecide)
  if (change === 'repeated') add('Note', 'Still active. Acknowledge it to get no more reminders until it is over')
  const [worst] = members
  const runbook = worst === undefined ? null : runbookUrl(worst.alerts[0] ?? '')
  return { heading: headingOf(incident), facts, remedy: isOpen ? remedy : [], link: runbook }
}

/** What a message about this incident alone is called. */
export function subjectOfIncident(incident: Incident): string {
  const { site, status, startsAt, endsAt } = incident
  const members = toldMembers(incident)
  const where = site === '' ? '' : ` (${site})`
  if (status === 'ended') {
    const lasted = durationInWords(Date.parse(endsAt ?? startsAt) - Date.parse(startsAt))
    return `Resolved after ${lasted}: ${namesOf(members)}${where}`
  }
  const cause = isSure(incident.diagnosis) ? `${incident.diagnosis?.says}: ${namesOf(members)}` : titleOf(members)
  return `${markOf(incident)}: ${cause}${where}`
}

function markOf({ severity, change, because }: Incident): string {
  const mark = severity === 'critical' ? 'Critical' : 'Warning'
  if (change === 'changed') return because === 'location' ? 'Correction' : `Now ${mark.toLowerCase()}`
  if (change === 'repeated') return `Still ${mark.toLowerCase()}`
  return because === 'again' ? `${mark} again` : mark
}

function headingOf(incident: Incident): string {
  const { status, diagnosis } = incident
  const members = toldMembers(incident)
  if (status === 'ended') return namesOf(members)
  return isSure(diagnosis) ? (diagnosis?.says ?? '') : titleOf(members)
}

/** As sure as is needed to say it first. */
function isSure(diagnosis: Diagnosis | null): boolean {
  return diagnosis?.confidence === 'certain' || diagnosis?.confidence === 'likely'
}

/** How sure it is stands beside it. */
function causeOf(diagnosis: Diagnosis | null): string | null {
  return diagnosis === null || diagnosis.confidence === null ? null : `${diagnosis.says} (${diagnosis.confidence})`
}

const PLACES: Readonly<Record<NonNullable<Incident['correctedFrom']>, string>> = {
  operator: 'that nobody streams',
  source: 'the picture or sound that comes in',
  encoder: 'the encoder',
  'venue-network': 'the network of the venue',
  uplink: 'the line from the venue to the server',
  'name-service': 'the name service or the certificate',
  server: 'the server',
  platform: 'the platform',
  'monitor-network': "the monitor's own network",
  monitor: 'the monitor itself',
}

function correctionOf({ correctedFrom, change }: Incident): string | null {
  if (change !== 'changed' || correctedFrom === undefined) return null
  return `An earlier message named ${PLACES[correctedFrom]}. What was measured since then speaks for another cause`
}

/** `stream main: Stream offline: No media for 12 s`, then names. */
function affectedOf(members: readonly IncidentMember[], isOpen: boolean): string {
  const detailed = members.slice(0, MOST_DETAILED).map((member) => {
    const title = `${whereOf(member)}: ${alertTitle(member.alerts[0] ?? '')}`
    if (!isOpen) return title
    return member.status === 'over' ? `${title} (over)` : `${title}: ${member.summary}`
  })
  const named = members.slice(MOST_DETAILED, MOST_NAMED).map(whereOf)
  const more = members.length - MOST_NAMED
  return [...detailed, ...(named.length > 0 ? [named.join(', ')] : []), ...(more > 0 ? [`and ${more} more`] : [])].join(
    '; ',
  )
}

/** `stream main: Stream offline, and 2 more`. */
function titleOf(members: readonly IncidentMember[]): string {
  const [first] = members
  if (first === undefined) return 'monitor'
  return `${whereOf(first)}: ${alertTitle(first.alerts[0] ?? '')}${more(members)}`
}

/** `stream main and 2 more`. */
function namesOf(members: readonly IncidentMember[]): string {
  const [first] = members
  return first === undefined ? 'monitor' : `${whereOf(first)}${more(members)}`
}

function more({ length }: readonly IncidentMember[]): string {
  return length > 1 ? ` and ${length - 1} more` : ''
}

function whereOf({ kind, target }: IncidentMember): string {
  return [kind, target].filter((part) => part !== '').join(' ')
}

function endOf({ endedBy }: Incident): string | null {
  if (endedBy === 'not-expected') return 'No longer expected to be live, so no longer checked'
  if (endedBy === 'not-watched') return 'No longer watched, so nothing is known of it'
  return endedBy === 'cleared' ? 'Measured to be fine again' : null
}
