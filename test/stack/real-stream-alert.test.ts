import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../fixtures/ports.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { type Daemon, startStackAlertmanager, startStackPrometheus } from './daemons.ts'
import { type MonitorContainer, startMonitorContainer } from './monitor-container.ts'
import { configureStack, type StackFolder } from './stack-folder.ts'

/** All of the stack but Grafana, as docker-compose.yml runs it, from a `.env`, with a real stream. */
describe('the stack, watching a real stream', () => {
  let rtmp: RtmpServer
  let publisher: Publisher
  let mail: SmtpSink
  let folder: StackFolder
  let monitor: MonitorContainer
  let prometheus: Daemon
  let alertmanager: Daemon
  let port: number
  const dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-stack-data-'))

  before(async () => {
    rtmp = await startNginxRtmp()
    mail = await smtpSink()
    publisher = await startPublisher(rtmp.url('live/main'))
    port = await freePort()
    const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()]
    folder = configureStack(
      {
        SITE: 'main-hall',
        RTMP_STREAMS: `main=${rtmp.url('live/main')}`,
        // What the stack decides itself, and .env must not change inside the container.
        ...{ PORT: '9', HOST: '192.0.2.1', METRICS_TOKEN: 'token-of-env', DATA_DIR: '/nowhere' },
        ...{ SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mail.port), SMTP_SECURITY: 'none', SMTP_TO: 'crew@example.org' },
      },
      {
        STACK_MONITOR: `127.0.0.1:${port}`,
        STACK_PROMETHEUS: `127.0.0.1:${prometheusPort}`,
        STACK_ALERTMANAGER: `127.0.0.1:${alertmanagerPort}`,
      },
    )
    const environment = { ALERTMANAGER_URLS: `http://127.0.0.1:${alertmanagerPort}` }
    const { out, project } = folder
    const starting = startMonitorContainer({ out, project, dataDir, port, environment })
    alertmanager = await startStackAlertmanager(out, alertmanagerPort)
    prometheus = await startStackPrometheus(out, prometheusPort)
    monitor = await starting
  })
  after(async () => {
    await monitor?.stop()
    await prometheus?.stop()
    await alertmanager?.stop()
    await publisher?.kill()
    await rtmp?.stop()
    await mail?.close()
    folder?.remove()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const query = async (expression: string) => {
    const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`)
    const { data } = (await response.json()) as { data: { result: { metric: object; value: [number, string] }[] } }
    return data.result
  }

  it('runs by the command, the environment and the health check of docker-compose.yml', async () => {
    await until(() => monitor.isHealthy(), 15, 'the health check ends with 0')
    const metrics = (token: string) =>
      fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal((await metrics(readFileSync(join(folder.out, 'monitor/metrics_token'), 'utf8').trim())).status, 200)
    assert.equal((await metrics('another')).status, 401)
  })

  it('is scraped, with the stream up', async () => {
    await until(async () => (await query('hmonitor_stream_up{site="main-hall"} == 1')).length === 1, 20, 'it is up')
    assert.deepEqual(await query('ALERTS{alertname!="Watchdog",alertstate="firing"}'), [])
  })

  it('tells of a stream that falls silent within 12 s, once, and that it is back, once', async () => {
    const began = Date.now()
    await publisher.kill()
    await until(
      () => mail.mails.length > 0,
      14,
      () => `an email: ${alertmanager.process.output()}`,
    )
    const [first] = mail.mails
    assert.ok(first && first.at - began < 12_000, `it took ${(first?.at ?? 0) - began} ms`)
    assert.equal(first.subject, 'CRITICAL: Stream main: stream offline (RTMP HMonitor at main-hall)')
    assert.match(first.text, /What to do:\r?\n1\. Look at the encoder/)
    publisher = await startPublisher(rtmp.url('live/main'))
    await until(() => mail.mails.length > 1, 25, 'an email that it ended')
    assert.deepEqual(
      mail.mails.map(({ subject }) => subject.replace(/:.*/, '')),
      ['CRITICAL', 'ENDED'],
    )
  })
})
