// Writes the inhibit rules between the two markers of deploy/alertmanager/alertmanager.yml from the tables of checks: an
// alert that says more of a fact mutes those that say less of it, and so the word that they ended. A test holds the file
// to the tables.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ISSUE_ALERTS } from './alert-table.ts'

export const ALERTMANAGER = fileURLToPath(new URL('../deploy/alertmanager/alertmanager.yml', import.meta.url))

const BEGIN =
  '  # Made from the tables in src/health/checks by scripts/generate-inhibit-rules.ts, down to the end of the list.\n'
const END = '\nreceivers:\n'

/** A stream that is offline mutes everything else of that stream, by hand. */
const BY_HAND: ReadonlySet<string> = new Set(['HmonitorStreamOffline'])

/** The file as it should be. @throws Error where the markers are not in it */
export function text(file: string): string {
  const [begin, end] = [file.indexOf(BEGIN), file.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error('alertmanager.yml has no place for the rules that are made')
  return `${file.slice(0, begin + BEGIN.length)}${rules()}${file.slice(end)}`
}

function rules(): string {
  return ISSUE_ALERTS.filter(({ alertname }) => !BY_HAND.has(alertname))
    .map(({ alertname, kind, check }) => {
      const lesser = ISSUE_ALERTS.filter((other) => other.kind === kind && check.supersedes?.includes(other.check.type))
      if (lesser.length === 0) return ''
      const names = lesser.map((other) => other.alertname).join('|')
      return [
        `  - source_matchers: ['alertname="${alertname}"', 'kind="${kind}"']`,
        '    target_matchers:',
        `      - 'alertname=~"${names}"'`,
        `      - 'kind="${kind}"'`,
        '    equal: [kind, target, monitor, site]\n',
      ].join('\n')
    })
    .join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(ALERTMANAGER, text(readFileSync(ALERTMANAGER, 'utf8')))
}
