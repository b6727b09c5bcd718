import type { AbsenceReason, Kind } from '../observation/observation.ts'

/** Kinds of targets; `monitor` is what the monitor says of itself. */
export const KINDS_IN_GERMAN: Readonly<Record<string, string>> = {
  stream: 'Stream',
  ping: 'Host',
  service: 'Dienst',
  bandwidth: 'Bandbreite',
  encoder: 'Encoder',
  platform: 'Plattform',
  monitor: 'Monitor',
}

/** All of a kind, above a table. */
export const TITLES_IN_GERMAN: Readonly<Record<Kind, string>> = {
  stream: 'Streams',
  ping: 'Hosts',
  service: 'Dienste',
  bandwidth: 'Bandbreite',
  encoder: 'Encoder',
  platform: 'Plattform',
}

/** Why a target that was looked for is not there, as a clause. */
export const ABSENCES_IN_GERMAN: Readonly<Record<AbsenceReason, string>> = {
  ended: 'der Server hat den Stream beendet',
  'name-not-found': 'den Namen des Servers gibt es nicht',
  'not-found': 'der Server kennt diesen Stream nicht',
  refused: 'der Server lehnt die Verbindung ab',
  stalled: 'die Verbindung besteht, aber es kommt nichts mehr',
  timeout: 'es kommt nichts',
  'tls-invalid': 'die gesicherte Verbindung kommt nicht zustande',
  unreachable: 'der Server ist nicht erreichbar',
  'wrong-answer': 'der Server antwortet anders als erwartet',
}

/** Words that stand where a check has no number: what was measured, or what was expected. */
const WORDS: Readonly<Record<string, string>> = {
  'a route': 'eine Route',
  'a test': 'ein Test',
  'a token that may read the event': 'ein Token, das die Veranstaltung lesen darf',
  'an answer': 'eine Antwort',
  'an answer to every poll': 'eine Antwort auf jede Abfrage',
  closed: 'geschlossen',
  connecting: 'verbindet',
  'closed GOPs': 'geschlossene GOPs',
  flushing: 'leert seinen Puffer',
  headers: 'Header',
  'headers and frames': 'Header und Bilder',
  idle: 'untätig',
  interrupted: 'unterbrochen',
  media: 'Medien',
  'never an answer': 'nie eine Antwort',
  'no answer': 'keine Antwort',
  'no change': 'keine Änderung',
  'no event': 'keine Veranstaltung',
  'no route': 'keine Route',
  none: 'keine',
  'one before the first frame': 'eine vor dem ersten Bild',
  'one event': 'eine Veranstaltung',
  open: 'offen',
  'progressive video': 'Video mit Vollbildern (progressive)',
  receiving: 'empfängt',
  streaming: 'streamt',
  'the same interval throughout': 'durchgehend derselbe Abstand',
}

const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^less than /, 'weniger als '],
  [/^more than /, 'mehr als '],
  [/^at most /, 'höchstens '],
  [/^at least /, 'mindestens '],
  [/^below /, 'unter '],
  [/^above /, 'über '],
  [/^a measurement every /, 'eine Messung alle '],
]

/** What a check has measured or expected, where that is text: numbers with a comma, words in German where they are known. */
export function valueInGerman(text: string): string {
  const known = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined
  if (known !== undefined) return known
  const begun = BEGINNINGS.reduce((so, [english, german]) => so.replace(english, german), text)
  return numbersInGerman(
    begun
      .replace(/(\d) of (\d)/g, '$1 von $2')
      .replace(/(\d) to (\d)/g, '$1 bis $2')
      .replace(/ or (?=\S+$)/, ' oder '),
  )
}

/** `4.5 Mb/s` becomes `4,5 Mb/s`; versions and addresses have more than one point, and stay. */
export function numbersInGerman(text: string): string {
  return text.replace(/(?<![\d.])(\d+)\.(\d+)(?![\d.])/g, '$1,$2')
}
