import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { Delivery, outboxProblems } from '../../src/alerts/delivery.ts'
import { Heartbeat } from '../../src/alerts/heartbeat.ts'
import type { MessagePicture } from '../../src/alerts/message.ts'
import type { Receiver } from '../../src/alerts/notifiers/notifiers.ts'
import { notifierFor } from '../../src/alerts/notifiers/notifiers.ts'
import type { Alert } from '../../src/observation/alert.ts'
import { JsonFile } from '../../src/storage/json-file.ts'
import { selfSignedCertificate } from '../fixtures/certificate.ts'
import { type HttpSink, httpSink, smtpSink } from '../fixtures/sinks.ts'
import { until } from '../fixtures/wait.ts'

function alert(target: string): Alert {
  const time = new Date().toISOString()
  return {
    ...{ id: target, alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target },
    ...{ monitor: 'hall', site: '', status: 'firing', change: 'firing', startsAt: time, time },
    ...{ labels: {}, effects: [], via: 'notify' },
    issue: { type: 'streamOffline', severity: 'error', since: time, summary: 'It is off', remedy: ['Start it.'] },
  }
}

describe('delivery', () => {
  let folder: string
  const ends: (() => unknown)[] = []
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-delivery-'))
  })
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  after(() => rmSync(folder, { recursive: true }))

  const begin = (receiver: Receiver, name: string, shown: MessagePicture[] = []) => {
    const happened: string[] = []
    const counted: string[] = []
    const notifier = notifierFor(receiver)
    const delivery = new Delivery({
      receiver: name,
      counters: {
        count: (_counter, { receiver, result }: Record<string, string>) => void counted.push(`${receiver} ${result}`),
      },
      file: new JsonFile(join(folder, `${name}.json`)),
      notifier: () => notifier,
      perHour: 60,
      dashboardUrl: () => null,
      timezone: () => 'UTC',
      language: () => 'en',
      pictures: async () => {
        counted.push('asked for pictures')
        return shown
      },
      clock: { wall: Date.now },
      listener: {
        delivered: ({ alerts }) => void happened.push(`delivered ${alerts.length}`),
        failed: (error) => void happened.push(`failed: ${error}`),
        givenUp: (alerts, error) => void happened.push(`given up ${alerts.length}: ${error}`),
      },
    })
    const close = () => {
      delivery.close()
      notifier.close()
    }
    ends.push(close)
    return { delivery, happened, counted, close }
  }
  const slack = ({ url }: HttpSink): Receiver => ({ channel: 'slack', url: `${url}/services/T0/B0/key-of-slack` })
  const sink = async () => {
    const made = await httpSink()
    ends.push(() => made.close())
    return made
  }

  it('sends Slack blocks', async () => {
    const receiver = await sink()
    const { delivery, happened } = begin(slack(receiver), 'slack')
    delivery.take(alert('main'))
    await until(() => happened.length === 1, 5, 'it is sent')
    const { text, blocks } = JSON.parse(receiver.posts[0]?.body ?? '')
    assert.equal(text, 'Critical: stream main: Stream offline')
    assert.equal(blocks[0].type, 'header')
  })

  it('waits as the receiver asks with Retry-After, and says nothing of the secret in the address', async () => {
    const receiver = await sink()
    receiver.answer(429, { 'retry-after': '3' })
    const { delivery, happened, counted } = begin(slack(receiver), 'retry')
    delivery.take(alert('main'))
    await until(() => happened.length === 1, 5, 'it is refused')
    assert.match(happened[0] ?? '', /^failed: The answer was 429/)
    receiver.answer(200)
    await until(() => happened.length === 2, 8, 'it is sent')
    const [first, second] = receiver.posts
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 2900)
    assert.doesNotMatch(happened.join(), /key-of-slack/)
    assert.deepEqual(counted, ['retry failed', 'retry delivered'])
  })

  it('goes on after a restart where it was, without sending anything twice', async () => {
    const receiver = await sink()
    const one = begin(slack(receiver), 'restart')
    const told = alert('told')
    one.delivery.take(told)
    await until(() => one.happened.length === 1, 5, 'the first is sent')
    receiver.answer(503)
    const waiting = alert('waiting')
    one.delivery.take(waiting)
    await until(() => one.happened.length === 2, 8, 'the second is refused')
    one.close()
    receiver.answer(200)
    const other = begin(slack(receiver), 'restart')
    for (const again of [told, waiting]) other.delivery.take(again)
    await until(() => other.happened.length === 1, 8, 'the second is sent')
    assert.deepEqual(other.happened, ['delivered 1'])
  })

  it('gives up what the receiver will never take', async () => {
    const receiver = await sink()
    receiver.answer(400)
    const { delivery, happened, counted } = begin(slack(receiver), 'final')
    delivery.take(alert('main'))
    await until(() => happened.length === 1, 5, 'it is given up')
    assert.match(happened[0] ?? '', /^given up 1: The answer was 400/)
    assert.deepEqual(counted, ['final given-up'])
    assert.equal(delivery.state.waiting, 0)
  })

  it('shows pictures in an email, inline and in words, and asks for none for others', async () => {
    const mailbox = await smtpSink()
    const post = await sink()
    ends.push(() => mailbox.close())
    const email: Receiver = {
      ...{ channel: 'email', host: '127.0.0.1', port: mailbox.port, security: 'none', verifyTls: true },
      ...{ user: '', password: '', from: 'a@b.example', to: 'c@d.example' },
    }
    const at = Date.parse('2026-03-01T10:00:00Z')
    const target = 'Halle "1" <&>'
    const shown: MessagePicture[] = [
      { target, which: 'now', at, jpeg: Buffer.alloc(3000, 'now') },
      { target, which: 'last-good', at: at - 60_000, jpeg: Buffer.alloc(3000, 'good') },
    ]
    const mailed = begin(email, 'mailed', shown)
    const posted = begin(slack(post), 'posted', shown)
    mailed.delivery.take(alert(target))
    posted.delivery.take(alert(target))
    await until(() => mailed.happened.length > 0 && posted.happened.length > 0, 8, 'both are told')
    assert.deepEqual(posted.counted, ['posted delivered'])
    assert.doesNotMatch(post.posts[0]?.body ?? '', /jpe?g|picture/i)
    const { raw = '', text = '' } = mailbox.mails[0] ?? {}
    const caption = 'stream Halle &quot;1&quot; &lt;&amp;&gt;, now (2026-03-01 10:00:00 UTC)'
    const shownIn = [...text.matchAll(/<img src="cid:([^"]+)" alt="([^"]+)"/g)].map(([, id, alt]) => [id, alt])
    assert.equal(shownIn.length, 2)
    assert.equal(shownIn[0]?.[1], caption)
    assert.match(
      text,
      /^Picture attached: stream Halle "1" <&>, the last good picture, from before \(2026-03-01 09:59:00 UTC\)/m,
    )
    const parts = raw.split(/^--.*$/m).filter((part) => part.includes('Content-Type: image/jpeg'))
    assert.deepEqual(
      parts.map((part) => Buffer.from(part.split('\r\n\r\n')[1] ?? '', 'base64')),
      shown.map(({ jpeg }) => jpeg),
    )
    assert.deepEqual(
      parts.map((part) => /^Content-Id: <(.+)>/im.exec(part)?.[1]),
      shownIn.map(([id]) => id),
    )
    assert.match(parts[0] ?? '', /Content-Disposition: inline; filename=Halle-1--now-2026-03-01T10-00-00\.jpg/)
  })

  it('has nothing of pictures in an email where there are none', async () => {
    const mailbox = await smtpSink()
    ends.push(() => mailbox.close())
    const { delivery, happened } = begin(
      {
        ...{ channel: 'email', host: '127.0.0.1', port: mailbox.port, security: 'none', verifyTls: true },
        ...{ user: '', password: '', from: 'a@b.example', to: 'c@d.example' },
      },
      'no pictures',
    )
    delivery.take(alert('main'))
    await until(() => happened.length > 0, 8, 'it is told')
    assert.doesNotMatch(mailbox.mails[0]?.raw ?? '', /image|picture|cid:/i)
  })

  it('gives up by email what the mail server refuses for good, and tries again after a failed login', async () => {
    const refusing = await smtpSink()
    const guarded = await smtpSink({ login: { user: 'me', password: 'right' } })
    ends.push(
      () => refusing.close(),
      () => guarded.close(),
    )
    refusing.refuse({ code: 550, message: 'no such user' })
    const email = (port: number): Receiver => ({
      ...{ channel: 'email', host: '127.0.0.1', port, security: 'none', verifyTls: true },
      ...{
        user: port === guarded.port ? 'me' : '',
        password: 'wrong-password',
        from: 'a@b.example',
        to: 'c@d.example',
      },
    })
    const never = begin(email(refusing.port), 'never')
    const login = begin(email(guarded.port), 'login')
    never.delivery.take(alert('main'))
    login.delivery.take(alert('main'))
    await until(() => never.happened.length > 0 && login.happened.length > 0, 8, 'both are answered')
    assert.match(never.happened[0] ?? '', /^given up 1: .*550/)
    assert.match(login.happened[0] ?? '', /^failed: .*535/)
    assert.doesNotMatch(login.happened.join(), /wrong-password/)
  })

  it('says in words why there is no connection to the mail server, as everywhere', async () => {
    const receiver: Receiver = {
      ...{ channel: 'email', host: '127.0.0.1', port: 1, security: 'none', verifyTls: true },
      ...{ user: '', password: '', from: 'a@b.example', to: 'c@d.example' },
    }
    const { delivery, happened } = begin(receiver, 'unreachable')
    delivery.take(alert('main'))
    await until(() => happened.length > 0, 8, 'it is tried')
    assert.match(happened[0] ?? '', /^failed: No connection to the mail server: .*nothing listens on that port/)
  })

  for (const from of ['the first byte', 'STARTTLS'] as const) {
    it(`logs in over TLS from ${from}, and only where the certificate is right or need not be`, async () => {
      const certificate = await selfSignedCertificate()
      const login = { user: 'me', password: 'right' }
      const mailbox = await smtpSink({ login, tls: { ...certificate, from } })
      ends.push(
        () => certificate.remove(),
        () => mailbox.close(),
      )
      const email = (verifyTls: boolean): Receiver => ({
        ...{ channel: 'email', host: 'localhost', port: mailbox.port, ...login, verifyTls },
        ...{ security: from === 'STARTTLS' ? 'starttls' : 'tls', from: 'a@b.example', to: 'c@d.example' },
      })
      const strict = begin(email(true), `strict ${from}`)
      const lax = begin(email(false), `lax ${from}`)
      strict.delivery.take(alert('main'))
      lax.delivery.take(alert('main'))
      await until(() => strict.happened.length > 0 && lax.happened.length > 0, 8, 'both have tried')
      assert.match(strict.happened[0] ?? '', /^failed: .*certificate/)
      assert.deepEqual(lax.happened, ['delivered 1'])
      assert.equal(mailbox.mails.length, 1)
    })
  }

  it('sends nothing in the clear where STARTTLS is asked for and not offered', async () => {
    const mailbox = await smtpSink({ login: { user: 'me', password: 'right' } })
    ends.push(() => mailbox.close())
    const { delivery, happened } = begin(
      {
        ...{ channel: 'email', host: '127.0.0.1', port: mailbox.port, security: 'starttls', verifyTls: true },
        ...{ user: 'me', password: 'right', from: 'a@b.example', to: 'c@d.example' },
      },
      'clear',
    )
    delivery.take(alert('main'))
    await until(() => happened.length === 1, 8, 'it has tried')
    assert.match(happened[0] ?? '', /^(failed|given up)/)
    assert.equal(mailbox.mails.length, 0)
  })

  it('is a reason for /health when nothing was taken for two minutes', async () => {
    const receiver = await sink()
    receiver.answer(500)
    const { delivery, happened } = begin(slack(receiver), 'stuck')
    delivery.take(alert('main'))
    await until(() => happened.length === 1, 5, 'it is refused')
    assert.deepEqual(outboxProblems('Slack', delivery.state, Date.now()), [])
    const [problem] = outboxProblems('Slack', delivery.state, Date.now() + 121_000)
    assert.equal(problem?.code, 'outbox-stuck')
    assert.match(problem?.message ?? '', /"Slack" has accepted nothing for 2 min.*1 alerts wait: The answer was 500/)
  })

  it('beats only while all is well, and says once that nobody hears it', async () => {
    const receiver = await sink()
    let isWell = false
    const failures: string[] = []
    const heartbeat = new Heartbeat({
      ...{ url: `${receiver.url}/key-of-heartbeat`, every: 50, isWell: () => isWell },
      failed: (why) => void failures.push(why),
    })
    ends.push(() => heartbeat.close())
    heartbeat.start()
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.equal(receiver.posts.length, 0)
    isWell = true
    await until(() => receiver.posts.length >= 2, 5, 'it beats')
    receiver.answer(500)
    await until(() => failures.length > 0, 5, 'it says so')
    const before = receiver.posts.length
    await until(() => receiver.posts.length > before + 2, 5, 'it goes on')
    assert.deepEqual(failures, ['the answer was 500'])
  })
})
