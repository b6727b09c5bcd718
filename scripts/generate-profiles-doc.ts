// Writes docs/profiles.md from the shipped profiles. Run it after a change to one; a test holds the page to them.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ProfileFile, ProfileLimits, Sourced } from '../src/health/profile.ts'
import { SHIPPED_PROFILES } from '../src/health/profile-lookup.ts'
import { LIMIT_WORDS } from '../src/inspection/limit-words.ts'

export const PROFILES_PAGE = fileURLToPath(new URL('../docs/profiles.md', import.meta.url))

const INTRODUCTION = `# Profiles

<!-- Made from the files in src/health/profiles by scripts/generate-profiles-doc.ts. Change the files, not this page. -->

A profile holds what a platform publishes about the streams it takes. A stream whose target names one (\`"profile": "youtube"\`) is held to it by the [checks](checks.md) that say so; without a profile they judge nothing. Where a platform publishes no number, there is no limit and nothing is judged.

Platforms change what they publish. Each limit says where it comes from and when that was read, which was in stored copies of the pages; what is our own choice says so.
`

const OWN = `## A profile of your own

The schema is \`src/health/profiles/profile.schema.json\`. A profile has a name (lower-case letters, digits and hyphens), may extend another, and says what differs: a limit that is \`null\` is not checked, and one with some of its numbers keeps the others. One with the name of a shipped profile changes that profile.

\`\`\`json
{
  "relay": { "title": "Our relay", "extends": "youtube",
             "limits": { "bFrames": { "max": 0 }, "keyframeInterval": { "max": 2 }, "audioBitrate": null } }
}
\`\`\`

\`custom\` has no limits: it is there to be extended.
`

/** The whole page. Pure. */
export function text(): string {
  return [INTRODUCTION, ...SHIPPED_PROFILES.filter(({ name }) => name !== 'custom').map(section), OWN].join('\n')
}

function section({ name, title, documents, limits }: ProfileFile): string {
  const entries = Object.entries(LIMIT_WORDS) as [keyof ProfileLimits, (limit: unknown) => string][]
  const rows = entries.flatMap(([limit, words]) => {
    const value = limits[limit]
    return value ? [`| ${limit} | ${words(value)} | ${sources(value)} |`] : []
  })
  const missing = entries.filter(([limit]) => !limits[limit]).map(([limit]) => limit)
  const read = Object.entries(documents).map(
    ([key, { title, url, read }]) => `- *${key}*: [${title}](${url}), read ${read}`,
  )
  const table = ['| limit | value | source |', '|---|---|---|', ...rows].join('\n')
  const none = missing.length === 0 ? '' : `No limit was found for: ${missing.join(', ')}.\n\n`
  return `## ${title} (\`${name}\`)\n\n${table}\n\n${none}${read.join('\n')}\n`
}

function sources({ sources = [] }: Sourced): string {
  return sources
    .map(({ document, section }) => (document === 'own' ? `our choice: ${section}` : `*${document}*, ${section}`))
    .join('<br>')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PROFILES_PAGE, text())
