// Writes the kinds of targets into what is written by hand and names them all: the rules of Prometheus that ask for the
// series of every kind, Alertmanager's rule that mutes the targets of a monitor that is down, and the schema of messages.
// A test holds the files to the table of kinds.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../src/kinds/kinds.ts'

const deploy = fileURLToPath(new URL('../deploy/', import.meta.url))

export const FILES_WITH_KINDS = [
  ...['monitor', 'recording'].map((name) => `${deploy}prometheus/rules/${name}.rules.yml`),
  `${deploy}alertmanager/alertmanager.yml`,
  fileURLToPath(new URL('../src/observation/messages.schema.json', import.meta.url)),
]

/** A list of kinds begins with this one: in a regular expression, or in a schema. */
const PATTERN = /\bstream(?:\|[a-z]+)+/g
const LIST = /"enum": \["stream"(?:, "[a-z]+")+\]/g

/** The file as it should be. */
export function text(file: string): string {
  const kinds = Object.keys(KINDS)
  const list = `"enum": [${kinds.map((kind) => `"${kind}"`).join(', ')}]`
  return file.replace(PATTERN, kinds.join('|')).replace(LIST, list)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of FILES_WITH_KINDS) writeFileSync(file, text(readFileSync(file, 'utf8')))
}
