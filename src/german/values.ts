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

/** Words that stand where a check has no number: what was measured, or what was expected. */
const WORDS: Readonly<Record<string, string>> = {
  'a route': 'eine Route',
  'a test': 'ein Test',
  'a token that may read the event': 'ein Token, das die Veranstaltung lesen darf',
  'an answer': 'eine Antwort',
  'an answer to every poll': 'eine Antwort auf jede Abfrage',
  closed: 'geschlossen',
  'closed GOPs': 'geschlossene GOPs',
  headers: 'Header',
  'headers and frames': 'Header und Bilder',
  idle: 'untätig',
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
