import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { monitorState, removeMonitor } from '../../src/node-red/monitor-states.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Issue } from '../../src/observation/observation.ts'
import { Pictures } from '../../src/pictures/pictures.ts'
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
  summary: 'The stream should be on air, but has been off for 0.4 s: the server ended the stream',
  remedy: ['Check the encoder.', 'Start the stream on the encoder again.'],
}

describe('the alert and notify nodes', () => {
  let runtime: TestRuntime
  let mailbox: SmtpSink
  let dataDir: string
  beforeEach(async () => {
    mailbox = await smtpSink()
    dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-alert-'))
    process.env.DATA_DIR = dataDir
  })
  afterEach(async () => {
    monitorState('default').directory.leave('stream', 'main', 'test')
    await runtime.stop()
    await removeMonitor('default')
    await mailbox.close()
    delete process.env.DATA_DIR
    rmSync(dataDir, { recursive: true, force: true })
  })
  const flow = (): FlowNode[] => [
    ...flowOf(
      {
        id: 'alert-1',
        type: 'hmonitor-alert',
        wires: [['notify-1'], ['notify-1']],
      },
      { id: 'notify-1', type: 'hmonitor-notify', receiver: 'receiver-1' },
    ),
    {
      id: 'receiver-1',
      type: 'hmonitor-receiver',
      name: 'on duty',
      channel: 'email',
      host: '127.0.0.1',
      port: String(mailbox.port),
      security: 'none',
      from: 'monitor@church.example',
      to: 'duty@church.example',
    },
  ]
  const start = async () => {
    runtime = await TestRuntime.start(flow())
    monitorState('default').directory.enter('stream', 'main', 'test', 1)
  }
  const observe = (issues: Issue[]) =>
    runtime.receive('alert-1', { payload: { ...observation(), state: issues.length > 0 ? 'down' : 'ok', issues } })
  const fired = () => runtime.sent('alert-1').map(({ payload }) => payload as Alert)
  const resolved = () => runtime.sent('alert-1', 1).map(({ payload }) => payload as Alert)

  it('tell people of an issue once, and once that it is over', async () => {
    await start()
    observe([OFFLINE])
    observe([OFFLINE])
    await until(() => mailbox.mails.length === 1, 4, 'the email')
    assert.equal(fired().length, 1)
    assert.equal(fired()[0]?.alertname, 'HmonitorStreamOffline')
    const [mail] = mailbox.mails
    assert.match(mail?.subject ?? '', /^Critical: stream main: Stream offline/)
    assert.match(mail?.text ?? '', /has been off for 0\.4 s[\s\S]*1\. Check the encoder\./)
    observe([])
    await until(() => mailbox.mails.length === 2, 8, 'the second email')
    assert.equal(resolved().length, 1)
    assert.match(mailbox.mails[1]?.subject ?? '', /^Resolved: stream main: Stream offline/)
    assert.match(mailbox.mails[1]?.text ?? '', /Lasted: \d+ s/)
    assert.deepEqual(runtime.caught(), [])
  })

  it('show in an email what the stream looks like, where its target allows that', async () => {
    await start()
    const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180', '-frames:v', '1', '-f', 'flv', '-']
    const recording = execFileSync('ffmpeg', source)
    const state = monitorState('default')
    const asked: string[] = []
    const takeBack = state.part(Pictures).offer('test', {
      allowed: (name) => (name === 'main' ? true : null),
      async keyFrame(name) {
        asked.push(name)
        return { recording, format: 'flv', age: 0 }
      },
    })
    try {
      state.directory.enter('stream', 'other', 'test', 1)
      const black: Issue = { ...OFFLINE, type: 'videoBlack' }
      observe([black])
      runtime.receive('alert-1', { payload: { ...observation(), target: 'other', state: 'down', issues: [black] } })
      await until(() => mailbox.mails.length === 1, 10, 'the email')
      const { raw = '', text = '' } = mailbox.mails[0] ?? {}
      assert.match(text, /Picture attached: stream main, now/)
      assert.equal(raw.match(/Content-Type: image\/jpeg/g)?.length, 1)
      assert.deepEqual(new Set(asked), new Set(['main']))
      assert.deepEqual(runtime.caught(), [])
    } finally {
      takeBack()
      state.directory.leave('stream', 'other', 'test')
    }
  })

  it('keep on disk what fires and what waits', async () => {
    await start()
    mailbox.refuse({ code: 451, message: 'try again later' })
    observe([OFFLINE])
    await until(() => runtime.status('notify-1').fill === 'red', 4, 'the email is refused')
    const read = (folder: string) => {
      const [file = ''] = readdirSync(join(dataDir, folder))
      return JSON.parse(readFileSync(join(dataDir, folder, file), 'utf8'))
    }
    assert.equal(Object.keys(read('alerts').records).length, 1)
    assert.equal(read('outbox').waiting.length, 1)
  })

  it('make at most three messages of two hundred streams that fail together, which name them all', async () => {
    await start()
    const { directory } = monitorState('default')
    const names = Array.from({ length: 200 }, (_, index) => `stream-${index}`)
    for (const name of names) directory.enter('stream', name, 'test', 1)
    const fail = (target: string) =>
      runtime.receive('alert-1', { payload: { ...observation(), target, state: 'down', issues: [OFFLINE] } })
    for (const name of names.slice(0, 100)) fail(name)
    await until(() => mailbox.mails.length === 1, 10, 'the first email')
    for (const name of names.slice(100)) fail(name)
    const named = () => names.filter((name) => mailbox.mails.some(({ text }) => new RegExp(`\\b${name}\\b`).test(text)))
    await until(
      () => named().length === 200,
      10,
      () => `${named().length} named`,
    )
    assert.ok(mailbox.mails.length <= 3)
    for (const name of names) directory.leave('stream', name, 'test')
  })

  it('make one message of a gateway that dies under 20 streams', async () => {
    await start()
    const { directory } = monitorState('default')
    const names = Array.from({ length: 20 }, (_, index) => `stream-${index}`)
    directory.enter('ping', 'gateway', 'test', 1)
    for (const name of names) {
      directory.enter('stream', name, 'test', 1, { dependsOn: ['gateway'], platform: null, backupOf: null })
      runtime.receive('alert-1', { payload: { ...observation(), target: name, state: 'down', issues: [OFFLINE] } })
    }
    const lost = { ...OFFLINE, type: 'hostUnreachable', summary: 'The host does not answer' }
    const gateway = { kind: 'ping', target: 'gateway', state: 'down', measurements: { up: false }, issues: [lost] }
    runtime.receive('alert-1', { payload: { ...observation(), ...gateway } })
    await until(() => mailbox.mails.length === 1, 10, 'the email')
    const [mail] = mailbox.mails
    assert.match(mail?.subject ?? '', /^Critical: ping gateway: Host unreachable, which affects 20/)
    for (const name of names) assert.match(mail?.text ?? '', new RegExp(`\\b${name}\\b`))
    assert.equal(fired().length, 1)
    for (const name of names) directory.leave('stream', name, 'test')
    directory.leave('ping', 'gateway', 'test')
  })

  it('leave nothing behind over many deploys, and go on where they were', async () => {
    await start()
    observe([OFFLINE])
    await until(() => mailbox.mails.length === 1, 5, 'the email')
    const count = () => {
      const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
      return { timers, listeners: runtime.listeners() }
    }
    await runtime.deploy(flow())
    const before = count()
    for (let deploy = 0; deploy < 15; deploy += 1) await runtime.deploy(flow())
    const after = count()
    assert.deepEqual(after.listeners, before.listeners)
    assert.ok(after.timers <= before.timers + 1, `${before.timers} timers before, ${after.timers} after`)
    observe([OFFLINE])
    observe([])
    await until(() => mailbox.mails.length === 2, 8, 'the second email')
    assert.match(mailbox.mails[1]?.subject ?? '', /^Resolved: stream main: Stream offline/)
  })
})
