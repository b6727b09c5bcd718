import { issueInGerman, measuredInGerman, sentenceInGerman } from '../german/catalogue.ts'
import { ABSENCES_IN_GERMAN, KINDS_IN_GERMAN, TITLES_IN_GERMAN } from '../german/values.ts'
import type { ToldRejection } from '../monitor/rejections.ts'
import type { KindNames } from '../observation/kind.ts'
import type { Language } from '../observation/language.ts'
import type { Issue, Observation } from '../observation/observation.ts'
import { withUnit } from '../observation/words.ts'
import { isNeverSeen } from './look.ts'

/** What is wrong in one sentence. English ones are the checks' own; of German ones their numbers say the same. */
export function summaryIn(language: Language, issue: Issue, target?: Observation): string {
  if (language === 'en') return issue.summary
  const title = issueInGerman(issue.type)
  if (title === null) return issue.summary
  if (target?.absence !== undefined && isNeverSeen(target))
    return `${title}: ${ABSENCES_IN_GERMAN[target.absence.reason]}`
  const { measured, expected, unit } = issue
  return `${title}${measuredInGerman(withUnit(measured, unit), withUnit(expected, unit))}`
}

/** What stands behind the step that comes from another target. */
const CAUSE = /^(.+) \(Probable cause: (.+), ([^,]+)\.\)$/

/** A step, a cause, or what would tell more; in English where it is in none of the tables. */
export function sentenceIn(language: Language, english: string): string {
  if (language === 'en') return english
  const [, step, target, issue = ''] = CAUSE.exec(english) ?? []
  if (step === undefined) return sentenceInGerman(english) ?? english
  const type = issue.replace(/ (\w)/g, (_space, letter: string) => letter.toUpperCase())
  return `${sentenceInGerman(step) ?? step} (Wahrscheinliche Ursache: ${target}, ${issueInGerman(type) ?? issue})`
}

/** What one of a kind is called on a card: `Host`. */
export function labelIn(language: Language, kind: Pick<KindNames, 'kind' | 'label'>): string {
  return language === 'en' ? kind.label : (KINDS_IN_GERMAN[kind.kind] ?? kind.label)
}

/** What all of a kind are called above a table: `Hosts`. */
export function titleIn(language: Language, kind: Pick<KindNames, 'kind' | 'title'>): string {
  return language === 'en' ? kind.title : TITLES_IN_GERMAN[kind.kind]
}

const EFFECTS: Readonly<Record<ToldRejection['effect'], string>> = {
  'not-watched': 'Nicht überwacht: ',
  'watched-as-before': 'Wie bisher überwacht: ',
  ignored: 'Überwacht, aber ',
}

/** What is refused and why, and what to do. The reason is the parser's own, which names keys and values: English. */
export function rejectionIn(
  language: Language,
  { summary, remedy, entry, effect, message, name, kind }: ToldRejection,
): { summary: string; remedy: string } {
  if (language === 'en') return { summary, remedy }
  const reason = message.startsWith(`${entry}: `) ? message.slice(entry.length + 2) : message
  const isPart = effect === 'ignored' && name === null
  return { summary: `${isPart ? 'Übergangen: ' : EFFECTS[effect]}${reason}`, remedy: remedyInGerman(entry, kind) }
}

function remedyInGerman(entry: string, kind: string | null): string {
  const variable = /^[A-Z][A-Z0-9_]+(?= "|$)/.exec(entry)?.[0]
  if (variable?.endsWith('_FILE'))
    return `Den Wert in die Datei schreiben, die ${variable} nennt; sie wird von selbst neu gelesen.`
  if (variable !== undefined) return `${variable} berichtigen und den Monitor neu starten.`
  if (kind !== null && entry.startsWith('The ')) return 'Im Dialog des Nodes berichtigen und übernehmen (Deploy).'
  const isEntry = /^[a-zA-Z]+(\[|$)/.test(entry)
  return `${isEntry ? `${entry} in der Datei der Ziele` : 'Die Ziele'} berichtigen: Eine Datei wird nach dem Speichern sofort neu gelesen.`
}
