import { alertTitle } from '../observation/alert.ts'
import type { Location } from '../observation/diagnosis.ts'
import type { Mark, MessageTexts } from './message-texts.ts'

const PLACES: Readonly<Record<Location, string>> = {
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

const MARKS: Readonly<Record<'critical' | 'warning', Readonly<Record<Mark, string>>>> = {
  critical: { new: 'Critical', again: 'Critical again', repeated: 'Still critical', worse: 'Now critical' },
  warning: { new: 'Warning', again: 'Warning again', repeated: 'Still warning', worse: 'Now warning' },
}

export const ENGLISH: MessageTexts = {
  fact: {
    affected: 'Affected',
    cause: 'Probable cause',
    causeAfterwards: 'Cause, as far as is known',
    correction: 'Correction',
    ended: 'Ended',
    expected: 'Expected',
    howSure: 'How sure',
    lasted: 'Lasted',
    measured: 'Measured',
    note: 'Note',
    orElse: 'Could as well be',
    severity: 'Severity',
    since: 'Since',
    speaksAgainst: 'Speaks against it',
    what: 'What',
    where: 'Where',
    why: 'Why',
    wouldTell: 'Would tell more',
  },
  frame: {
    steps: 'What to do now',
    more: 'More',
    dashboard: 'Dashboard',
    open: 'Open the dashboard',
    now: 'Now',
    resolved: 'Resolved',
    picture: 'Picture attached',
  },
  severity: { critical: 'critical', warning: 'warning' },
  confidence: { certain: 'certain', likely: 'likely', possible: 'possible' },
  note: {
    again: 'It was over, and has come back',
    worse: 'It was a warning, and is critical now',
    repeated: 'Still active. Acknowledge it to get no more reminders until it is over',
  },
  ended: {
    cleared: 'Measured to be fine again',
    'not-expected': 'No longer expected to be live, so no longer checked',
    'not-watched': 'No longer watched, so nothing is known of it',
  },
  correction: 'Correction',
  mark: (severity, mark) => MARKS[severity][mark],
  resolvedAfter: (length) => `Resolved after ${length}`,
  resolved: 'Resolved',
  corrects: (location) =>
    `An earlier message named ${PLACES[location]}. What was measured since then speaks for another cause`,
  where: (kind, target) => [kind, target].filter((part) => part !== '').join(' '),
  title: alertTitle,
  finding: ({ alertname, summary }) => `${alertTitle(alertname)}: ${summary}`,
  summary: ({ summary }) => summary,
  value: (text) => text,
  sentence: (english) => english,
  evidence: ({ evidenceFor }) => evidenceFor,
  doubts: ({ evidenceAgainst }) => evidenceAgainst,
  isOver: '(over)',
  affectedMany: (count) => `Affected ${count}`,
  affects: (count) => `Affects ${count}`,
  whichAffects: (count) => `, which affects ${count}`,
  andMore: (count) => `and ${count} more`,
  alsoMore: (count) => `And ${count} more`,
  resolvedToo: (count) => `${count} resolved`,
  caption: (target, which, time) =>
    `stream ${target}, ${which === 'now' ? 'now' : 'the last good picture, from before'} (${time})`,
  since: (title, time) => `${title}, since ${time}`,
}
