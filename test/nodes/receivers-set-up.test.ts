import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { removeMonitor } from '../../src/node-red/monitor-states.ts'
import { type HttpSink, httpSink, type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const VARIABLES = ['DATA_DIR', 'RECEIVERS_SETUP_FILE', 'ALERTMANAGER_URLS', 'NOTIFY_WEBHOOK_URL']

describe('receivers that are set up through notify nodes', () => {
  let runtime: TestRuntime
  let mailbox: SmtpSink
  let sink: HttpSink
  let folder: string
  before(async () => {
    mailbox = await smtpSink({ login: { user: 'monitor', password: 'of-the-mail-server' } })
    sink = await httpSink()
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-receivers-'))
    process.env.DATA_DIR = folder
    process.env.RECEIVERS_SETUP_FILE = join(folder, 'receivers.json')
    process.env.NOTIFY_WEBHOOK_URL = `${sink.url}/by-variable`
    runtime = await TestRuntime.start([
      ...flowOf(
        { id: 'email-1', type: 'hmonitor-notify', receiver: 'receiver-email' },
        { id: 'webhook-1', type: 'hmonitor-notify', receiver: 'receiver-webhook' },
        { id: 'serve-1', type: 'hmonitor-serve', what: 'command' },
      ),
      { id: 'receiver-email', type: 'hmonitor-receiver', name: 'Email', channel: 'email', verifyTls: true },
      { id: 'receiver-webhook', type: 'hmonitor-receiver', name: 'Webhook', channel: 'webhook' },
    ])
  })
  after(async () => {
    await runtime.stop()
    await removeMonitor('default')
    await mailbox.close()
    await sink.close()
    for (const name of VARIABLES) delete process.env[name]
    rmSync(folder, { recursive: true, force: true })
  })

  const ask = async (payload: object) => {
    const before = runtime.sent('serve-1').length
    runtime.receive('serve-1', { payload })
    await until(() => runtime.sent('serve-1').length > before, 30, 'it answers')
    const { statusCode, payload: text } = runtime.sent('serve-1').at(-1) as { statusCode: number; payload: string }
    assert.ok(!text.includes('of-the-mail-server'), 'no answer holds the password')
    return { statusCode, body: JSON.parse(text) }
  }
  const listed = async (channel: string) => {
    const { body } = await ask({ action: 'list-receivers' })
    return body.receivers.find((each: { channel: string }) => each.channel === channel)
  }
  const mail = () => ({
    ...{ to: 'duty@church.example', host: '127.0.0.1', port: String(mailbox.port), security: 'none' },
    ...{ user: 'monitor', password: 'of-the-mail-server', from: 'monitor@church.example' },
  })
  const alert = (id: string, target = 'main') => {
    const time = new Date().toISOString()
    return {
      ...{
        id,
        alertname: 'HmonitorStreamOffline',
        severity: 'critical',
        kind: 'stream',
        target,
        monitor: '',
        site: '',
      },
      ...{ status: 'firing', change: 'firing', startsAt: time, time, labels: {}, effects: [], via: 'notify' },
      issue: {
        ...{ type: 'streamOffline', severity: 'error', since: time, measured: 6, expected: 0 },
        ...{ summary: 'No data from the stream', remedy: ['Check the encoder.'] },
      },
    }
  }

  it('are listed with where each is set up', async () => {
    const { body } = await ask({ action: 'list-receivers' })
    assert.equal(body.why, null)
    assert.deepEqual(
      body.receivers.map(({ channel, from }: { channel: string; from: string | null }) => [channel, from]),
      [
        ['email', null],
        ['webhook', 'environment'],
      ],
    )
  })

  it('are tested with a real message before they are saved, and say what is wrong', async () => {
    const tested = await ask({ action: 'try-receiver', channel: 'email', receiver: mail() })
    assert.equal(tested.body.state, 'ok', tested.body.text)
    assert.match(mailbox.mails.at(-1)?.subject ?? '', /Test/)
    const wrong = await ask({ action: 'try-receiver', channel: 'email', receiver: { ...mail(), password: 'wrong' } })
    assert.equal(wrong.body.state, 'down')
    assert.match(wrong.body.text, /login|535/i)
    assert.equal((await listed('email')).from, null)
  })

  it('tell people from the next message on, without a deploy', async () => {
    const { body } = await ask({ action: 'set-receiver', channel: 'email', receiver: mail() })
    assert.equal(body.done, true, JSON.stringify(body))
    const { from, receiver } = await listed('email')
    assert.equal(from, 'file')
    assert.equal(receiver.password, '***')
    const told = mailbox.mails.length
    runtime.receive('email-1', { payload: alert('a') })
    await until(() => mailbox.mails.length > told, 20, 'a mail about the fault')
    assert.deepEqual(mailbox.mails.at(-1)?.to, ['duty@church.example'])
  })

  it('take the place of a variable, and give way to it again', async () => {
    const saved = { webhookUrl: `${sink.url}/by-form` }
    await ask({ action: 'set-receiver', channel: 'webhook', receiver: saved })
    await ask({ action: 'try-receiver', channel: 'webhook' })
    assert.equal(sink.posts.at(-1)?.path, '/by-form')
    await ask({ action: 'remove-receiver', channel: 'webhook' })
    await ask({ action: 'try-receiver', channel: 'webhook' })
    assert.equal(sink.posts.at(-1)?.path, '/by-variable')
  })

  it('take what waits for them with them when they are removed', async () => {
    mailbox.refuse({ code: 451, message: 'later' })
    runtime.receive('email-1', { payload: alert('b', 'other') })
    const failed = () => runtime.statuses('email-1').some(({ text }) => text === 'failed, tries again')
    await until(failed, 20, 'a try that failed')
    await ask({ action: 'remove-receiver', channel: 'email' })
    await until(() => runtime.sent('email-1', 1).length > 0, 20, 'what waited is given up')
    mailbox.refuse(null)
  })

  it('are refused with the reason, and nothing is written', async () => {
    const file = () => readFileSync(join(folder, 'receivers.json'), 'utf8')
    const before = file()
    const refused: [object, RegExp][] = [
      [{ action: 'set-receiver', channel: 'email', receiver: { to: 'a@b' } }, /SMTP_HOST/],
      [{ action: 'set-receiver', channel: 'slack', receiver: { slackUrl: 'https://slack.example/x' } }, /slack/],
      [{ action: 'set-receiver', channel: 'pigeon', receiver: {} }, /channel/],
      [{ action: 'set-receiver', channel: 'email', receiver: mail(), more: 1 }, /more/],
      [{ action: 'remove-receiver', channel: 'email' }, /email/],
      [{ action: 'try-receiver', channel: 'email' }, /set up/],
    ]
    for (const [command, words] of refused) {
      const { statusCode, body } = await ask(command)
      assert.equal(statusCode, 400, JSON.stringify(command))
      assert.match(body.error.message, words)
    }
    process.env.ALERTMANAGER_URLS = 'http://127.0.0.1:9'
    for (const action of ['set-receiver', 'try-receiver']) {
      const { body } = await ask({ action, channel: 'email', receiver: mail() })
      assert.equal(body.error.code, 'not-in-use')
    }
    delete process.env.ALERTMANAGER_URLS
    assert.equal(file(), before)
  })
})
