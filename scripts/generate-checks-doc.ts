// Writes docs/checks.md from the table of checks. Run it after a change to a row; a test holds the page to the table.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Check, Limits } from '../src/health/check.ts'
import { STREAM_CHECKS } from '../src/health/checks/stream.ts'

export const CHECKS_PAGE = fileURLToPath(new URL('../docs/checks.md', import.meta.url))

const INTRODUCTION = `# Checks

<!-- Made from the table in src/health/checks by scripts/generate-checks-doc.ts. Change the table, not this page. -->

What is judged of a stream, over which window, from which value on and for how long. An issue is raised when its fault has held for the time given, and cleared when what is fine has held for its own time; between the two limits nothing changes, so a value that swings around a limit gives one issue. Where no time is given, the next observation decides; it is at most one interval away.

Time in which nothing could be measured neither raises nor clears an issue and counts towards no hold time. While a stream is down, what cannot be measured then stays as it was.
`

const RULES = `## State and score

| what was measured | state |
|---|---|
| media arrives, no issue of severity warning or error | \`ok\` |
| media arrives, and there is such an issue | \`degraded\` |
| no media, and the stream is expected | \`down\` |
| no media, and the stream is not expected | \`off\`: the event is over, and every issue ends |
| nothing could be measured | \`unknown\` |

The score is 100 less the weights of the active issues. 0 is kept for \`down\`: a stream whose media arrives has at least 1. While \`unknown\` or \`off\` there is no score.
`

/** The whole page. Pure. */
export function text(): string {
  const table = [
    '| issue | severity | window | raised | cleared | weight |',
    '|---|---|---|---|---|---|',
    ...STREAM_CHECKS.map((check) => tableRow(check)),
  ].join('\n')
  return [INTRODUCTION, `${table}\n`, RULES, ...STREAM_CHECKS.map((check) => section(check))].join('\n')
}

type Row = Pick<
  Check<never, never>,
  'type' | 'severity' | 'weight' | 'limits' | 'warmUp' | 'resets' | 'remedy' | 'text'
>

function tableRow(row: Row): string {
  const { limits } = row
  const cells = [
    `[${row.type}](#${row.type.toLowerCase()})`,
    row.severity,
    row.text.window(limits),
    raised(row, limits),
    cleared(row, limits),
    String(row.weight),
  ]
  return `| ${cells.join(' | ')} |`
}

function section(row: Row): string {
  const anew = row.resets.map((reset) => `a ${reset}`).join(' or ')
  return `## ${row.type}

- **Measures**: ${row.text.measures}.
- **Window**: ${row.text.window(row.limits)}.
- **Raised** (${row.severity}): ${raised(row, row.limits)}.
- **Cleared**: ${cleared(row, row.limits)}.
- **Why so**: ${row.text.why}
- **Cannot see**: ${row.text.blindTo}
- **Warm-up**: ${row.warmUp === 'suspended' ? 'not judged until the first burst of a session has passed' : 'judged all the same'}.${anew === '' ? '' : ` After ${anew} its hold times begin anew.`}

What to do:

${row.remedy.map((line, index) => `${index + 1}. ${line}`).join('\n')}
`
}

function raised(row: Row, limits: Limits): string {
  return row.text.raised(limits) + held(limits.enterHold)
}

function cleared(row: Row, limits: Limits): string {
  return row.text.cleared(limits) + held(limits.clearHold)
}

function held(hold: number): string {
  return hold === 0 ? '' : `, for ${hold} s`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(CHECKS_PAGE, text())
