import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { NOTIFIERS, notifierOf, originOf, readReceiver } from '../../src/alerts/notifiers/notifiers.ts'
import { changeReceiver, proposedReceiver, receiversRefusal, shownReceiver } from '../../src/alerts/receiver-set-up.ts'
import { readReceivers } from '../../src/alerts/receivers-file.ts'

const MAIL = { to: 'duty@church.example', host: 'mail.example', user: 'monitor', password: 'of-the-mail-server' }

describe('receivers that are set up with a form', () => {
  let folder: string
  let file: string
  let environment: Record<string, string>
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-receivers-'))
    file = join(folder, 'receivers.json')
    environment = { RECEIVERS_SETUP_FILE: file, NTFY_URL: 'https://ntfy.example/by-variable' }
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const propose = (channel: string, sent: object) => proposedReceiver(environment, channel, { ...sent })
  const set = (channel: string, sent: object) => changeReceiver(environment, channel, propose(channel, sent).entry)
  const refused = (channel: string, sent: object, message: RegExp) =>
    assert.throws(() => propose(channel, sent), { code: 'invalid-receiver', message })

  it('count in the place of variables, and give way to them when they are removed', () => {
    set('ntfy', { ntfyUrl: ' https://ntfy.example/by-form ' })
    const read = () => readReceiver({ channel: 'ntfy' }, environment) as { topic: string }
    assert.equal(read().topic, 'by-form')
    changeReceiver(environment, 'ntfy', null)
    assert.equal(read().topic, 'by-variable')
    assert.throws(() => changeReceiver(environment, 'ntfy', null), { code: 'unknown-target' })
  })

  it('take nothing of what variables say of another server', () => {
    environment.NTFY_TOKEN = 'of-the-variable'
    set('ntfy', { ntfyUrl: 'https://other.example/by-form' })
    assert.equal((readReceiver({ channel: 'ntfy' }, environment) as { token: string }).token, '')
  })

  it('give way to what the flow says, whose flags and choices say nothing by themselves', () => {
    set('email', MAIL)
    const said = { channel: 'email', verifyTls: true, security: 'tls' }
    assert.equal(originOf(said, environment), 'file')
    assert.equal(originOf({ ...said, to: 'other@church.example' }, environment), 'dialog')
    assert.equal(originOf(said, {}), 'environment')
  })

  it('are kept for their user alone, with what was before beside them', () => {
    set('email', MAIL)
    set('slack', { slackUrl: 'https://slack.example/hook' })
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(Object.keys(readReceivers(file)), ['email', 'slack'])
    assert.deepEqual(Object.keys(readReceivers(`${file}.before`)), ['email'])
    assert.equal(statSync(`${file}.before`).mode & 0o077, 0)
  })

  it('are shown without a secret, of every channel', () => {
    for (const type of NOTIFIERS) {
      const entry = Object.fromEntries(type.fields.map(({ property }) => [property, `the ${property}`]))
      for (const { property, input } of type.fields) {
        const shown = shownReceiver(type, entry)[property]
        assert.equal(shown, input === 'secret' ? '***' : `the ${property}`, `${type.channel} ${property}`)
      }
    }
    assert.deepEqual(shownReceiver(notifierOf('email'), { to: 'a@b' }), { to: 'a@b' })
  })

  it('keep a secret that comes back as it was shown', () => {
    set('email', MAIL)
    set('email', { ...MAIL, to: 'other@church.example', password: '***' })
    assert.deepEqual(readReceivers(file).email, { ...MAIL, to: 'other@church.example' })
  })

  it('send no secret to where it did not go before', () => {
    set('email', MAIL)
    for (const change of [{ host: 'evil.example' }, { security: 'none' }, { port: '2525' }, { verifyTls: false }]) {
      refused('email', { ...MAIL, password: '***', ...change }, /SMTP_PASSWORD/)
    }
    set('ntfy', { ntfyUrl: 'https://ntfy.example/mine', ntfyToken: 'tk_mine' })
    refused('ntfy', { ntfyUrl: 'https://evil.example/mine', ntfyToken: '***' }, /NTFY_TOKEN/)
    assert.doesNotThrow(() => propose('ntfy', { ntfyUrl: '***', ntfyToken: '***' }))
    refused('telegram', { telegramToken: '***', telegramChat: '1' }, /TELEGRAM_BOT_TOKEN/)
  })

  it('are refused with the field that is wrong', () => {
    refused('email', { host: 'mail.example' }, /SMTP_TO/)
    refused('email', { ...MAIL, port: '70000' }, /SMTP_PORT/)
    refused('email', { ...MAIL, to: 'a@b\r\nBcc: c@d' }, /SMTP_TO must be one line/)
    refused('email', { ...MAIL, verifyTls: 'no' }, /verifyTls/)
    refused('slack', {}, /SLACK_WEBHOOK_URL is missing/)
    refused('slack', { slackUrl: `https://slack.example/${'x'.repeat(2000)}` }, /SLACK_WEBHOOK_URL/)
    refused('slack', { slackUrl: 'https://slack.example', constructor: 'x' }, /"constructor" is no field/)
    refused('pigeon', {}, /channel/)
    refused('constructor', {}, /channel/)
  })

  it('are nobody’s to change where the variable is not set, where shards tell, and beside Alertmanager', () => {
    assert.equal(receiversRefusal(environment, false), null)
    assert.match(receiversRefusal({}, false) ?? '', /RECEIVERS_SETUP_FILE/)
    assert.match(receiversRefusal({ RECEIVERS_SETUP_FILE: 'none' }, false) ?? '', /RECEIVERS_SETUP_FILE/)
    assert.match(receiversRefusal(environment, true) ?? '', /Several monitors/)
    assert.match(receiversRefusal({ ...environment, ALERTMANAGER_URLS: 'http://a:9093' }, false) ?? '', /Alertmanager/)
  })

  it('do not count as nothing where their file is damaged, and are not written over', () => {
    for (const text of [
      '{',
      '[]',
      '{"version":1,"receivers":{"email":{"to":["a"]}}}',
      '{"version":2,"receivers":{}}',
    ]) {
      writeFileSync(file, text)
      assert.throws(() => readReceiver({ channel: 'email' }, environment), { code: 'invalid-file' })
      assert.throws(() => changeReceiver(environment, 'email', MAIL), { code: 'invalid-file' })
      assert.equal(readFileSync(file, 'utf8'), text)
    }
  })
})
