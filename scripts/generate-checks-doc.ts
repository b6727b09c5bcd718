// Writes docs/checks.md from the table of checks. Run it after a change to a row; a test holds the page to the table.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CheckRow, Limits, Need } from '../src/health/check.ts'
import type { KindDescriptor } from '../src/kinds/kind.ts'
import { KINDS } from '../src/kinds/kinds.ts'

export const CHECKS_PAGE = fileURLToPath(new URL('../docs/checks.md', import.meta.url))

const INTRODUCTION = `# Checks

<!-- Made from the table in src/health/checks by scripts/generate-checks-doc.ts. Change the table, not this page. -->

What is judged of a target, over which window, from which value on and for how long. An issue is raised when its fault has held for the time given, and cleared when what is fine has held for its own time; between the two limits nothing changes, so a value that swings around a limit gives one issue. Where no time is given, the next observation decides; it is at most one interval away.

Time in which nothing could be measured neither raises nor clears an issue and counts towards no hold time. While a target is down, what cannot be measured then stays as it was.

Windows, limits and hold times are those of the table; a target may have others, or none, which switches the check off.
`

/** Groups of checks that judge only what says that it needs them, and what the page says of them. */
const NEEDING: { needs: Need; title: string; text: string }[] = [
  {
    needs: 'profile',
    title: 'Streams with a profile',
    text: "What a platform takes, by YouTube's names for it. They are judged only where the target names a [profile](profiles.md), and only as far as the platform publishes a limit. What is advice of the platform is information, what lowers the quality is a warning, and what stops the broadcast is an error.",
  },
  {
    needs: 'backupOf',
    title: 'Backups',
    text: 'Whether a stream is the same as the one whose backup it is. They are judged only where the target names that one as its `backupOf`, and only while both are on air and freshly observed.',
  },
  {
    needs: 'content',
    title: 'Picture and sound',
    text: 'What is to be seen and heard. They are judged only while content checks run.',
  },
]

const RULES = `## State and score

| what was measured | state |
|---|---|
| media arrives, or a host, a server or a device answers; no issue of severity warning or error | \`ok\` |
| the same, and there is such an issue | \`degraded\` |
| no media or no answer, and it is expected | \`down\` |
| no media or no answer, and it is not expected | \`off\`: the event is over, and every issue ends |
| nothing could be measured | \`unknown\` |

The score is 100 less the weights of the active issues. 0 is kept for \`down\`: what is there has at least 1. While \`unknown\` or \`off\` there is no score.
`

/** The whole page. Pure. */
export function text(): string {
  const groups = Object.values<KindDescriptor>(KINDS).flatMap(({ title, docs, checks }) =>
    [{ needs: undefined, title, text: docs.checks }, ...NEEDING].map((group) => ({
      ...group,
      checks: checks.filter((check) => check.needs === group.needs),
    })),
  )
  const tables = groups.flatMap(({ title, text, checks }) => {
    const rows = checks.map((check) => tableRow(check))
    if (rows.length === 0) return []
    const head = ['| issue | severity | window | raised | cleared | weight |', '|---|---|---|---|---|---|']
    return [`## ${title}\n\n${text}\n\n${[...head, ...rows].join('\n')}\n`]
  })
  // A check that several kinds have in common is described once.
  const checks = new Map(groups.flatMap((group) => group.checks).map((check) => [check.type, check]))
  const sections = [...checks.values()].map((check) => section(check))
  return [INTRODUCTION, ...tables, RULES, ...sections].join('\n')
}

const NEEDS: Record<Need, string> = {
  profile: 'only where the target names a profile that has the limit',
  backupOf: 'only where the target is the backup of another stream, and both are on air',
  content: 'only while content checks run',
}

function tableRow(row: CheckRow): string {
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

function section(row: CheckRow): string {
  const anew = row.resets.map((reset) => `a ${reset}`).join(' or ')
  const needs = row.needs === undefined ? '' : `- **Judged**: ${NEEDS[row.needs]}.\n`
  return `## ${row.type}

${needs}- **Measures**: ${row.text.measures}.
- **Window**: ${row.text.window(row.limits)}.
- **Raised** (${row.severity}): ${raised(row, row.limits)}.
- **Cleared**: ${cleared(row, row.limits)}.
- **Why so**: ${row.text.why}
- **Cannot see**: ${row.text.blindTo}
${relations(row)}- **Warm-up**: ${row.warmUp === 'suspended' ? 'not judged until the first burst of a session has passed' : 'judged all the same'}.${anew === '' ? '' : ` After ${anew} its hold times begin anew.`}

What to do:

${row.remedy.map((line, index) => `${index + 1}. ${line}`).join('\n')}
`
}

/** How it stands to other issues of the target, and of what the target depends on. */
function relations({ supersedes = [], explains = [], explainedBy = [] }: CheckRow): string {
  const links = (types: readonly string[]) => types.map((type) => `[${type}](#${type.toLowerCase()})`).join(', ')
  const causes = explainedBy.map(({ type }) => type)
  return [
    supersedes.length === 0 ? '' : `- **Takes the place of** ${links(supersedes)}: it says more of the same fact.\n`,
    explains.length === 0 ? '' : `- **Comes before** ${links(explains)}, which may follow from it.\n`,
    causes.length === 0
      ? ''
      : `- **Advice begins with that of** ${links(causes)}, where the target depends on one that has it.\n`,
  ].join('')
}

function raised(row: CheckRow, limits: Limits): string {
  return row.text.raised(limits) + held(limits.enterHold)
}

function cleared(row: CheckRow, limits: Limits): string {
  return row.text.cleared(limits) + held(limits.clearHold)
}

function held(hold: number): string {
  return hold === 0 ? '' : `, for ${hold} s`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(CHECKS_PAGE, text())
