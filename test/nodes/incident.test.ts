import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { NO_LINKS } from '../../src/monitor/directory.ts'
import type { IncidentsDocument } from '../../src/monitor/incidents-document.ts'
import { monitorState, removeMonitor } from '../../src/node-red/monitor-states.ts'
import type { Incident, IncidentEvent } from '../../src/observation/incident.ts'
import type { Issue } from '../../src/observation/observation.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { observation } from '../metrics/observations.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const OFFLINE: Issue = {
  type: 'streamOffline',
  severity: 'error',
  since: new Date().toISOString(),
  measured: 0.4,
  expected: 0,
  summary: 'The stream should be on air, but has been off for 0.4 s: the server closed the connection',
  remedy: ['Check the encoder.', 'Start the stream on the encoder again.', 'Look at the server.'],
}
const FIFTY = Array.from({ length: 50 }, (_, number) => `stage-${number}`)

describe('the alert, incident and notify nodes', () => {
  let runtime: TestRuntime
  let mailbox: SmtpSink
  let dataDir: string
  const flow = (): FlowNode[] => [
    ...flowOf(
      { id: 'alert-1', type: 'hmonitor-alert', wires: [['incident-1'], ['incident-1']] },
      { id: 'incident-1', type: 'hmonitor-incident', wires: [['notify-1'], ['time-line']] },
      { id: 'time-line', type: 'helper' },
      { id: 'notify-1', type: 'hmonitor-notify', receiver: 'receiver-1' },
      { id: 'serve-1', type: 'hmonitor-serve', what: 'auto' },
    ),
    {
      ...{ id: 'receiver-1', type: 'hmonitor-receiver', name: 'on duty', channel: 'email', security: 'none' },
      ...{ host: '127.0.0.1', port: String(mailbox.port), from: 'monitor@church.example', to: 'duty@church.example' },
    },
  ]
  const start = async (streams: readonly string[]) => {
    runtime = await TestRuntime.start(flow())
    const { directory } = monitorState('default')
    for (const name of streams) directory.enter('stream', name, 'test', 1, { ...NO_LINKS, host: 'relay.example' })
  }
  beforeEach(async () => {
    mailbox = await smtpSink()
    dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-incident-'))
    process.env.DATA_DIR = dataDir
  })
  afterEach(async () => {
    for (const name of [...FIFTY, 'main']) monitorState('default').directory.leave('stream', name, 'test')
    await runtime.stop()
    await removeMonitor('default')
    await mailbox.close()
    delete process.env.DATA_DIR
    rmSync(dataDir, { recursive: true, force: true })
  })
  const observe = (target: string, issues: Issue[]) => {
    const state = issues.length > 0 ? ('down' as const) : ('ok' as const)
    const observed = { ...observation(), target, state, issues }
    monitorState('default').newest.put(observed)
    runtime.receive('alert-1', { payload: observed })
  }
  const sent = () => runtime.sent('incident-1').map(({ payload }) => payload as Incident)
  const noted = () => runtime.sent('incident-1', 1).map(({ payload }) => payload as IncidentEvent)
  const ask = async (path: string, query: object = {}) => {
    const before = runtime.sent('serve-1').length
    runtime.receive('serve-1', { req: { method: 'GET', path: `/api/v1/${path}`, headers: {}, query } })
    await until(() => runtime.sent('serve-1').length > before, 30, 'an answer')
    const { statusCode, payload } = runtime.sent('serve-1').at(-1) as unknown as { statusCode: number; payload: string }
    return { statusCode, body: JSON.parse(payload) }
  }

  it('tell people once of fifty streams that one server takes along, and once that it is over', async () => {
    await start(FIFTY)
    for (const name of FIFTY) observe(name, [OFFLINE])
    await until(() => sent().some(({ members }) => members.length === 50), 30, 'one incident with fifty members')
    await until(() => mailbox.mails.length > 0, 30, 'the email')
    for (const name of FIFTY) observe(name, [])
    await until(() => sent().some(({ change }) => change === 'ended'), 60, 'its end')
    await until(() => mailbox.mails.length >= 2, 30, 'the second email')
    assert.equal(mailbox.mails.length, 2, mailbox.mails.map(({ subject }) => subject).join('\n'))
    assert.match(mailbox.mails[1]?.text ?? '', /stage-\d+/)
    assert.equal(new Set(sent().map(({ id }) => id)).size, 1)
    const events = noted().map(({ event }) => event)
    assert.equal(events.filter((event) => event === 'opened').length, 1, events.join(' '))
    assert.equal(events.filter((event) => event === 'ended').length, 1, events.join(' '))
  })

  it('are asked for what is open, for what concerns a target, and for one by its id', async () => {
    await start(['main'])
    assert.deepEqual((await ask('incidents')).body, { incidents: [], omitted: 0 })
    observe('main', [OFFLINE])
    await until(() => sent().length > 0, 20, 'an incident')
    const [{ id } = { id: '' }] = sent()
    const list = async (query: object) => ((await ask('incidents', query)).body as IncidentsDocument).incidents
    assert.deepEqual(
      (await list({ status: 'open', target: 'main' })).map((one) => one.id),
      [id],
    )
    assert.deepEqual(await list({ status: 'ended' }), [])
    assert.deepEqual(await list({ target: 'another' }), [])
    assert.deepEqual(await list({ to: '2020-01-01T00:00:00Z' }), [])
    const { statusCode, body } = await ask(`incidents/${id}`)
    assert.deepEqual([statusCode, body.id, body.status, body.members[0].target], [200, id, 'open', 'main'])
    assert.equal((await ask('incidents/0123456789abcdef')).statusCode, 404)
    for (const query of [{ status: 'closed' }, { from: 'yesterday' }, { target: '' }]) {
      assert.equal((await ask('incidents', query)).statusCode, 400, JSON.stringify(query))
    }
  })

  it('take a word of the person on duty for all alerts of an incident, and keep it over a deploy', async () => {
    await start(['main'])
    observe('main', [OFFLINE])
    await until(() => sent().length > 0, 20, 'an incident')
    const [{ id } = { id: '' }] = sent()
    await until(() => mailbox.mails.length > 0, 20, 'the email')
    runtime.receive('incident-1', { payload: { action: 'acknowledge', id, by: 'Kim' } })
    await until(() => sent().at(-1)?.acknowledgedBy === 'Kim', 20, 'it is acknowledged')
    await until(() => monitorState('default').problemLog.alerts[0]?.acknowledgedBy === 'Kim', 20, 'its alert, too')
    await runtime.deploy(flow())
    const { body } = await ask(`incidents/${id}`)
    assert.deepEqual([body.id, body.acknowledgedBy], [id, 'Kim'])
    assert.equal(mailbox.mails.length, 1)
  })
})
