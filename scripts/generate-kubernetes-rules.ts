// Makes the rules of Prometheus into what the Prometheus Operator reads: one PrometheusRule for each file of rules.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RULES_FOLDER } from './alert-table.ts'

export const FILE = fileURLToPath(
  new URL('../deploy/kubernetes/overlays/prometheus-operator/rules.yaml', import.meta.url),
)

const HEAD =
  '# Made from deploy/prometheus/rules by scripts/generate-kubernetes-rules.ts. Change the rules, not this file.\n'

/** The file as it should be. */
export function text(): string {
  const files = readdirSync(RULES_FOLDER).filter((file) => file.endsWith('.rules.yml'))
  return HEAD + files.sort().map(resourceOf).join('---\n')
}

/** The rules stand there as they are, but for the comments at their top. */
function resourceOf(file: string): string {
  const rules = readFileSync(join(RULES_FOLDER, file), 'utf8')
  const groups = rules.slice(rules.indexOf('\ngroups:') + 1).trimEnd()
  return [
    'apiVersion: monitoring.coreos.com/v1',
    'kind: PrometheusRule',
    'metadata:',
    `  name: hmonitor-${basename(file, '.rules.yml')}`,
    'spec:',
    ...groups.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, text())
