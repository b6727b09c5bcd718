import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Commands } from '../../src/monitor/commands.ts'
import { monitorState, removeMonitor } from '../../src/node-red/monitor-states.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Issue, Observation } from '../../src/observation/observation.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import { observation } from '../metrics/observations.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const OFFLINE: Issue = {
  type: 'streamOffline',
  severity: 'error',
  since: new Date().toISOString(),
  summary: 'off',
  remedy: [],
}

const VARIABLES = ['DATA_DIR', 'ALERT_WEBHOOK_TOKEN', 'ALERT_WEBHOOK_TOKEN_FILE', 'METRICS_TOKEN', 'ALERT_SOURCE']

const webhook = (status = 'firing', more: object = {}) => ({
  version: '4',
  alerts: [
    {
      status,
      labels: { alertname: 'HmonitorMonitorDown', severity: 'critical', kind: 'monitor', target: 'hall' },
      annotations: { summary: 'The monitor is gone.', remedy: '1. Start it.\n2. Look at its log.' },
      startsAt: new Date().toISOString(),
      ...more,
    },
  ],
})

describe('the webhook of Alertmanager', () => {
  let runtime: TestRuntime
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-webhook-'))
    process.env.DATA_DIR = folder
  })
  afterEach(async () => {
    monitorState('default').directory.leave('stream', 'main', 'test')
    await runtime.stop()
    await removeMonitor('default')
    for (const name of VARIABLES) delete process.env[name]
    rmSync(folder, { recursive: true, force: true })
  })
  const start = async (dataDir = folder, mode: 'none' | 'prometheus' = 'prometheus') => {
    process.env.DATA_DIR = dataDir
    if (mode === 'prometheus') process.env.ALERT_SOURCE ??= mode
    runtime = await TestRuntime.start(
      flowOf(
        { id: 'serve-1', type: 'hmonitor-serve', what: 'alerts', wires: [['sink'], ['alert-1']] },
        { id: 'health-1', type: 'hmonitor-serve', what: 'health' },
        { id: 'status-1', type: 'hmonitor-serve', what: 'status' },
        { id: 'alert-1', type: 'hmonitor-alert' },
      ),
    )
    monitorState('default').directory.enter('stream', 'main', 'test', 1)
  }
  /** As a watch does. */
  const observed = (observation: Observation) => monitorState('default').newest.put(observation)
  const answered = async (node: string, msg: Record<string, unknown>) => {
    const before = runtime.sent(node).length
    runtime.receive(node, msg)
    await until(() => runtime.sent(node).length > before, 5, 'an answer')
    const { statusCode, payload } = runtime.sent(node).at(-1) ?? {}
    return { statusCode, body: JSON.parse(String(payload)) }
  }
  const JSON_TYPE = { 'content-type': 'application/json', host: '127.0.0.1:1880' }
  const post = (payload: unknown, more: Record<string, string> = {}, req: object = {}) => {
    const headers = { ...JSON_TYPE, ...more }
    return answered('serve-1', { req: { method: 'POST', path: '/api/v1/alerts', headers, query: {}, ...req }, payload })
  }
  const fired = () => runtime.sent('alert-1').map(({ payload }) => payload as Alert)

  it('becomes an alert that is shown and that Alertmanager tells', async () => {
    await start()
    assert.deepEqual(await post(webhook()), { statusCode: 200, body: { taken: 1 } })
    await until(() => fired().length === 1, 5, 'the alert')
    const [alert] = fired()
    assert.equal(alert?.via, 'alertmanager')
    assert.deepEqual(alert?.issue.remedy, ['Start it.', 'Look at its log.'])
    await post(webhook('resolved'))
    await until(() => runtime.sent('alert-1', 1).length === 1, 5, 'its end')
  })

  it('is no incident that the monitor tells, nor word of what it judges itself', async () => {
    await start()
    await runtime.deploy([
      ...flowOf(
        { id: 'serve-1', type: 'hmonitor-serve', what: 'alerts', wires: [['sink'], ['alert-1']] },
        { id: 'alert-1', type: 'hmonitor-alert', wires: [['incident-1']] },
        { id: 'incident-1', type: 'hmonitor-incident' },
      ),
    ])
    const state = monitorState('default')
    await post(webhook())
    await until(() => state.incidents.open.length === 1, 5, 'the incident is shown')
    const opened = async () => /^hmonitor_incident_open\{/m.test((await expositionOf(state.metrics)).body)
    assert.equal(await opened(), false)
    const own = { alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target: 'main' }
    await post(webhook('firing', { labels: { ...own, monitor: '', site: '' } }))
    assert.equal(state.problemLog.alerts.length, 1, 'Prometheus alone says that the stream is off')
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    await until(opened, 5, 'what the monitor sees itself is told by its incident')
  })

  it('comes one at a time: whoever asks for something else meanwhile does not wait for all of them', async () => {
    await start()
    const request = (path: string, method = 'POST') => ({ method, path, headers: JSON_TYPE, query: {} })
    for (let index = 0; index < 10; index += 1) {
      runtime.receive('serve-1', { req: request('/api/v1/alerts'), payload: webhook() })
    }
    runtime.receive('health-1', { req: request('/health', 'GET') })
    await until(() => runtime.sent('health-1').length === 1, 5, 'health')
    assert.ok(runtime.sent('serve-1').length < 10)
    await until(() => runtime.sent('serve-1').length === 10, 5, 'all webhooks')
  })

  it('needs its own token, or else that of every other request', async () => {
    await start()
    process.env.METRICS_TOKEN = 'of metrics'
    assert.equal((await post(webhook())).statusCode, 401)
    assert.equal((await post(webhook(), { authorization: 'Bearer of' })).statusCode, 401)
    process.env.ALERT_WEBHOOK_TOKEN = 'of-webhook'
    assert.equal((await post(webhook(), { authorization: 'Bearer of-metrics' })).statusCode, 401)
    assert.equal((await post(webhook(), { authorization: 'Bearer of-webhook' })).statusCode, 200)
    delete process.env.ALERT_WEBHOOK_TOKEN
    process.env.ALERT_WEBHOOK_TOKEN_FILE = join(folder, 'token')
    assert.equal((await post(webhook())).statusCode, 503, 'a file that cannot be read opens no door')
    writeFileSync(join(folder, 'token'), 'in-file\n')
    assert.equal((await post(webhook(), { authorization: 'Bearer in-file' })).statusCode, 200)
  })

  it('is refused where no Alertmanager is used', async () => {
    await start(folder, 'none')
    const { statusCode, body } = await post(webhook())
    assert.equal(statusCode, 409)
    assert.equal(body.error.code, 'not-in-use')
    runtime.receive('alert-1', { payload: webhook() })
    await until(() => runtime.caught().length === 1, 5, 'the alert node refuses it, too')
    assert.deepEqual(fired(), [])
  })

  it('takes nothing from a page of another site, nothing that is no JSON, and without a token nothing from afar', async () => {
    await start()
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1880' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
    ]) {
      const { statusCode, body } = await post(webhook(), headers)
      assert.equal(statusCode, 403, JSON.stringify(headers))
      assert.equal(body.error.code, 'forbidden')
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/json', '']) {
      assert.equal((await post(webhook(), { 'content-type': type })).statusCode, 415, type)
    }
    assert.equal((await post(webhook(), { 'content-type': 'application/json; charset=utf-8' })).statusCode, 200)
    assert.equal((await post(webhook(), {}, { socket: { remoteAddress: '::ffff:127.0.0.1' } })).statusCode, 200)
    assert.equal((await post(webhook(), {}, { socket: { remoteAddress: '192.0.2.7' } })).statusCode, 403)
  })

  it('is refused where it is malformed or too long, and changes nothing then', async () => {
    await start()
    for (const payload of [undefined, null, 'x', 7, {}, { alerts: [{}] }, { alerts: { length: 1 } }]) {
      const { statusCode, body } = await post(payload)
      assert.equal(statusCode, 400)
      assert.equal(body.error.code, 'invalid-message')
    }
    assert.equal((await post(webhook(), { 'content-length': '1000001' })).statusCode, 413)
    assert.deepEqual(fired(), [])
    assert.deepEqual(runtime.caught(), [])
  })

  it('shows in the status what fires, of what is observed, and takes commands by way of the monitor', async () => {
    await start(folder, 'none')
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    await until(() => fired().length === 1, 5, 'the alert')
    const { body } = await answered('status-1', {})
    assert.equal(body.alerts[0].alertname, 'HmonitorStreamOffline')
    const command = { action: 'acknowledge', id: body.alerts[0].id, by: 'Anna' }
    monitorState('default').part(Commands).give(command)
    await until(() => fired().length === 2, 5, 'the acknowledgement')
    assert.equal(fired()[1]?.change, 'acknowledged')
    assert.equal(fired()[1]?.acknowledgedBy, 'Anna')
    const page = (await expositionOf(monitorState('default').metrics)).body
    assert.match(page, /^hmonitor_alerts_total\{severity="critical",status="firing"\} 1$/m)
  })

  it('says to a wired command that no such alert fires', async () => {
    await start()
    runtime.receive('alert-1', { payload: { action: 'acknowledge', id: 'nobody' } })
    runtime.receive('alert-1', { payload: { action: 'silence' } })
    await until(() => runtime.caught().length === 2, 5, 'the errors')
    assert.deepEqual(
      runtime.caught().map(({ code }) => code),
      ['unknown-alert', 'invalid-message'],
    )
  })

  it('says on /health that alerts would not survive a restart', async () => {
    writeFileSync(join(folder, 'file'), '')
    await start(join(folder, 'file'), 'none')
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    await until(() => fired().length === 1, 5, 'the alert is sent all the same')
    const { statusCode, body } = await answered('health-1', {})
    assert.equal(statusCode, 503)
    assert.equal(body.reasons[0].code, 'not-writable')
  })

  it('says on /health that its settings make no sense', async () => {
    process.env.ALERT_SOURCE = 'both'
    await start()
    const { statusCode, body } = await answered('health-1', {})
    assert.equal(statusCode, 503)
    assert.equal(body.reasons[0].code, 'invalid-alerting')
    assert.match(body.reasons[0].message, /ALERT_SOURCE must be direct or prometheus/)
    assert.equal(runtime.status('alert-1').fill, 'red')
  })

  it('takes an observation that is wired to it once: what the watch has told already it passes over', async () => {
    await start(folder, 'none')
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    await until(() => fired().length === 1, 5, 'the alert')
    runtime.receive('alert-1', { payload: { ...observation(), state: 'ok', issues: [] } })
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    const { body } = await answered('status-1', {})
    assert.equal(body.alerts.length, 1)
    assert.deepEqual(runtime.sent('alert-1', 1), [])
    assert.equal(fired().length, 1)
  })

  it('hears when it is made anew of what was observed before', async () => {
    await start(folder, 'none')
    await runtime.deploy(flowOf({ id: 'other', type: 'hmonitor-serve', what: 'status' }))
    monitorState('default').directory.enter('stream', 'main', 'test', 1)
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    await runtime.deploy(flowOf({ id: 'alert-1', type: 'hmonitor-alert' }))
    await until(() => fired().length === 1, 5, 'the alert')
  })

  it('goes on over a deploy without a word', async () => {
    await start(folder, 'none')
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    await until(() => fired().length === 1, 5, 'the alert')
    const { id } = fired()[0] ?? assert.fail()
    await runtime.deploy(flowOf({ id: 'alert-1', type: 'hmonitor-alert' }))
    monitorState('default').directory.enter('stream', 'main', 'test', 1)
    observed({ ...observation(), state: 'down', issues: [OFFLINE] })
    observed({ ...observation(), state: 'ok', issues: [] })
    await until(() => runtime.sent('alert-1', 1).length === 1, 5, 'its end')
    assert.equal(new Set(fired().map(({ change, time }) => `${change} ${time}`)).size, 1)
    const [over] = runtime.sent('alert-1', 1).map(({ payload }) => payload as Alert)
    assert.equal(over?.id, id)
  })
})
