import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { freePort } from '../fixtures/ports.ts'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { type HttpSink, httpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

/** Seconds from the publisher's end until people are told: 8 s, and the machine may be busy. */
const TOLD_WITHIN = 12

const FORGED = JSON.stringify({
  version: '4',
  alerts: ['HmonitorStreamOffline', 'HmonitorStreamStalled'].map((alertname) => ({
    status: 'firing',
    labels: { alertname, severity: 'critical', kind: 'stream', target: 'main', monitor: 'RTMP HMonitor' },
    annotations: { runbook_url: 'javascript:alert(1)' },
    startsAt: '2026-11-28T17:00:00Z',
  })),
})

/** What a page of another site, and a program of this machine, can send without the token. */
const FORGERIES: Record<string, string>[] = [
  { origin: 'https://evil.example', 'content-type': 'text/plain' },
  { origin: 'https://evil.example', 'content-type': 'application/json' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json' },
]

describe('an alert that is forged before the fault', () => {
  let folder: ReturnType<typeof makeFolder>
  let sink: HttpSink
  let rtmp: RtmpServer
  let publisher: Publisher
  let monitor: MonitorProcess | undefined
  let alertmanager: { process: OwnedProcess; folder: string } | undefined
  beforeEach(async () => {
    folder = makeFolder()
    sink = await httpSink()
    rtmp = await startNginxRtmp()
    publisher = await startPublisher(rtmp.url('live/main'))
  })
  afterEach(async () => {
    await monitor?.end()
    await publisher?.kill()
    await rtmp?.stop()
    await alertmanager?.process.kill()
    if (alertmanager) rmSync(alertmanager.folder, { recursive: true, force: true })
    alertmanager = undefined
    await sink?.close()
    folder.remove()
  })
  const start = async (more: Record<string, string>) => {
    const env = { DATA_DIR: folder.dataDir, DEMO: 'off', RTMP_STREAMS: `main=${rtmp.url('live/main')}`, ...more }
    monitor = new MonitorProcess(folder.path, env)
    await monitor.up()
    const isUp = async () => {
      const { targets } = (await (await fetch(`${monitor?.url}/api/v1/status`)).json()) as { targets: Target[] }
      return targets.some(({ target, measurements }) => target === 'main' && measurements.up === true)
    }
    await until(isUp, 30, 'the stream is up')
  }
  type Target = { target: string; measurements: { up?: boolean } }
  const forge = async () => {
    const statuses: number[] = []
    for (const headers of FORGERIES) {
      statuses.push((await fetch(`${monitor?.url}/api/v1/alerts`, { method: 'POST', headers, body: FORGED })).status)
    }
    return statuses
  }
  const untilTold = (pattern: RegExp) =>
    until(
      () => sink.posts.some(({ body }) => pattern.test(body)),
      TOLD_WITHIN,
      () => `it is told; the receiver has: ${sink.posts.map(({ body }) => body).join('\n')}`,
    )

  it('is refused where the monitor tells people itself, which hear of the real one', async () => {
    await start({ NOTIFY_WEBHOOK_URL: sink.url })
    assert.deepEqual(await forge(), [403, 403, 415, 409])
    await publisher.kill()
    await untilTold(/Stream offline/)
  })

  it('keeps an Alertmanager that the monitor posts to from nothing', async () => {
    const port = await freePort()
    alertmanager = await startAlertmanager(port, sink.url)
    await start({ ALERTMANAGER_URLS: `http://127.0.0.1:${port}`, ALERT_SOURCE: 'direct' })
    assert.deepEqual(await forge(), [403, 403, 415, 200])
    await publisher.kill()
    await untilTold(/"alertname":"HmonitorStreamOffline"/)
    assert.ok(!sink.posts.some(({ body }) => body.includes('javascript:')))
  })
})

/** A real one, which tells the receiver at once. */
async function startAlertmanager(port: number, receiver: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-alertmanager-'))
  const file = join(folder, 'alertmanager.yml')
  writeFileSync(
    file,
    `route: { receiver: sink, group_wait: 0s, group_interval: 1s }
receivers: [{ name: sink, webhook_configs: [{ url: '${receiver}' }] }]
`,
  )
  const process = await startProcess(
    'prometheus-alertmanager',
    [
      ...[`--config.file=${file}`, `--storage.path=${folder}`, '--cluster.listen-address='],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { install: 'apt-get install prometheus-alertmanager' },
  )
  const isReady = async () => (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null))?.ok === true
  await until(isReady, 20, () => `Alertmanager is ready: ${process.output()}`)
  return { process, folder }
}
