import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Dashboard } from '@grafana/schema'
import { INCIDENT_DASHBOARD } from '../../deploy/grafana/source/incident.ts'
import { INCIDENT, INCIDENT_MEMBER } from '../../scripts/alert-table.ts'
import { dashboardOf } from '../../scripts/generate-grafana-dashboards.ts'
import { freePort } from '../fixtures/ports.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { alertsAt, type Daemon, knowsAlertmanager, startStackAlertmanager, startStackPrometheus } from './daemons.ts'
import { type FakeMonitor, startFakeMonitor } from './fake-monitor.ts'
import { expressionsIn, filledIn, panelsOf } from './grafana-panels.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

const MEMBERS = ['main', 'backup', 'third']
const issue = (target: string) => `hmonitor_stream_issue{target="${target}",issue="streamOffline",severity="error"}`
const open = (location: string) =>
  `hmonitor_incident_open{monitor="any",site="any",incident="a1b2",severity="critical",location="${location}"}`
const member = (target: string) =>
  `hmonitor_incident_member{monitor="any",incident="a1b2",kind="stream",target="${target}"}`

/** The shipped configuration under the real daemons. The monitor is a server that says what a test wants it to say. */
describe('an incident on its way through Prometheus and Alertmanager', () => {
  let folder: StackFolder
  let monitor: FakeMonitor
  let prometheus: Daemon
  let alertmanager: Daemon
  let mail: SmtpSink

  before(async () => {
    mail = await smtpSink()
    const token = (name: string) => readFileSync(join(folder.out, 'monitor', name), 'utf8').trim()
    monitor = await startFakeMonitor(() => ({
      metrics: token('metrics_token'),
      webhook: token('alert_webhook_token'),
    }))
    const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()]
    folder = configureStack(
      {
        ...{ SITE: 'main-hall', SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mail.port) },
        ...{ SMTP_SECURITY: 'none', SMTP_TO: 'crew@example.org' },
      },
      {
        STACK_MONITOR: monitor.address,
        STACK_PROMETHEUS: `127.0.0.1:${prometheusPort}`,
        STACK_ALERTMANAGER: `127.0.0.1:${alertmanagerPort}`,
      },
    )
    monitor.series.set('hmonitor_incidents_total{severity="critical",location="server"}', 0)
    for (const target of MEMBERS) monitor.series.set(issue(target), 0)
    alertmanager = await startStackAlertmanager(folder.out, alertmanagerPort)
    prometheus = await startStackPrometheus(folder.out, prometheusPort)
    await until(() => knowsAlertmanager(prometheus), 15, 'Prometheus knows Alertmanager')
    await until(() => monitor.scrapes.count > 8, 30, 'Prometheus has read the metrics for a while')
  })
  after(async () => {
    await prometheus?.stop()
    await alertmanager?.stop()
    await monitor?.close()
    await mail?.close()
    folder?.remove()
  })

  const scrapes = (count: number) => {
    const from = monitor.scrapes.count
    return until(() => monitor.scrapes.count >= from + count, 10 * count, `${count} more scrapes`)
  }
  const silenced = async () =>
    (await alertsAt(alertmanager))
      .filter(({ status }) => status.inhibitedBy.length > 0)
      .map(({ labels }) => labels.target ?? '')
      .sort()
  /** What a query has found in the last minute: the target of each series, or its location. */
  const labelsOf = async (query: string) => {
    const end = Date.now() / 1000
    const body = new URLSearchParams({ query, start: String(end - 60), end: String(end), step: '1' })
    const answer = await fetch(`${prometheus.url}/api/v1/query_range`, { method: 'POST', body })
    const { data, error } = (await answer.json()) as {
      data?: { result: { metric: Record<string, string> }[] }
      error?: string
    }
    assert.ok(data, `${error}: ${query}`)
    return data.result.map(({ metric }) => metric.target ?? metric.location ?? '')
  }
  const subjects = () => mail.mails.map(({ subject }) => subject)

  it('is one message, which begins with where the fault is, though its members fail before it is known', async () => {
    for (const target of MEMBERS) monitor.series.set(issue(target), 1)
    await scrapes(2)
    monitor.series.set(open('server'), 1)
    for (const target of MEMBERS) monitor.series.set(member(target), 1)
    await until(
      () => mail.mails.length > 0,
      20,
      () => `the email: ${alertmanager.process.output()}`,
    )
    const [{ subject, text } = { subject: '', text: '' }] = mail.mails
    assert.equal(
      subject,
      'CRITICAL: Probably the server: stream backup, stream main, stream third (RTMP HMonitor at main-hall)',
    )
    assert.match(text, /Since \d{4}-[\s\S]*counts 3 of its targets to it[\s\S]*What to do:\s+1\. Restart the server/)
    await until(async () => (await silenced()).length === 3, 10, 'the members are silent')
    // Longer than what keeps silent what has just been raised.
    await scrapes(10)
    assert.deepEqual(await silenced(), [...MEMBERS].sort())
    assert.deepEqual(subjects(), [subject])
  })

  it('is on the dashboard of Grafana with all that is measured of its members, and nothing of others', async () => {
    monitor.series.set('hmonitor_stream_state{target="main",state="down"}', 1)
    monitor.series.set('hmonitor_stream_state{target="other",state="down"}', 1)
    monitor.series.set('hmonitor_stream_drift_seconds{target="main"}', 4)
    await scrapes(2)
    const found = new Map<string, string[]>()
    for (const panel of panelsOf(dashboardOf(INCIDENT_DASHBOARD) as unknown as Dashboard)) {
      const answers = await Promise.all(expressionsIn(panel).map(({ expr }) => labelsOf(filledIn(expr))))
      found.set(panel.title ?? '', answers.flat())
    }
    assert.deepEqual(found.get('Incidents and where the fault is'), ['server'])
    assert.deepEqual(found.get('Members')?.sort(), [...MEMBERS].sort())
    assert.deepEqual(found.get('State of the members'), ['main'])
    assert.deepEqual(found.get('Issues of the members')?.sort(), [...MEMBERS].sort())
    assert.deepEqual(found.get('Drift'), ['main'])
  })

  it('is told once more where the place turns out to be another, without a word that it ended', async () => {
    monitor.series.delete(open('server'))
    monitor.series.set(open('uplink'), 1)
    await until(() => mail.mails.length > 1, 20, 'the second email')
    assert.match(
      mail.mails[1]?.subject ?? '',
      /^CORRECTION, CRITICAL: Probably the line from the venue to the server: /,
    )
    assert.doesNotMatch(mail.mails[1]?.text ?? '', /Ended|Probably the server/)
  })

  it('is silent, not over, while its monitor is gone, of which people are told, and so are its members', async () => {
    const told = mail.mails.length
    await monitor.close()
    await until(() => mail.mails.length > told, 40, 'that the monitor is gone is told')
    await until(async () => (await silenced()).length === 7, 10, 'all of it is muted by the monitor that is gone')
    assert.equal(mail.mails.length, told + 1, subjects().join('\n'))
    assert.match(subjects().at(-1) ?? '', /does not answer/)
    const names = new Set((await alertsAt(alertmanager)).map(({ labels }) => labels.alertname))
    assert.ok(names.has(INCIDENT) && names.has(INCIDENT_MEMBER), [...names].join(' '))
  })
})
