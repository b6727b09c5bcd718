import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Server } from '../../src/elk/cluster.ts'
import { askRules, type Finding, LogAlerts } from '../../src/elk/log-alerts.ts'
import { LOG_RULES } from '../../src/elk/log-rules.ts'
import { StubCluster } from './stub-cluster.ts'

const ASKED = 'POST /_query?format=json&allow_partial_results=false'
const NONE = { status: 200, body: { is_partial: false, columns: [], values: [] } }
const MINUTE = 60_000

describe('the log, asked by its rules', () => {
  const cluster = new StubCluster()
  let server: Server
  before(async () => {
    server = new Server({ url: await cluster.start(), authorization: null, ca: null }, 0, new AbortController().signal)
  })
  after(() => cluster.stop())
  beforeEach(() => {
    cluster.heard.length = 0
  })

  async function asked(first: { status: number; body: unknown }): Promise<Finding[]> {
    cluster.instead.set(ASKED, [first, ...LOG_RULES.slice(1).map(() => NONE)])
    return await askRules(server)
  }

  it('gives the rows of each rule, and no part of an answer for the whole', async () => {
    const columns = [{ name: 'target', type: 'keyword' }, { name: 'lines', type: 'long' }, { name: 'site' }]
    const findings = await asked({ status: 200, body: { columns, values: [['main', 40, null]] } })
    assert.deepEqual(
      cluster.heard.map(({ body }) => (body as { query: string }).query),
      LOG_RULES.map(({ query }) => query),
    )
    const [first, ...others] = findings
    assert.deepEqual(first, { rule: LOG_RULES[0], rows: [{ target: 'main', lines: 40, site: null }] })
    for (const other of others) assert.deepEqual(other, { rule: other.rule, rows: [] })
  })

  for (const [what, status, body, failed] of [
    ['only a part answers with 200', 200, { is_partial: true, columns: [], values: [] }, /only a part/],
    ['a question is refused', 400, { error: { reason: 'Unknown column [lines]' } }, /400: Unknown column \[lines\]/],
    ['who asks may not read', 403, { error: { reason: 'action is unauthorized' } }, /403: action is unauthorized/],
    ['it is just starting', 503, { error: { reason: 'master not discovered' } }, /it answers 503: master not disc/],
    ['it has too much to do', 429, { error: { reason: 'circuit_breaking' } }, /answers 429/],
    ['it is something else', 200, { hello: 'world' }, /no columns and values/],
  ] as const) {
    it(`says why where ${what}, and asks the other rules`, async () => {
      const [first, ...others] = await asked({ status, body })
      assert.match(first !== undefined && 'failed' in first ? first.failed : '', failed)
      assert.equal(others.length, LOG_RULES.length - 1)
      for (const other of others) assert.ok('rows' in other)
    })
  }

  it('takes a data stream that nothing was ever written to for one in which nothing happened', async () => {
    const reason = 'Found 1 problem\nline 1:1: Unknown index [logs-rtmp_hmonitor.dead-*]'
    const [first] = await asked({ status: 400, body: { error: { type: 'verification_exception', reason } } })
    assert.ok(first && 'rows' in first)
  })
})

describe('alerts out of the log', () => {
  const [rule = assert.fail()] = LOG_RULES
  const watcher = { monitor: 'Hall', site: '', grafanaUrl: 'https://grafana.example' }
  const row = { target: 'main/1 & 2', monitor: 'Chapel', site: 'north', lines: 40, usual: 3.04 }
  const found = (...rows: Extract<Finding, { rows: unknown }>['rows']): Finding[] => [{ rule, rows }]
  const failed: Finding[] = [{ rule, failed: 'es:9200 cannot be asked' }]

  it('have the labels of all alerts, and texts with the figures of the row', () => {
    const [alert] = new LogAlerts(watcher, 5 * MINUTE).follow(found(row), 0)
    assert.deepEqual(alert?.labels, {
      ...{ alertname: 'HmonitorLogUnusual', severity: 'warning', kind: 'log' },
      ...{ target: 'main/1 & 2', monitor: 'Chapel', site: 'north' },
    })
    assert.match(alert.annotations.description ?? '', /^40 lines .* is 3\.$/)
    assert.match(alert.annotations.remedy ?? '', /^1\. .*main\/1 & 2/)
    assert.equal(
      alert.annotations.dashboard_url,
      'https://grafana.example/d/hmonitor-log?var-target=main%2F1%20%26%202',
    )
    assert.equal(alert.endsAt, new Date(5 * MINUTE).toISOString())
  })

  it('are of the monitor that watches where they are about the whole log, and have no empty label', () => {
    const [alert] = new LogAlerts(watcher, MINUTE).follow(found({ lines: 1 }), 0)
    assert.equal(alert?.labels.monitor, 'Hall')
    assert.equal(alert?.labels.target, 'log')
    assert.ok(!('site' in (alert?.labels ?? {})))
  })

  it('keep their beginning while they last, and end once', () => {
    const alerts = new LogAlerts(watcher, 5 * MINUTE)
    alerts.follow(found(row), 0)
    const [later] = alerts.follow(found({ ...row, lines: 50 }), MINUTE)
    assert.equal(later?.startsAt, new Date(0).toISOString())
    assert.match(later.annotations.description ?? '', /^50 /)
    const [ended] = alerts.follow(found(), 2 * MINUTE)
    assert.equal(ended?.endsAt, new Date(2 * MINUTE).toISOString())
    assert.deepEqual(alerts.follow(found(), 3 * MINUTE), [])
  })

  it('do not end because nobody can ask, and that is an alert itself', () => {
    const alerts = new LogAlerts(watcher, 5 * MINUTE)
    alerts.follow(found(row), 0)
    const names = (minute: number, findings: Finding[]) =>
      alerts
        .follow(findings, minute * MINUTE)
        .map(({ labels, endsAt }) => [labels.alertname, Date.parse(endsAt) / MINUTE])
    // A restart is nothing that people are told of.
    assert.deepEqual(names(1, failed), [['HmonitorLogUnusual', 6]])
    assert.deepEqual(names(2, failed), [['HmonitorLogUnusual', 7]])
    assert.deepEqual(names(3, failed).sort(), [
      ['HmonitorLogUnreadable', 8],
      ['HmonitorLogUnusual', 8],
    ])
    assert.deepEqual(names(4, found(row)), [
      ['HmonitorLogUnusual', 9],
      ['HmonitorLogUnreadable', 4],
    ])
    assert.deepEqual(names(5, failed), [['HmonitorLogUnusual', 10]])
  })

  it('are the first of several rows with the same labels', () => {
    const [alert, another] = new LogAlerts(watcher, MINUTE).follow(found(row, { ...row, lines: 9 }), 0)
    assert.match(alert?.annotations.description ?? '', /^40 /)
    assert.equal(another, undefined)
  })
})
