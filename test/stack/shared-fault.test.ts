import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../fixtures/ports.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { alertsAt, type Daemon, knowsAlertmanager, startStackAlertmanager, startStackPrometheus } from './daemons.ts'
import { type FakeMonitor, startFakeMonitor } from './fake-monitor.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

const SHARDS = [0, 1, 2]
const incident = (index: number) => `a${index}`
const open = (index: number) =>
  `hmonitor_incident_open{monitor="any",site="any",incident="${incident(index)}",severity="critical",location="venue-network"}`
const member = (index: number, target: string) =>
  `hmonitor_incident_member{monitor="any",incident="${incident(index)}",kind="stream",target="${target}"}`
const elsewhere = (index: number) => `hmonitor_incident_told_elsewhere{monitor="any",incident="${incident(index)}"}`
const issue = (index: number) => `hmonitor_stream_issue{target="s${index}",issue="streamOffline",severity="error"}`

/** The shipped configuration under the real daemons. The monitors are servers that say what a test wants them to say. */
describe('one fault that three monitors of a cluster see, by Prometheus and Alertmanager', () => {
  let folder: StackFolder
  const monitors: FakeMonitor[] = []
  let prometheus: Daemon
  let alertmanager: Daemon
  let mail: SmtpSink

  before(async () => {
    mail = await smtpSink()
    const token = (name: string) => readFileSync(join(folder.out, 'monitor', name), 'utf8').trim()
    const tokens = () => ({ metrics: token('metrics_token'), webhook: token('alert_webhook_token') })
    for (const _ of SHARDS) monitors.push(await startFakeMonitor(tokens))
    const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()]
    folder = configureStack(
      {
        ...{ SITE: 'main-hall', SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mail.port) },
        ...{ SMTP_SECURITY: 'none', SMTP_TO: 'crew@example.org', MONITOR_NAME: 'Hall' },
        SHARD_MONITORS: monitors.map(({ address }) => address).join(),
      },
      {
        STACK_MONITOR: monitors[0]?.address ?? '',
        STACK_PROMETHEUS: `127.0.0.1:${prometheusPort}`,
        STACK_ALERTMANAGER: `127.0.0.1:${alertmanagerPort}`,
      },
    )
    for (const [index, { series }] of monitors.entries()) series.set(issue(index), 0)
    alertmanager = await startStackAlertmanager(folder.out, alertmanagerPort)
    prometheus = await startStackPrometheus(folder.out, prometheusPort)
    await until(() => knowsAlertmanager(prometheus), 15, 'Prometheus knows Alertmanager')
    await scrapes(8)
  })
  after(async () => {
    await prometheus?.stop()
    await alertmanager?.stop()
    for (const monitor of monitors) await monitor.close()
    await mail?.close()
    folder?.remove()
  })

  const scrapes = (count: number) => {
    const from = monitors.map((monitor) => monitor.scrapes.count)
    const isRead = () => monitors.every((monitor, index) => monitor.scrapes.count >= (from[index] ?? 0) + count)
    return until(isRead, 10 * count, `${count} more scrapes`)
  }
  const subjects = () => mail.mails.map(({ subject }) => subject)

  it('is one message, of the one that tells people, and names what all of them watch', async () => {
    for (const [index, { series }] of monitors.entries()) {
      series.set(issue(index), 1)
      series.set(open(index), 1)
      series.set(member(index, `s${index}`), 1)
      if (index > 0) series.set(elsewhere(index), 1)
      else for (const other of [1, 2]) series.set(member(0, `s${other}`), 1)
    }
    await until(
      () => mail.mails.length > 0,
      30,
      () => `the email: ${alertmanager.process.output()}`,
    )
    // Longer than what would make messages of the others, or of the streams themselves.
    await scrapes(12)
    assert.deepEqual(subjects(), [
      'CRITICAL: Probably the network of the venue: stream s0, stream s1, stream s2 (Hall-0 at main-hall)',
    ])
  })

  it('goes on as one message where another one begins to tell people, and is told there where that one has ended', async () => {
    monitors[0]?.series.set(elsewhere(0), 1)
    await scrapes(6)
    assert.equal(mail.mails.length, 1, subjects().join('\n'))
    monitors[1]?.series.delete(elsewhere(1))
    await until(() => mail.mails.length > 1, 20, 'the second email')
    assert.match(subjects()[1] ?? '', /^CRITICAL: .*\(Hall-1 at main-hall\)$/)
  })

  it('has one group of what fails in several of the monitors, which have the label cluster', async () => {
    const offline = (await alertsAt(alertmanager)).filter(({ labels }) => labels.alertname === 'HmonitorStreamOffline')
    assert.deepEqual(
      offline.map(({ labels }) => [labels.monitor, labels.cluster]).sort(),
      SHARDS.map((index) => [`Hall-${index}`, 'Hall']),
    )
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts/groups?receiver=people`)
    const groups = (await answer.json()) as { labels: object; alerts: { labels: { kind: string } }[] }[]
    const ofStreams = groups.filter(({ alerts }) => alerts.some(({ labels }) => labels.kind === 'stream'))
    assert.deepEqual(
      ofStreams.map(({ labels, alerts }) => [labels, alerts.length]),
      [[{ cluster: 'Hall', site: 'main-hall' }, 3]],
    )
  })
})
