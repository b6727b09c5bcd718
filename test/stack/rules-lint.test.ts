import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import {
  type AlertRule,
  alertsIn,
  DASHBOARDS_URL,
  INCIDENT,
  INCIDENT_MEMBER,
  RULES_FOLDER,
  RUNBOOKS_URL,
} from '../../scripts/alert-table.ts'
import { SEVERITIES, STATES } from '../../src/observation/observation.ts'
import { root } from '../runtime.ts'
import { KNOWN, TARGET_LABELS } from './known-series.ts'
import { rangesIn, recordsIn, selectorsIn } from './promql.ts'
import { promtool } from './rule-cases.ts'

const FILES = readdirSync(RULES_FOLDER)
  .filter((name) => name.endsWith('.rules.yml'))
  .sort()
const ALERTS = FILES.flatMap((file) => alertsIn(file))

interface Rule {
  file: string
  name: string
  expr: string
}

const RULES: Rule[] = FILES.flatMap((file) => [
  ...alertsIn(file).map(({ alert, expr }) => ({ file, name: alert, expr })),
  ...recordsIn(RULES_FOLDER + file).map(({ record, expr }) => ({ file, name: record, expr })),
])

describe('the shipped rules', () => {
  it('are what promtool takes without a complaint', async () => {
    assert.ok(FILES.length === 4 && RULES.length > 60)
    assert.equal(await promtool('check', 'rules', '--lint-fatal', ...FILES.map((file) => RULES_FOLDER + file)), '')
  })

  it('name only metrics and labels that are in the catalogue', () => {
    for (const { name: rule, expr } of RULES) {
      for (const { names, labels } of selectorsIn(expr, [...KNOWN.keys()])) {
        assert.ok(names.length > 0, `${rule}: nothing is called that in ${expr}`)
        for (const name of names) {
          const known = KNOWN.get(name)
          assert.ok(known, `${rule}: ${name} is no metric`)
          for (const label of Object.keys(labels)) {
            const has = [...known, ...TARGET_LABELS, '__name__'].includes(label)
            assert.ok(has, `${rule}: ${name} has no label ${label}`)
          }
        }
      }
    }
  })

  it('name only values that the labels can have', () => {
    const allowed: Record<string, readonly string[]> = {
      state: STATES,
      // Of issues, and of the incidents that they make.
      severity: [...SEVERITIES, 'critical'],
      job: scrapeJobs(),
      alertname: ALERTS.map(({ alert }) => alert),
      alertstate: ['firing', 'pending'],
    }
    for (const { name: rule, expr } of RULES) {
      for (const { labels } of selectorsIn(expr, [...KNOWN.keys()])) {
        for (const [label, value] of Object.entries(labels)) {
          const values = allowed[label]
          if (values && value !== null) assert.ok(values.includes(value), `${rule}: ${label}="${value}"`)
        }
      }
    }
  })

  it('look back over at least four scrapes, so that one that is missed changes nothing', () => {
    for (const { name: rule, expr } of RULES) {
      for (const { seconds, selector } of rangesIn(expr)) {
        const interval = /prometheus_|alertmanager_|:sum1m/.test(selector) ? (/:sum1m/.test(selector) ? 60 : 15) : 1
        assert.ok(seconds >= 4 * interval, `${rule}: ${selector} over ${seconds} s`)
      }
    }
  })
})

describe('every alert', () => {
  it('has a name of its own in its kind, a severity, and no label beyond the six', () => {
    const seen = new Set<string>()
    for (const { alert, labels } of ALERTS) {
      const key = `${alert} ${labels.kind ?? ''}`
      assert.ok(!seen.has(key), key)
      seen.add(key)
      if (alert !== 'Watchdog') assert.match(alert, /^Hmonitor[A-Z]\w+$/)
      const isForNobody = alert === 'Watchdog' || alert === INCIDENT_MEMBER
      // Of an incident its series has it.
      if (alert !== INCIDENT)
        assert.ok((isForNobody ? ['none'] : ['critical', 'warning']).includes(labels.severity ?? ''), alert)
      for (const label of Object.keys(labels))
        assert.ok(['severity', 'kind', 'target'].includes(label), `${alert}: ${label}`)
    }
  })

  it('says in a summary, a description and a remedy what is wrong and what to do', () => {
    for (const { alert, annotations } of ALERTS) {
      assert.deepEqual(
        Object.keys(annotations).sort(),
        ['dashboard_url', 'description', 'remedy', 'runbook_url', 'summary'],
        alert,
      )
      for (const [name, text] of Object.entries(annotations)) assert.ok(text.length > 10, `${alert}: ${name}`)
      assert.match(annotations.remedy ?? '', alert === INCIDENT ? /}}1\. \S/ : /^1\. \S/, alert)
    }
  })

  it('names in its templates only labels that its expression leaves', () => {
    for (const rule of ALERTS) {
      for (const [, label] of templatesOf(rule)) {
        const own = rule.alert === INCIDENT ? ['incident', 'location'] : []
        const known = ['kind', 'target', 'monitor', 'site', ...own]
        assert.ok(known.includes(label ?? ''), `${rule.alert}: ${label}`)
        assert.match(rule.expr, new RegExp(`by \\([^)]*\\b${label}\\b`), `${rule.alert}: ${label}`)
      }
    }
  })

  it('links to a runbook that there is and to a dashboard that there is', () => {
    const dashboards = dashboardUids()
    for (const { alert, annotations } of ALERTS) {
      assert.equal(annotations.runbook_url, `${RUNBOOKS_URL}/${alert}.md`)
      assert.ok(existsSync(join(root, 'docs', 'runbooks', `${alert}.md`)), `docs/runbooks/${alert}.md`)
      const [, uid] = /^http:\/\/127\.0\.0\.1:3000\/d\/([\w-]+)(\?|$)/.exec(annotations.dashboard_url ?? '') ?? []
      assert.ok(annotations.dashboard_url?.startsWith(DASHBOARDS_URL))
      assert.ok(uid !== undefined && dashboards.includes(uid), `${alert}: dashboard ${uid}`)
    }
  })
})

function scrapeJobs(): string[] {
  const text = readFileSync(join(root, 'deploy', 'prometheus', 'prometheus.yml'), 'utf8')
  const { scrape_configs } = parse(text) as { scrape_configs: { job_name: string }[] }
  return scrape_configs.map(({ job_name }) => job_name)
}

function dashboardUids(): string[] {
  const folder = join(root, 'deploy', 'grafana', 'dashboards')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { uid: string }).uid)
}

function templatesOf({ labels, annotations }: AlertRule): RegExpMatchArray[] {
  const texts = [...Object.values(labels), ...Object.values(annotations)]
  return texts.flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)])
}
