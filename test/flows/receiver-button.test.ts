import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { type SmtpSink, smtpSink } from '../fixtures/sinks.ts'
import { type FlowNode, type Runtime, startRuntime } from '../runtime.ts'

const require = createRequire(createRequire(import.meta.url).resolve('node-red/package.json'))
const { hashSync } = require('bcryptjs') as { hashSync(password: string, rounds: number): string }

const RECEIVER: FlowNode = { id: 'a5a5a5a5a5a5a5a5', type: 'hmonitor-receiver', name: 'on duty', channel: 'email' }

describe('the test button of a receiver', () => {
  let mailbox: SmtpSink
  let runtime: Runtime
  let token: string
  before(async () => {
    mailbox = await smtpSink({ login: { user: 'me', password: 'right' } })
    const users = [
      { username: 'admin', password: hashSync('of admin', 4), permissions: '*' },
      { username: 'reader', password: hashSync('of reader', 4), permissions: 'read' },
    ]
    runtime = await startRuntime({ settings: { adminAuth: { type: 'credentials', users } } })
    token = await login('admin')
    await runtime.deploy([{ ...RECEIVER, credentials: { user: 'me', password: 'right' } }], 'full', token)
  })
  after(async () => {
    await runtime?.stop()
    await mailbox?.close()
  })
  const login = async (username: string) => {
    const response = await runtime.fetch('/auth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ client_id: 'node-red-admin', grant_type: 'password', scope: username === 'admin' ? '*' : 'read' },
        ...{ username, password: `of ${username}` },
      }),
    })
    return ((await response.json()) as { access_token: string }).access_token
  }
  const press = async ({ id, ...fields }: { id?: string; [field: string]: unknown }, by: string | null = token) => {
    const response = await runtime.fetch('/hmonitor/try/receiver', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(by === null ? {} : { authorization: `Bearer ${by}` }) },
      body: JSON.stringify({ id, fields }),
    })
    const text = await response.text()
    const answer = text.startsWith('{') ? JSON.parse(text) : { text }
    return { status: response.status, state: answer.state as unknown, message: String(answer.text) }
  }
  const dialog = () => ({
    ...{ id: RECEIVER.id, channel: 'email', host: '127.0.0.1', port: String(mailbox.port), security: 'none' },
    ...{ to: 'duty@church.example', user: 'me', password: '__PWRD__' },
  })

  it('sends what the dialog says, with the password that the editor does not know', async () => {
    const { status, state, message } = await press(dialog())
    assert.equal(status, 200, message)
    assert.equal(state, 'ok', message)
    assert.match(mailbox.mails[0]?.subject ?? '', /^Test of RTMP HMonitor/)
    assert.deepEqual(mailbox.mails[0]?.to, ['duty@church.example'])
  })

  it('says what the mail server answered, without the password', async () => {
    const { state, message } = await press({ ...dialog(), password: 'wrong-one' })
    assert.equal(state, 'down')
    assert.match(message, /535|Invalid login/)
    assert.doesNotMatch(message, /wrong-one/)
  })

  it('says what is missing', async () => {
    assert.match((await press({ channel: 'slack' })).message, /Nothing is set up/)
    assert.match((await press({ channel: 'pigeon' })).message, /channel must be one of/)
  })

  it('is not for everybody', async () => {
    assert.equal((await press(dialog(), null)).status, 401)
    assert.equal((await press(dialog(), await login('reader'))).status, 401)
    assert.equal(mailbox.mails.length, 1)
  })
})
