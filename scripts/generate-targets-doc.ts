// Writes docs/targets.md from the schema of the targets file. Run it after a change there; a test holds the page to it.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../src/kinds/kinds.ts'
import { entryOf, type Property, readTargetsSchema, resolved, type TargetsSchema } from './generate-targets-schema.ts'

export const TARGETS_PAGE = fileURLToPath(new URL('../docs/targets.md', import.meta.url))

const INTRODUCTION = `# Targets

<!-- Made from src/kinds/*.schema.json by scripts/generate-targets-doc.ts. Change the schemas, not this page. -->

What is watched, in \`targets.json\`: in the folder from which the monitor is started, in \`DATA_DIR\`, or where \`TARGETS_FILE\` says. It is read again when it changes. The schema is \`src/targets/targets.schema.json\`: an editor that knows JSON Schema completes and checks the file.

\`\`\`json
{
  "site": "main-hall",
  "streams": [
    { "name": "main", "url": "rtmp://relay.example/live/\${STREAM_KEY}", "profile": "youtube", "dependsOn": ["encoder", "gateway", "ingest"] },
    { "name": "backup", "url": "srt://relay.example:9000", "backupOf": "main",
      "expected": [{ "days": ["sun"], "from": "09:45", "to": "11:30", "timezone": "Europe/Berlin" }] }
  ],
  "hosts": [{ "name": "gateway", "address": "192.0.2.1", "control": true }],
  "services": [{ "name": "ingest", "url": "rtmps://ingest.example:443/live" }],
  "bandwidth": [{ "name": "uplink", "url": "iperf3://speed.example:5201", "required": 8 }],
  "webPresenters": [{ "name": "encoder", "address": "192.0.2.20" }],
  "vimeo": [{ "name": "sunday-service", "liveEvent": "next" }]
}
\`\`\`

- **Secrets** stay out of the file: \`\${STREAM_KEY}\` is the variable \`STREAM_KEY\`, or what the file holds that \`STREAM_KEY_FILE\` names. Such a file is watched, so that a key can be changed without a restart.
- **A mistake is said, and ends nothing.** An entry with a mistake is refused with the reason and, where one is near, the right word; the other entries run. The headline of the dashboard counts what is refused ("watching 1 of 8, 7 refused") and each has a card; it stands in the start's banner, under the \`targets\` node and on its second output, in \`/health\` (which is then \`degraded\`), in \`/api/v1/status\` under \`rejected\`, and as \`hmonitor_rejected_targets\`.
- **What was right before goes on.** While an entry is refused after a change, it is watched as it was before the change; so is a list whose name is mistyped, and everything while the file cannot be read, is another file, or has nothing that can be taken. To watch nothing, empty the lists: \`"streams": []\`. After a restart there is nothing from before: then what is refused is not watched.
- **Names of other targets** (\`dependsOn\`, \`platform\`, \`backupOf\`) that nothing is watched by are said as well. The target itself runs; it ends as soon as the other is watched, wherever that comes from.
- **A stream must be playable.** The addresses to which one publishes at YouTube, Twitch, Facebook and Vimeo are refused, because nothing can be read from them; [a relay](stack.md#the-relay) can be read.
- **Without a file** the environment says it, one variable per list: \`NAME=address\`, with commas between.
`

/** Fields that every entry has and that mean the same in each. */
const SHARED = ['name', 'limits', 'labels', 'dependsOn']

export function targetsPage(): string {
  const schema = readTargetsSchema()
  const lists = Object.values(KINDS).map(({ list, variable }) => ({
    list,
    title: schema.properties[list]?.title ?? list,
    variable,
    entry: entryOf(schema, list).definition,
  }))
  const shared = lists[0] && table(schema, lists[0].entry, (name) => SHARED.includes(name))
  const sections = lists.map(({ list, title, variable, entry }) => {
    const fields = table(schema, entry, (name) => !SHARED.includes(name))
    return `## ${title}\n\n\`${list}\`, or the variable \`${variable}\`.\n\n${fields}\n`
  })
  return `${[INTRODUCTION, `## Every entry\n\n${shared}\n`, ...sections].join('\n').trimEnd()}\n`
}

function table(schema: TargetsSchema, entry: Property, isIn: (name: string) => boolean): string {
  const fields = Object.entries(entry.properties ?? {}).filter(([name]) => isIn(name))
  const rows = fields.map(([name, property]) => row(schema, entry, name, property))
  return ['| field | default | what |', '|---|---|---|', ...rows].join('\n')
}

function row(schema: TargetsSchema, entry: Property, name: string, property: Property): string {
  const { description = '', default: value, minimum, maximum } = resolved(schema, property)
  const range = minimum === undefined || maximum === undefined ? '' : ` From ${minimum} to ${maximum}.`
  const preset = entry.required?.includes(name)
    ? '**needed**'
    : value === undefined
      ? ''
      : `\`${JSON.stringify(value)}\``
  const text = `${description.replace(/\n/g, ' ')}${range}`.replace(/docs\/([a-z]+)\.md/g, '[$1]($1.md)')
  return `| \`${name}\` | ${preset} | ${text.replaceAll('|', '\\|')} |`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGETS_PAGE, targetsPage())
