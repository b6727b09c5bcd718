import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { monitorState, removeMonitor } from '../../src/node-red/monitor-states.ts'
import { makeReport } from '../../src/report/make-report.ts'
import { reportSent } from '../../src/report/report-message.ts'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { observation } from '../metrics/observations.ts'
import { SAMPLE } from '../report/sample.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const report = (more: object = {}): FlowNode => ({ id: 'report-1', type: 'hmonitor-report', name: '', ...more })

describe('the report node', () => {
  let runtime: TestRuntime
  let dataDir: string
  let mailbox: SmtpSink
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-report-'))
    process.env.DATA_DIR = dataDir
    mailbox = await smtpSink()
  })
  afterEach(async () => {
    monitorState('default').directory.leave('stream', 'main', 'test')
    await runtime.stop()
    await removeMonitor('default')
    await mailbox.close()
    delete process.env.DATA_DIR
    rmSync(dataDir, { recursive: true, force: true })
  })
  const start = async (...nodes: FlowNode[]) => {
    const isConfig = ({ type }: FlowNode) => type === 'hmonitor-receiver'
    const inTab = nodes.filter((node) => !isConfig(node))
    runtime = await TestRuntime.start([...flowOf(...inTab), ...nodes.filter(isConfig)])
  }
  const receiver = (id: string, more: object): FlowNode => ({
    id,
    type: 'hmonitor-receiver',
    name: `people of ${id}`,
    ...more,
  })
  const untilError = async (pattern: RegExp) => {
    const found = () => runtime.caught().some(({ message }) => pattern.test(message))
    await until(found, 5, () => `${pattern}, not ${JSON.stringify(runtime.caught())}`)
  }

  it('says what is wrong with a message, and with a stream that nobody watches', async () => {
    await start(report())
    runtime.receive('report-1', { payload: { action: 'report' } })
    await untilError(/target/)
    runtime.receive('report-1', { payload: { action: 'report', target: 'main', from: 'yesterday' } })
    await untilError(/from/)
    runtime.receive('report-1', { payload: { action: 'report', target: 'nobody' } })
    await untilError(/No stream of that name/)
  })

  it('refuses an hour and a time zone that are none', async () => {
    await start(report({ hour: '25:00' }), report({ id: 'report-2', timezone: 'Mars/Base' }))
    assert.equal(runtime.status('report-1').text, 'refused: see log')
    assert.equal(runtime.status('report-2').text, 'refused: see log')
  })

  it('gives a report of what is kept: as a page, as a table, as data', async () => {
    await start(report({ language: 'de', timezone: 'Europe/Berlin' }))
    const { directory, newest } = monitorState('default')
    directory.enter('stream', 'main', 'test', 1)
    const from = Date.now()
    let sequence = 0
    await until(
      () => {
        sequence += 1
        newest.put({ ...observation(), sequence, time: new Date().toISOString() })
        runtime.receive('report-1', { payload: { action: 'report', target: 'main', from, to: Date.now() } })
        return runtime.sent('report-1').length > 0
      },
      30,
      'a report, when the first slices are kept',
    )
    const [{ payload, topic } = {}] = runtime.sent('report-1')
    const { html, csv, report: data } = payload as ReturnType<typeof reportSent>
    assert.equal(topic, 'main')
    assert.match(html, /<html lang="de">[\s\S]*ohne Störung auf Sendung/)
    assert.match(csv, /^target,start_utc/)
    assert.equal(data.verdict.word, 'clean')
  })

  it('reaches people by notify: an email with the file, once', async () => {
    await start(
      { id: 'mail', type: 'hmonitor-notify', receiver: 'crew' },
      receiver('crew', {
        ...{ channel: 'email', host: '127.0.0.1', port: String(mailbox.port), security: 'none' },
        ...{ from: 'monitor@church.example', to: 'duty@church.example' },
      }),
    )
    const payload = reportSent(makeReport(SAMPLE), 'en')
    runtime.receive('mail', { payload })
    runtime.receive('mail', { payload })
    await until(() => mailbox.mails.length > 0, 10, 'a mail')
    const [mail] = mailbox.mails
    assert.match(mail?.subject ?? '', /Report of main: On the air 8:44 of 9:30/)
    assert.match(mail?.text ?? '', /11:02:00 – 11:02:28/)
    assert.match(mail?.text ?? '', /28 s; Cause: uplink \(likely\)/)
    assert.match(mail?.raw ?? '', /Content-Type: text\/html; charset=utf-8;? name=/)
    assert.match(mail?.raw ?? '', /filename=main-2026-03-01T10-00\.html/)
    assert.match(mail?.raw ?? '', /filename=main-2026-03-01T10-00\.csv/)
    await until(() => runtime.sent('mail').length > 0, 5, 'that it is delivered')
    assert.equal(mailbox.mails.length, 1)
  })

  it('is told again until the receiver takes it', async () => {
    await start(
      { id: 'mail', type: 'hmonitor-notify', receiver: 'crew' },
      receiver('crew', {
        ...{ channel: 'email', host: '127.0.0.1', port: String(mailbox.port), security: 'none' },
        ...{ from: 'monitor@church.example', to: 'duty@church.example' },
      }),
    )
    mailbox.refuse({ code: 451, message: 'later' })
    runtime.receive('mail', { payload: reportSent(makeReport(SAMPLE), 'de') })
    await until(
      () => runtime.status('mail').text === 'failed, tries again',
      10,
      () => JSON.stringify(runtime.statuses('mail')),
    )
    mailbox.refuse(null)
    await until(() => mailbox.mails.length === 1, 15, 'a mail')
    assert.match(mailbox.mails[0]?.text ?? '', /Unterbrechungen/)
  })
})
