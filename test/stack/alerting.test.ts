import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../fixtures/ports.ts'
import { type HttpSink, httpSink, type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { alertsAt, type Daemon, knowsAlertmanager, startStackAlertmanager, startStackPrometheus } from './daemons.ts'
import { type FakeMonitor, startFakeMonitor } from './fake-monitor.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

const issue = (type: string, severity: string, target: string) =>
  `hmonitor_stream_issue{target="${target}",issue="${type}",severity="${severity}"}`

/**
 * The shipped configuration under the real daemons, with real receivers. The monitor is a server that says what a test
 * wants it to say; one with a real stream is in real-stream-alert.test.ts.
 */
describe('an alert on its way through Prometheus and Alertmanager', () => {
  let folder: StackFolder
  let monitor: FakeMonitor
  let prometheus: Daemon
  let alertmanager: Daemon
  let mail: SmtpSink
  let slack: HttpSink

  before(async () => {
    mail = await smtpSink({ login: { user: 'crew', password: 'pass-word' } })
    slack = await httpSink()
    const token = (name: string) => readFileSync(join(folder.out, 'monitor', name), 'utf8').trim()
    monitor = await startFakeMonitor(() => ({
      metrics: token('metrics_token'),
      webhook: token('alert_webhook_token'),
    }))
    const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()]
    folder = configureStack(
      {
        ...{ SITE: 'main-hall', SLACK_WEBHOOK_URL: slack.url },
        ...{ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mail.port), SMTP_SECURITY: 'none', SMTP_TO: 'crew@example.org' },
        ...{ SMTP_USER: 'crew', SMTP_PASSWORD: 'pass-word' },
      },
      {
        STACK_MONITOR: monitor.address,
        STACK_PROMETHEUS: `127.0.0.1:${prometheusPort}`,
        STACK_ALERTMANAGER: `127.0.0.1:${alertmanagerPort}`,
      },
    )
    monitor.series.set('hmonitor_stream_expected{target="main"}', 1)
    alertmanager = await startStackAlertmanager(folder.out, alertmanagerPort)
    prometheus = await startStackPrometheus(folder.out, prometheusPort)
    // A Prometheus that starts learns of its Alertmanager after five seconds; before that it tells nobody.
    await until(() => knowsAlertmanager(prometheus), 15, 'Prometheus knows Alertmanager')
    // Since version 3 it knows it seconds before it scrapes for the first time.
    await until(() => monitor.scrapes.count > 0, 20, 'Prometheus has read the metrics')
  })
  after(async () => {
    await prometheus?.stop()
    await alertmanager?.stop()
    await monitor?.close()
    await mail?.close()
    await slack?.close()
    folder?.remove()
  })

  const takenOf = (alertname: string, status: string) =>
    monitor.taken.filter((alert) => alert.labels.alertname === alertname && alert.status === status)
  const mailsOf = (words: string) => mail.mails.filter(({ subject }) => subject.includes(words))

  it('reaches email, Slack and Node-RED within 6 s of the issue, once, and all that fails together in three messages at the most', async () => {
    const began = Date.now()
    // Two hundred streams, and a warning of one of them that its outage mutes.
    for (let number = 0; number < 200; number++) {
      monitor.series.set(issue('streamOffline', 'error', `stream-${number}`), 1)
    }
    monitor.series.set(issue('streamStalled', 'warning', 'stream-0'), 1)
    await until(
      () => mailsOf('CRITICAL').length > 0 && slack.posts.length > 0,
      10,
      () => `the email and the Slack message: ${alertmanager.process.output()}`,
    )
    const [first] = mailsOf('CRITICAL')
    assert.ok(first && first.at - began < 6000, `the email took ${(first?.at ?? 0) - began} ms`)
    assert.ok((slack.posts[0]?.at ?? 0) - began < 6000)
    await until(() => takenOf('HmonitorStreamOffline', 'firing').length >= 200, 5, 'Node-RED has all')
    const { labels, annotations } = takenOf('HmonitorStreamOffline', 'firing')[0] ?? {}
    assert.deepEqual(Object.keys(labels ?? {}).sort(), [
      ...['alertname', 'cluster', 'kind', 'monitor', 'severity', 'site', 'target'],
    ])
    assert.deepEqual(Object.keys(annotations ?? {}).sort(), [
      'dashboard_url',
      'description',
      'remedy',
      'runbook_url',
      'summary',
    ])
    // Prometheus hands on 64 at a time: when it is slow, the first message is sent before the rest is there, and the
    // next one lists everything that is on, as Alertmanager's messages do.
    const listsAll = (text: string) =>
      Array.from({ length: 200 }, (_, number) => `Stream stream-${number}: stream offline`).every(
        (line) => text.split(line).length === 2,
      )
    for (const texts of [
      () => mailsOf('CRITICAL').map(({ text }) => text),
      () => slack.posts.map(({ body }) => body),
    ]) {
      await until(() => texts().some(listsAll), 10, 'one message tells of all, of each once')
      assert.equal(texts().filter(listsAll).length, 1)
      assert.ok(texts().length <= 3, `${texts().length} messages`)
      for (const text of texts()) assert.match(text, /Check the encoder/)
    }
    assert.equal(mailsOf('CRITICAL').at(-1)?.subject, 'CRITICAL: 200 alerts (RTMP HMonitor at main-hall)')
  })

  it('is not told of where another alert of the same target mutes it, and no other target is muted', async () => {
    const inhibited = async () => (await alertsAt(alertmanager)).filter(({ status }) => status.inhibitedBy.length > 0)
    await until(async () => (await inhibited()).length === 1, 5, 'one alert is muted')
    assert.deepEqual(
      (await inhibited()).map(({ labels }) => [labels.alertname, labels.target, labels.site]),
      [['HmonitorStreamStalled', 'stream-0', 'main-hall']],
    )
  })

  it('does not mute what another site has of the same name, nor what a monitor of the same name elsewhere watches', async () => {
    const post = (alertname: string, severity: string, more: Record<string, string>) => ({
      labels: { alertname, severity, kind: 'stream', target: 'main', monitor: 'RTMP HMonitor', ...more },
    })
    const down = { kind: 'monitor', target: 'RTMP HMonitor' }
    const body = [
      post('HmonitorStreamOffline', 'critical', { site: 'north' }),
      post('HmonitorStreamStalled', 'warning', { site: 'north' }),
      post('HmonitorStreamStalled', 'warning', { site: 'south' }),
      post('HmonitorMonitorDown', 'critical', { site: 'east', ...down }),
      post('HmonitorVideoBlack', 'warning', { site: 'east' }),
      post('HmonitorVideoBlack', 'warning', { site: 'west' }),
      // Monitors without a site, told apart by their names.
      post('HmonitorMonitorDown', 'critical', { ...down, monitor: 'one' }),
      post('HmonitorVideoBlack', 'warning', { monitor: 'one' }),
      post('HmonitorVideoBlack', 'warning', { monitor: 'two' }),
    ]
    const headers = { 'content-type': 'application/json' }
    await fetch(`${alertmanager.url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(body) })
    const mutedOf = async () => {
      const alerts = (await alertsAt(alertmanager)).filter(
        ({ labels }) => labels.target === 'main' || labels.kind === 'monitor',
      )
      return alerts
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(({ labels }) => `${labels.alertname} ${labels.site ?? labels.monitor}`)
        .sort()
    }
    const expected = ['HmonitorStreamStalled north', 'HmonitorVideoBlack east', 'HmonitorVideoBlack one']
    await until(async () => (await mutedOf()).length >= expected.length, 5, 'three are muted')
    assert.deepEqual(await mutedOf(), expected)
  })

  it('goes on without a word where Prometheus dies and comes back', async () => {
    const told = mailsOf('main-hall').length
    await prometheus.restart()
    const query = 'count(ALERTS{alertname="HmonitorStreamOffline",alertstate="firing"})'
    const firing = async () => {
      const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`)
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
      return data.result[0]?.value[1] === '200'
    }
    await until(firing, 15, 'all fire again')
    await until(() => knowsAlertmanager(prometheus), 15, 'Prometheus knows Alertmanager')
    assert.equal(mailsOf('main-hall').length, told)
    assert.equal(mailsOf('ENDED').length, 0)
  })

  it('ends once, with how long it lasted, where the monitor says so', async () => {
    const told = mailsOf('main-hall').length
    for (let number = 0; number < 200; number++) {
      monitor.series.set(issue('streamOffline', 'error', `stream-${number}`), 0)
    }
    monitor.series.set(issue('streamStalled', 'warning', 'stream-0'), 0)
    const texts = () =>
      mailsOf('main-hall')
        .slice(told)
        .map(({ text }) => text)
    const timesOver = () =>
      Array.from({ length: 200 }, (_, number) => {
        const line = `Ended: Stream stream-${number}: stream offline`
        return texts().reduce((times, text) => times + text.split(line).length - 1, 0)
      })
    await until(() => timesOver().every((times) => times > 0), 12, 'the email that they ended')
    assert.ok(
      timesOver().every((times) => times === 1),
      'the end of each is told once',
    )
    assert.match(texts().join('\n'), /Ended: Stream stream-199: stream offline\r?\nFrom .* it lasted \d+/)
    await until(() => takenOf('HmonitorStreamOffline', 'resolved').length >= 200, 5, 'Node-RED has all')
    assert.ok(texts().length <= 3, `${texts().length} messages`)
    assert.ok(
      !monitor.taken.some(({ labels }) => labels.alertname === 'HmonitorStreamStalled' && labels.target !== 'main'),
    )
  })

  it('comes with a watchdog, which goes to Node-RED alone, by tokens that both sides know', async () => {
    await until(() => takenOf('Watchdog', 'firing').length > 0, 25, 'the watchdog comes')
    assert.equal(monitor.refused.count, 0)
    const [watchdog] = takenOf('Watchdog', 'firing')
    assert.deepEqual(watchdog?.labels, {
      cluster: 'RTMP HMonitor',
      ...{ alertname: 'Watchdog', severity: 'none', kind: 'prometheus', target: 'prometheus' },
      ...{ monitor: 'RTMP HMonitor', site: 'main-hall' },
    })
    assert.ok(!mail.mails.some(({ text }) => text.includes('always fires')))
  })
})
