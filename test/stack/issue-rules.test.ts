import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { alertsIn, INCIDENT_MEMBER, ISSUE_ALERTS } from '../../scripts/alert-table.ts'
import { ISSUE_RULES, text } from '../../scripts/generate-issue-rules.ts'
import { failedCases, type Series, seriesOf } from './rule-cases.ts'

/** What a monitor says of every issue of its targets, second by second, and when the alerts fire of which targets. */
interface Scenario {
  up: string
  /** Not only a few of the issues, whose rules are alike. */
  ofAll?: true
  targets: Record<string, string>
  firing: Record<number, string[]>
}

/** They run side by side, each as a monitor of its own, because each evaluation evaluates all rules. */
const SCENARIOS: Record<string, Scenario> = {
  'fires with the scrape that says 1, and ends with the one that says 0': {
    ofAll: true,
    up: '1x119',
    targets: { main: '0x9 1x9 0x99' },
    firing: { 9: [], 10: ['main'], 19: ['main'], 20: [], 60: [] },
  },
  'does not fire while it is 0': {
    up: '1x119',
    ofAll: true,
    targets: { main: '0x119' },
    firing: { 0: [], 60: [], 119: [] },
  },
  'fires of two targets, and ends of one alone': {
    up: '1x119',
    targets: { main: '1x119', backup: '1x9 0x109' },
    firing: { 5: ['main', 'backup'], 15: ['main'], 119: ['main'] },
  },
  'flaps as the monitor says, because the monitor has held it already': {
    up: '1x119',
    targets: { main: '1x1 0x1 1x1 0x1 1x1 0x99' },
    firing: { 1: ['main'], 2: [], 4: ['main'], 6: [], 8: ['main'], 11: [] },
  },
  'goes on over a gap of less than a minute, as when a deploy takes the series away': {
    up: '1x119',
    targets: { main: '1x9 stale _x39 1x60' },
    firing: { 12: ['main'], 49: ['main'], 70: ['main'] },
  },
  'ends within a minute when its target is taken away from a monitor that is up': {
    up: '1x119',
    targets: { main: '1x9 stale' },
    firing: { 60: ['main'], 75: [] },
  },
  'goes on while the monitor is dead, and then until it says 0': {
    ofAll: true,
    up: '1x9 0x79 1x30',
    targets: { main: '1x9 stale _x89 1x9 0x9' },
    firing: { 11: ['main'], 75: ['main'], 89: ['main'], 95: ['main'], 105: ['main'], 112: [] },
  },
  'ends a minute after the monitor is back, where the fault went meanwhile': {
    up: '1x9 0x29 1x79',
    targets: { main: '1x9 stale' },
    firing: { 75: ['main'], 95: ['main'], 105: [] },
  },
  'ends as soon as a monitor that is back says 0': {
    up: '1x9 0x29 1x79',
    targets: { main: '1x9 stale _x34 1x3 0x60' },
    firing: { 48: ['main'], 51: [] },
  },
  'does not begin because a monitor dies': {
    up: '1x9 0x109',
    targets: { main: '0x9 stale' },
    firing: { 12: [], 80: [] },
  },
}

/** The issues of a scenario. */
const alertsOf = ({ ofAll }: Scenario) => (ofAll ? ISSUE_ALERTS : ISSUE_ALERTS.slice(0, 3))

const site = (monitor: string) => ({ monitor, site: 'main-hall' })

function seriesIn(): Series {
  const series: Series = {}
  for (const [monitor, scenario] of Object.entries(SCENARIOS)) {
    const { up, targets } = scenario
    series[seriesOf('up', { job: 'hmonitor', instance: 'monitor:1880', ...site(monitor) })] = up
    for (const [target, values] of Object.entries(targets)) {
      for (const { kind, check } of alertsOf(scenario)) {
        const issue = { issue: check.type, severity: check.severity }
        const labels = { job: 'hmonitor', instance: 'monitor:1880', target, ...issue, ...site(monitor) }
        series[seriesOf(`hmonitor_${kind}_issue`, labels)] = values
      }
    }
  }
  return series
}

/** Every alert, once per target, with exactly the labels that an alert has. */
function expected(monitor: string, scenario: Scenario, targets: string[]): Record<string, number> {
  const samples = targets.flatMap((target) =>
    alertsOf(scenario).map(({ alertname, kind, severity }) => ({
      ...{ alertname, alertstate: 'firing', kind, severity, target },
      ...site(monitor),
    })),
  )
  return Object.fromEntries(samples.map((labels) => [seriesOf('ALERTS', labels), 1]))
}

describe('the rules of the issues', () => {
  it('are what the tables of checks make: else run npm run generate', () => {
    assert.equal(readFileSync(ISSUE_RULES, 'utf8'), text())
  })

  it('have an alert for each warning and error, of the name and severity of the table, and none for information', () => {
    const rules = alertsIn('issues.rules.yml')
      .filter(({ alert }) => alert !== INCIDENT_MEMBER)
      .map(({ alert, labels }) => ({ alert, ...labels }))
    assert.deepEqual(
      rules,
      ISSUE_ALERTS.map(({ alertname, severity, kind }) => ({ alert: alertname, severity, kind })),
    )
    assert.ok(ISSUE_ALERTS.length > 30)
    assert.ok(ISSUE_ALERTS.every(({ check }) => check.severity !== 'info'))
  })

  it('have no hold times of their own', () => {
    for (const rule of alertsIn('issues.rules.yml')) assert.equal(rule.for, undefined, rule.alert)
  })
})

describe('the alert of every issue', () => {
  it(`${Object.keys(SCENARIOS).join('; ')}`, async () => {
    const expect = Object.entries(SCENARIOS).flatMap(([monitor, scenario]) =>
      Object.entries(scenario.firing).map(([at, targets]) => ({
        at: Number(at),
        expression: seriesOf('ALERTS', { alertstate: 'firing', monitor }),
        samples: expected(monitor, scenario, targets),
      })),
    )
    assert.equal(await failedCases(['issues.rules.yml'], [{ name: 'issues', series: seriesIn(), expect }]), '')
  })
})
