import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { alertsIn, INCIDENT, INCIDENT_MEMBER } from '../../scripts/alert-table.ts'
import { INCIDENT_RULES, text } from '../../scripts/generate-incident-rules.ts'
import { HEADLINES } from '../../scripts/location-texts.ts'
import { LOCATIONS } from '../../src/observation/diagnosis.ts'
import { annotationsOf, failedCases, firing, type RuleCase, type Series, SITE, seriesOf } from './rule-cases.ts'

const scraped = { job: 'hmonitor', instance: 'monitor:1880', ...SITE }
const UP = seriesOf('up', scraped)
/** It is scraped wherever a monitor groups what fires. */
const TOTAL = seriesOf('hmonitor_incidents_total', { ...scraped, severity: 'critical', location: 'encoder' })
const open = (location: string, severity = 'critical', incident = 'a1') =>
  seriesOf('hmonitor_incident_open', { ...scraped, incident, severity, location })
const toldElsewhere = seriesOf('hmonitor_incident_told_elsewhere', { ...scraped, incident: 'a1' })
const member = (target: string, kind = 'stream', incident = 'a1') =>
  seriesOf('hmonitor_incident_member', { ...scraped, incident, kind, target })
const issue = (target: string) =>
  seriesOf('hmonitor_stream_issue', { ...scraped, target, issue: 'streamOffline', severity: 'error' })

const told = (location: string, severity = 'critical', incident = 'a1') =>
  firing(INCIDENT, { severity, kind: 'incident', target: incident, incident, location })
const silent = (target: string, kind = 'stream') => firing(INCIDENT_MEMBER, { severity: 'none', kind, target })

const of = (alertname: string) => `ALERTS{alertstate="firing", alertname="${alertname}"}`

interface Scenario {
  series: Series
  /** At a second: what fires. */
  fires: Record<number, string[]>
}

const INCIDENTS: Record<string, Scenario> = {
  'fires at once where it is critical, and ends with it, after a gap as a deploy makes it': {
    series: { [UP]: '1x99', [open('encoder')]: '_x9 1x30 stale' },
    fires: { 8: [], 9: [told('encoder')], 39: [told('encoder')], 50: [told('encoder')], 60: [] },
  },
  'waits three seconds for its place, so that it is one alert where that is found soon': {
    series: {
      [UP]: '1x99',
      [open('unknown')]: '1x2 stale',
      [open('server')]: '_x3 1x90',
      [open('unknown', 'critical', 'b2')]: '1x20 stale',
      [open('server', 'critical', 'b2')]: '_x21 1x90',
    },
    fires: {
      2: [],
      5: [told('server'), told('unknown', 'critical', 'b2')],
      20: [told('server'), told('unknown', 'critical', 'b2')],
      22: [told('server'), told('server', 'critical', 'b2')],
    },
  },
  'is another alert where the place or the severity turns out to be another, and never both': {
    series: {
      [UP]: '1x99',
      [open('encoder')]: '1x20 stale',
      [open('uplink')]: '_x21 1x20 stale',
      [open('uplink', 'warning')]: '_x42 1x20 stale',
    },
    fires: {
      20: [told('encoder')],
      22: [told('uplink')],
      40: [told('uplink')],
      43: [told('uplink', 'warning')],
      65: [told('uplink', 'warning')],
      85: [],
    },
  },
  'holds a warning for ten seconds, and not what becomes critical meanwhile': {
    series: {
      [UP]: '1x99',
      [open('unknown', 'warning')]: '1x30 stale',
      [open('unknown', 'warning', 'b2')]: '1x3 stale',
      [open('unknown', 'critical', 'b2')]: '_x4 1x90',
      [open('unknown', 'warning', 'c3')]: '1x8 stale',
    },
    fires: {
      3: [],
      6: [told('unknown', 'critical', 'b2')],
      15: [told('unknown', 'warning'), told('unknown', 'critical', 'b2')],
    },
  },
  'goes on while the monitor is dead, and a minute after, in which it may say so again': {
    series: { [UP]: '1x9 0x79 1x200', [open('server')]: '1x9 stale' },
    fires: { 12: [told('server')], 80: [told('server')], 140: [told('server')], 160: [] },
  },
  'is told by nobody else where people are told elsewhere from the first': {
    series: { [UP]: '1x99', [open('server')]: '1x99', [toldElsewhere]: '1x99' },
    fires: { 5: [], 60: [] },
  },
  'goes on where it is told elsewhere only afterwards': {
    series: { [UP]: '1x99', [open('server')]: '1x99', [toldElsewhere]: '_x9 1x90' },
    fires: { 5: [told('server')], 60: [told('server')] },
  },
  'ends soon where a monitor that was dead has not got it any more, and goes on where it has': {
    series: { [UP]: '1x9 0x9 1x200', [open('server')]: '1x9 stale _x15 1x90' },
    fires: { 24: [told('server')], 60: [told('server')], 100: [told('server')] },
  },
}

const MEMBERS: Record<string, Scenario> = {
  'keep each of them silent, of whatever kind, for as long as their monitor is gone': {
    series: {
      [UP]: '1x29 0x90',
      [TOTAL]: '1x29 stale',
      [open('server')]: '1x29 stale',
      [member('main')]: '1x29 stale',
      [member('relay', 'ping')]: '1x29 stale',
    },
    fires: {
      5: [silent('main'), silent('relay', 'ping')],
      29: [silent('main'), silent('relay', 'ping')],
      42: [silent('main'), silent('relay', 'ping')],
      110: [silent('main'), silent('relay', 'ping')],
    },
  },
  'keep each of them silent until a little after the alerts have ended that go on for a minute after a restart': {
    series: {
      [UP]: '1x29 0x9 1x150',
      [TOTAL]: '1x29 stale _x9 1x149',
      [open('server')]: '1x29 stale',
      [member('main')]: '1x29 stale',
    },
    fires: { 45: [silent('main')], 100: [silent('main')], 120: [] },
  },
  'keep silent what was raised just now, because its incident is scraped later': {
    series: { [UP]: '1x99', [TOTAL]: '1x99', [issue('main')]: '0x9 1x90', [issue('backup')]: '0x99' },
    fires: { 9: [], 10: [silent('main')], 15: [silent('main')], 17: [] },
  },
  'keep silent what somebody silenced, of which the value is 0': {
    series: {
      [UP]: '1x99',
      [TOTAL]: '1x99',
      [open('server')]: '1x99',
      [member('main')]: '0x99',
      [member('b')]: '1x99',
    },
    fires: { 5: [silent('main'), silent('b')] },
  },
  'keep nothing silent where the monitor knows no incidents': {
    series: { [UP]: '1x99', [issue('main')]: '0x9 1x90' },
    fires: { 10: [], 12: [], 40: [] },
  },
  'keep nothing silent of an incident that has ended': {
    series: { [UP]: '1x99', [TOTAL]: '1x99', [open('server')]: '1x9 stale', [member('main')]: '1x99' },
    fires: { 5: [silent('main')], 25: [] },
  },
}

function cases(alertname: string, scenarios: Record<string, Scenario>): RuleCase[] {
  return Object.entries(scenarios).map(([name, { series, fires }]) => ({
    name,
    series,
    expect: Object.entries(fires).map(([at, alerts]) => ({
      at: Number(at),
      expression: of(alertname),
      samples: Object.fromEntries(alerts.map((alert) => [alert, 1])),
    })),
  }))
}

describe('the alert of an incident', () => {
  it('is what the table of causes makes: else run npm run generate', () => {
    assert.equal(readFileSync(INCIDENT_RULES, 'utf8'), text())
    assert.deepEqual(
      alertsIn('incidents.rules.yml').map(({ alert }) => alert),
      [INCIDENT],
    )
  })

  it('begins with where the fault is, whichever place that is, and has steps for it', () => {
    const [rule] = alertsIn('incidents.rules.yml')
    for (const location of LOCATIONS) {
      assert.ok(rule?.annotations.summary?.includes(`\`${location}\` }}${HEADLINES[location]}{{`), location)
      assert.match(rule?.annotations.remedy ?? '', new RegExp(`\`${location}\` }}1\\. \\S`))
    }
  })

  it('does not name what is silenced beside what is not', async () => {
    const series = {
      [UP]: '1x99',
      [TOTAL]: '1x99',
      [open('server')]: '1x99',
      [member('a')]: '0x99',
      [member('b')]: '1x99',
    }
    const said = await annotationsOf('incidents.rules.yml', INCIDENT, series)
    assert.match(said, /summary="Probably the server: stream b"/)
    assert.match(said, /counts 1 of its targets/)
  })

  it(Object.keys(INCIDENTS).join('; '), async () => {
    assert.equal(await failedCases(['incidents.rules.yml'], cases(INCIDENT, INCIDENTS)), '')
  })
})

describe('the members of an incident', () => {
  it(Object.keys(MEMBERS).join('; '), async () => {
    assert.equal(await failedCases(['issues.rules.yml'], cases(INCIDENT_MEMBER, MEMBERS)), '')
  })

  it('come before the alerts that they keep silent, in the same group', () => {
    const alerts = alertsIn('issues.rules.yml')
    const kinds = new Set(alerts.map(({ labels }) => labels.kind))
    for (const kind of kinds) {
      assert.equal(alerts.find(({ labels }) => labels.kind === kind)?.alert, INCIDENT_MEMBER, kind)
    }
  })
})
