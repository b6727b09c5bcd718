// Writes docs/messages.md from the schema of the messages. Run it after a change there; a test holds the page to it.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../src/kinds/kinds.ts'

export const MESSAGES_PAGE = fileURLToPath(new URL('../docs/messages.md', import.meta.url))

const SCHEMA = new URL('../src/observation/messages.schema.json', import.meta.url)

export interface Definition {
  $ref?: string
  title?: string
  description?: string
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  format?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  maxProperties?: number
  properties?: Record<string, Definition>
  additionalProperties?: boolean | Definition
  required?: string[]
  items?: Definition
  examples?: unknown[]
}

interface Section {
  title: string
  text: string
  /** Definitions of the schema, in their order on the page. */
  names: string[]
}

/** How the page is divided. A test holds that every definition that comes as a whole is in one of them. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Commands to a probe node',
    text: 'In `msg.payload` of a message to `ffprobe`, `ping`, `service`, `bandwidth`, `web-presenter` or `vimeo`; *expect* also through `POST /api/v1/command`. A key that is not known is refused.',
    names: ['watch', 'unwatch', 'keep', 'expect', 'inspect', 'picture', 'report'],
  },
  {
    title: 'Commands about alerts and incidents',
    text: 'To `alert` or `incident`, or through `POST /api/v1/command`. A key that is not known is refused.',
    names: ['acknowledge', 'silence', 'unsilence', 'note', 'seen'],
  },
  {
    title: 'Commands that change the targets file',
    text: 'Through `POST /api/v1/command` or a `serve` node, as the dashboard sends them; a `targets` node answers. A key that is not known is refused.',
    names: ['listTargets', 'setTarget', 'removeTarget', 'tryTarget'],
  },
  {
    title: 'Commands that change who is told',
    text: 'Through `POST /api/v1/command` or a `serve` node, as the dashboard sends them; the `notify` nodes answer. A key that is not known is refused.',
    names: ['listReceivers', 'setReceiver', 'removeReceiver', 'tryReceiver'],
  },
  {
    title: 'What the nodes send',
    text: 'A flow may send such messages too, and may add keys of its own: they are passed over.',
    names: [
      'observation',
      'usual',
      'eventBudget',
      'issue',
      'event',
      'alert',
      'incident',
      'incidentEvent',
      'reportSent',
    ],
  },
  {
    title: 'From Alertmanager',
    text: 'What Alertmanager may add in a later version is passed over.',
    names: ['webhook', 'webhookAlert', 'alertmanagerSilence'],
  },
  {
    title: 'On disk, and between processes',
    text: 'For who wants to look: nobody but the monitor should write these. A file that is damaged is put aside, and `/health` says so; of a list, what can be read is kept.',
    names: [
      ...[
        'alertBook',
        'alertRecord',
        'recordedAlert',
        'knownSilence',
        'outbox',
        'remembered',
        'baselines',
        'eventTimes',
        'endedRuntime',
      ],
      ...['incidentBook', 'incidentRecord', 'recordedIncident', 'trial'],
    ],
  },
]

const INTRODUCTION = `# Messages

<!-- Made from src/observation/messages.schema.json by scripts/generate-messages-doc.ts. Change the schema, not this page. -->

What passes between the nodes as \`msg.payload\`, what comes from Alertmanager, and what is kept on disk. The schema is \`messages.schema.json\` in the package (\`src/observation/messages.schema.json\`), for whoever makes such messages in another program.

A message that is not what it should be is refused with \`invalid-message\`, which a Catch node gets: the error names the field and says why, as in \`event: "issue.since" must be a time such as "2026-01-31T11:30:00Z"\`. It never repeats the value, which may be a secret in the wrong place.
`

/** Codes that a flow can switch on. */
const FAILURES = [
  '### Codes of a failed probe',
  '`error.code` of an observation whose target could not be measured. Each kind has its own; `connecting`, `late` and `observer-network` may come from all.',
  '| kind | codes |\n|---|---|',
]
  .join('\n\n')
  .concat(...Object.values(KINDS).map(({ kind, failures }) => `\n| \`${kind}\` | ${failures.map(code).join(', ')} |`))

type Schema = { $defs: Record<string, Definition> }

export function messagesPage(): string {
  const { $defs } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema
  const sections = SECTIONS.map(({ title, text, names }) => {
    const parts = names.map((name) => definitionText($defs, $defs[name] ?? {}))
    return [`## ${title}`, text, ...parts, ...(names.includes('observation') ? [FAILURES] : [])].join('\n\n')
  })
  return `${[INTRODUCTION, ...sections].join('\n').trimEnd()}\n`
    .replace(/\n(?=## )/g, '\n\n')
    .replace(/\n{3,}/g, '\n\n')
}

function definitionText($defs: Schema['$defs'], definition: Definition): string {
  const { title, description = '', properties = {}, required = [], examples = [] } = definition
  const rows = Object.entries(properties).map(([name, property]) => {
    const whole = resolved($defs, property)
    const needed = required.includes(name) ? '**needed**' : ''
    return `| \`${name}\` | ${typeOf($defs, property)} | ${needed} | ${linked(whole.description ?? '')} |`
  })
  const samples = examples.map((example) => `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``)
  const table = ['| field | type | | what |', '|---|---|---|---|', ...rows].join('\n')
  return [`### ${title}`, linked(description), table, ...samples].join('\n\n')
}

/** A definition with what stands beside its reference, which says more of this use of it. */
function resolved($defs: Schema['$defs'], property: Definition): Definition {
  const name = property.$ref?.split('/').at(-1)
  return name === undefined ? property : { ...$defs[name], ...property }
}

function typeOf($defs: Schema['$defs'], property: Definition): string {
  const whole = resolved($defs, property)
  const { type, enum: values, const: value, format, items, additionalProperties, title, properties } = whole
  if (value !== undefined) return code(value)
  if (values) return values.map(code).join(', ')
  if (items) return `list of ${typeOf($defs, items)}`
  if (typeof additionalProperties === 'object' && !properties) {
    return `object of ${typeOf($defs, additionalProperties)}`
  }
  if (title && properties) return `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`
  const types = [type ?? 'anything'].flat().map((each) => NAMES[each] ?? each)
  return types.map((each) => (each === 'text' && format ? 'time' : each)).join(' or ')
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  array: 'list',
  boolean: 'true or false',
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

function linked(text: string): string {
  return text
    .replace(/docs\/runbooks/g, '[the runbooks](alerts.md)')
    .replace(/docs\/([a-z]+)\.md/g, '[$1]($1.md)')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(MESSAGES_PAGE, messagesPage())
