// Writes the kinds of targets into what is written by hand and names them all: the rules of Prometheus that ask for the
// series of every kind, and Alertmanager's rule that mutes the targets of a monitor that is down. A test holds the files
// to the table of kinds.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../src/kinds/kinds.ts'

const deploy = fileURLToPath(new URL('../deploy/', import.meta.url))

export const FILES_WITH_KINDS = [
  ...['monitor', 'recording'].map((name) => `${deploy}prometheus/rules/${name}.rules.yml`),
  `${deploy}alertmanager/alertmanager.yml`,
]

/** A list of kinds begins with this one. */
const LIST = /\bstream(?:\|[a-z]+)+/g

/** The file as it should be. */
export function text(file: string): string {
  return file.replace(LIST, Object.keys(KINDS).join('|'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of FILES_WITH_KINDS) writeFileSync(file, text(readFileSync(file, 'utf8')))
}
