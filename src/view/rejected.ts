import type { ToldRejection } from '../monitor/rejections.ts'
import type { Language } from '../observation/language.ts'

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
