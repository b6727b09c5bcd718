import { runbookUrl } from '../observation/alert.ts'
import type { Diagnosis } from '../observation/diagnosis.ts'
import { type Incident, type IncidentMember, toldMembers } from '../observation/incident.ts'
import { clockTime } from '../observation/local-time.ts'
import { durationInWords } from '../observation/words.ts'
import type { MessageEntry } from './message-entry.ts'
import type { Finding, MessageTexts } from './message-texts.ts'

/** Targets that are named with what is wrong; of the others there is the name, and of many the number. */
const MOST_DETAILED = 6
const MOST_NAMED = 40

/** Reasons for a cause, and against it. */
const MOST_REASONS = 3
const MOST_DOUBTS = 1

/** What a message tells of an incident: the cause first, then what is affected, since when, and why the monitor thinks so. */
export function entryOfIncident(incident: Incident, timezone: string, texts: MessageTexts): MessageEntry {
  const { status, diagnosis, site, monitor, severity, change, because, startsAt, endsAt, endedBy, remedy } = incident
  const { fact, note } = texts
  const members = toldMembers(incident)
  const isOpen = status === 'open'
  const facts: MessageEntry['facts'] = []
  const add = (name: string, value: string | null | undefined) => {
    if (value !== undefined && value !== null && value !== '') facts.push({ name, value })
  }
  const cause = causeOf(diagnosis, texts)
  if (isOpen) add(fact.correction, correctionOf(incident, texts))
  if (change === 'opened' && because === 'again') add(fact.note, note.again)
  if (change === 'changed' && because === 'severity') add(fact.note, note.worse)
  // Where the heading is the cause, only how sure that is stands below it.
  if (isOpen && isSure(diagnosis)) add(fact.howSure, confidenceOf(diagnosis, texts))
  else add(isOpen ? fact.cause : fact.causeAfterwards, cause)
  add(fact.orElse, cause && diagnosis?.orElse && texts.sentence(diagnosis.orElse.says))
  add(members.length === 1 ? fact.affected : texts.affectedMany(members.length), affectedOf(members, isOpen, texts))
  if (isOpen) add(fact.severity, texts.severity[severity])
  add(fact.since, clockTime(startsAt, timezone))
  if (!isOpen && endsAt !== undefined) {
    add(fact.lasted, durationInWords(Date.parse(endsAt) - Date.parse(startsAt)))
    add(fact.ended, endedBy === undefined || endedBy === 'superseded' ? null : texts.ended[endedBy])
  }
  add(fact.where, [site, monitor].filter((part) => part !== '').join(', '))
  if (isOpen && diagnosis !== null && cause !== null) {
    add(fact.why, texts.evidence(diagnosis).slice(0, MOST_REASONS).join('; '))
    add(fact.speaksAgainst, texts.doubts(diagnosis).slice(0, MOST_DOUBTS).join('; '))
  }
  const lacking = diagnosis?.confidence === 'certain' ? null : diagnosis?.wouldDecide
  if (isOpen && lacking) add(fact.wouldTell, texts.sentence(lacking))
  if (change === 'repeated') add(fact.note, note.repeated)
  const [worst] = members
  const runbook = worst === undefined ? null : runbookUrl(worst.alerts[0] ?? '')
  return { heading: headingOf(incident, texts), facts, remedy: isOpen ? remedy.map(texts.sentence) : [], link: runbook }
}

/** What a message about this incident alone is called. */
export function subjectOfIncident(incident: Incident, texts: MessageTexts): string {
  const { site, status, diagnosis, startsAt, endsAt } = incident
  const members = toldMembers(incident)
  const where = site === '' ? '' : ` (${site})`
  if (status === 'ended') {
    const lasted = durationInWords(Date.parse(endsAt ?? startsAt) - Date.parse(startsAt))
    return `${texts.resolvedAfter(lasted)}: ${namesOf(members, texts)}${where}`
  }
  const what = isSure(diagnosis)
    ? `${texts.sentence(diagnosis?.says ?? '')}: ${namesOf(members, texts)}`
    : titleOf(members, texts)
  return `${markOf(incident, texts)}: ${what}${where}`
}

function markOf({ severity, change, because }: Incident, texts: MessageTexts): string {
  if (change === 'changed') return because === 'location' ? texts.correction : texts.mark(severity, 'worse')
  if (change === 'repeated') return texts.mark(severity, 'repeated')
  return texts.mark(severity, because === 'again' ? 'again' : 'new')
}

function headingOf(incident: Incident, texts: MessageTexts): string {
  const { status, diagnosis } = incident
  const members = toldMembers(incident)
  if (status === 'ended') return namesOf(members, texts)
  return isSure(diagnosis) ? texts.sentence(diagnosis?.says ?? '') : titleOf(members, texts)
}

/** As sure as is needed to say it first. */
function isSure(diagnosis: Diagnosis | null): boolean {
  return diagnosis?.confidence === 'certain' || diagnosis?.confidence === 'likely'
}

/** How sure it is stands beside it. */
function causeOf(diagnosis: Diagnosis | null, texts: MessageTexts): string | null {
  const confidence = confidenceOf(diagnosis, texts)
  return diagnosis === null || confidence === null ? null : `${texts.sentence(diagnosis.says)} (${confidence})`
}

function confidenceOf(diagnosis: Diagnosis | null, texts: MessageTexts): string | null {
  return diagnosis === null || diagnosis.confidence === null ? null : texts.confidence[diagnosis.confidence]
}

function correctionOf({ correctedFrom, change }: Incident, texts: MessageTexts): string | null {
  return change !== 'changed' || correctedFrom === undefined ? null : texts.corrects(correctedFrom)
}

/** `stream main: Stream offline: No media for 12 s`, then names. */
function affectedOf(members: readonly IncidentMember[], isOpen: boolean, texts: MessageTexts): string {
  const detailed = members.slice(0, MOST_DETAILED).map((member) => {
    const finding = findingOf(member)
    if (isOpen && member.status === 'firing') return `${whereOf(member, texts)}: ${texts.finding(finding)}`
    const title = `${whereOf(member, texts)}: ${texts.title(finding.alertname)}`
    return isOpen ? `${title} ${texts.isOver}` : title
  })
  const named = members.slice(MOST_DETAILED, MOST_NAMED).map((member) => whereOf(member, texts))
  const more = members.length - MOST_NAMED
  return [
    ...detailed,
    ...(named.length > 0 ? [named.join(', ')] : []),
    ...(more > 0 ? [texts.andMore(more)] : []),
  ].join('; ')
}

function findingOf({ alerts, summary, measured, expected }: IncidentMember): Finding {
  return { alertname: alerts[0] ?? '', summary, measured, expected }
}

/** `stream main: Stream offline and 2 more`. */
function titleOf(members: readonly IncidentMember[], texts: MessageTexts): string {
  const [first] = members
  if (first === undefined) return texts.where('monitor', '')
  return `${whereOf(first, texts)}: ${texts.title(first.alerts[0] ?? '')}${more(members, texts)}`
}

/** `stream main and 2 more`. */
function namesOf(members: readonly IncidentMember[], texts: MessageTexts): string {
  const [first] = members
  return first === undefined ? texts.where('monitor', '') : `${whereOf(first, texts)}${more(members, texts)}`
}

function more({ length }: readonly IncidentMember[], texts: MessageTexts): string {
  return length > 1 ? ` ${texts.andMore(length - 1)}` : ''
}

function whereOf({ kind, target }: IncidentMember, texts: MessageTexts): string {
  return texts.where(kind, target)
}
