import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import type { Dashboard } from '@grafana/schema'
import { DASHBOARDS, dashboardOf } from '../../scripts/generate-grafana-dashboards.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { expressionsIn, filledIn, panelsOf } from './grafana-panels.ts'
import { startWholeStack, type WholeStack } from './whole-stack.ts'

/** Panels that rightly show nothing of the demo in its first minute, and why. */
const EMPTY: Record<string, string> = {
  'Black, frozen, silent': 'the demo checks packets',
  Loudness: 'the demo checks packets',
  'Measured and needed': 'the demo tests no bandwidth',
  'Last test': 'the demo tests no bandwidth',
  'State of bandwidth': 'the demo tests no bandwidth',
  Bandwidth: 'the demo tests no bandwidth',
  'Certificates expire in': 'the service of the demo has no certificate',
  'Oldest alert that waits': 'every alert has been taken',
  'Failures of probes': 'no probe has failed',
  'Messages to people': 'Alertmanager sends them',
  'Requests left': 'the account of the demo is not told',
  Viewers: 'the account of the demo is not told',
  'Last hour': 'it is recorded once a minute',
  'Last day': 'it is recorded once a minute',
  'Last 30 days': 'it is recorded once in five minutes',
  'Measured, of the last day': 'it is recorded once a minute',
  'Not as usual': 'nothing is usual before half an hour',
  'Event budget gone': 'the event of the demo has no planned length',
  'Off air, and what the event may miss': 'the event of the demo has no planned length',
  'Lines that wait': 'the demo ships its log nowhere',
  'Room for them that is taken': 'the demo ships its log nowhere',
  'Nothing taken for': 'the demo ships its log nowhere',
  'Certificate ends in': 'the demo ships its log nowhere',
  'Logstash: lines in and out': 'the demo has no Logstash',
  'Logstash: queue': 'the demo has no Logstash',
  'Logstash: dead letters': 'the demo has no Logstash',
  'Expected and measured': 'the event of the demo has no planned length',
}

/** How many series an expression has had in the last minute. */
async function seriesOf({ prometheus }: WholeStack, query: string): Promise<number> {
  const end = Date.now() / 1000
  const body = new URLSearchParams({ query, start: String(end - 60), end: String(end), step: '1' })
  const response = await fetch(`${prometheus.url}/api/v1/query_range`, { method: 'POST', body })
  const { data, error } = (await response.json()) as { data?: { result: unknown[] }; error?: string }
  assert.ok(data, `${error}: ${query}`)
  return data.result.length
}

/** Freezes the publisher of the demo by its own control, whose address Node-RED has from the application. */
async function causeFault({ monitor }: WholeStack): Promise<void> {
  const variables = processesOf(monitor.process.pid).flatMap(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    } catch {
      return []
    }
  })
  const control = variables.find((variable) => variable.startsWith('DEMO_URL='))?.slice('DEMO_URL='.length)
  const answer = await fetch(`${control}/faults/freeze-publisher`, { method: 'POST' })
  assert.equal(answer.status, 200)
}

describe('the queries of the dashboards, asked of a Prometheus that has scraped the demo with a fault', () => {
  let stack: WholeStack
  before(async () => {
    stack = await startWholeStack({ SITE: 'main-hall' })
    // What is measured last of a stream that has just begun.
    const measured = 'hmonitor_stream_drift_seconds and on(target) hmonitor_stream_track_timestamp_skew_seconds'
    await until(async () => (await stack.query(measured)).length > 0, 60, 'the stream of the demo is measured')
  })
  after(() => stack?.stop())

  it('are answered, and each finds something where there is something to find', async () => {
    const everyKind = 'count by (kind) (hmonitor_targets > 0)'
    await until(async () => (await stack.query(everyKind)).length >= 4, 20, 'targets of four kinds are watched')
    await causeFault(stack)
    const isRaised = async () => (await stack.query('ALERTS{alertstate="firing",severity="critical"}')).length > 0
    await until(isRaised, 30, 'an alert fires')
    // The range of a rate must have been filled.
    await until(
      async () => (await stack.query('count_over_time(up{job="hmonitor"}[1m]) > 30')).length > 0,
      40,
      'scrapes',
    )
    const empty: string[] = []
    // What is shown of an incident is asked in incidents.test.ts.
    for (const spec of DASHBOARDS.filter(({ incidents }) => !incidents)) {
      for (const panel of panelsOf(dashboardOf(spec) as unknown as Dashboard)) {
        const title = panel.title ?? ''
        const found = await Promise.all(
          expressionsIn(panel).map(async ({ expr }) => await seriesOf(stack, filledIn(expr))),
        )
        if (found.every((count) => count === 0) && !(title in EMPTY)) empty.push(`${spec.uid}: ${title}`)
      }
    }
    assert.deepEqual(empty, [])
  })
})
