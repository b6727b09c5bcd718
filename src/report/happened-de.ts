import { ISSUES } from '../german/issues.ts'
import type { Happened } from './report.ts'
import { lengthOf } from './writing.ts'

const STATES: Readonly<Record<string, string>> = {
  ok: 'in Ordnung',
  degraded: 'beeinträchtigt',
  down: 'ausgefallen',
  off: 'aus, wie erwartet',
  unknown: 'nicht messbar, Zustand unbekannt',
}

/** Why a session of a stream ended. */
const SESSION_ENDS: Readonly<Record<string, string>> = {
  ended: 'vom Server beendet',
  stalled: 'es kam nichts mehr',
  refused: 'vom Server abgelehnt',
  'not-found': 'der Server kennt den Stream nicht',
  timeout: 'Zeitüberschreitung',
  unreachable: 'Server nicht erreichbar',
}

/** What has become of an alert. */
const ALERTS: { readonly [change: string]: (happened: Happened) => string } = {
  firing: () => 'ausgelöst',
  repeated: () => 'besteht noch',
  updated: () => 'hat sich geändert',
  acknowledged: ({ by }) => (by === undefined ? 'bestätigt' : `bestätigt von ${by}`),
  silenced: () => 'stummgeschaltet',
  unsilenced: () => 'nicht mehr stummgeschaltet',
  resolved: ({ seconds }) => `vorbei${after(seconds)}`,
}

const after = (seconds: number | undefined) => (seconds === undefined ? '' : ` nach ${lengthOf(seconds)}`)
const known = (words: Readonly<Record<string, string>>, word = '') => (Object.hasOwn(words, word) ? words[word] : word)

/** One line of what happened. @param where `Stream main` */
export function happenedInGerman(where: string, happened: Happened): string {
  const { event, issue, from, to, seconds, alert, endedBy } = happened
  const what = issue === undefined ? 'Befund' : known(ISSUES, issue)
  if (alert !== undefined) {
    const change = Object.hasOwn(ALERTS, alert) ? ALERTS[alert]?.(happened) : alert
    return `${where}: Alarm „${what}“ ${change}`
  }
  switch (event) {
    case 'state':
      return `${where}: ${known(STATES, to)}${from === undefined ? '' : `; vorher ${known(STATES, from)}`}`
    case 'raised':
      return `${where}: ${what}`
    case 'superseded':
      return `${where}: ${what}, jetzt ${known(ISSUES, to)}${after(seconds)}`
    case 'cleared':
      return `${where}: ${what}, ${endedBy === 'not-watched' ? 'nicht mehr beobachtet' : 'vorbei'}${after(seconds)}`
    case 'session':
      return `${where}: Verbindung beendet${after(seconds)}: ${known(SESSION_ENDS, to)}`
    case 'restart':
      return `${where}: Der Sender hat neu begonnen`
    default:
      return where
  }
}
