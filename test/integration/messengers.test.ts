import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { composeMessage, type Message } from '../../src/alerts/message.ts'
import { DeliveryError } from '../../src/alerts/notifiers/notifier.ts'
import { notifierFor, type Receiver } from '../../src/alerts/notifiers/notifiers.ts'
import type { Alert } from '../../src/observation/alert.ts'
import {
  type Messenger,
  NTFY_TOKEN,
  PUSHOVER_TOKEN,
  PUSHOVER_USER,
  type Service,
  startMessenger,
  TELEGRAM_TOKEN,
} from '../fixtures/messengers.ts'

const RECEIVERS: Record<Service, (url: string) => Receiver> = {
  ntfy: (url) => ({ channel: 'ntfy', server: `${url}/`, topic: 'of-the-test', token: NTFY_TOKEN }),
  telegram: (url) => ({ channel: 'telegram', api: url, token: TELEGRAM_TOKEN, chat: '-1001' }),
  pushover: (url) => ({ channel: 'pushover', api: url, token: PUSHOVER_TOKEN, user: PUSHOVER_USER }),
  discord: (url) => ({ channel: 'discord', url: `${url}/api/webhooks/1/of-the-test` }),
  teams: (url) => ({ channel: 'teams', url: `${url}/workflows/1?sig=of-the-test` }),
}

/** What no error may show. */
const SECRETS = /of-the-test|a{30}|u{30}/

function alert(target: string, summary: string, steps = 1): Alert {
  const time = '2026-03-01T10:00:00.000Z'
  return {
    ...{ id: target, alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target },
    ...{ monitor: 'hall', site: '', status: 'firing', change: 'firing', startsAt: time, time },
    ...{ labels: {}, effects: [], via: 'notify' },
    issue: {
      ...{ type: 'streamOffline', severity: 'error', since: time, summary },
      remedy: Array.from({ length: steps }, (_, at) => `Step ${at + 1}: look at the <cable> & the *switch* @everyone.`),
    },
  }
}

const DASHBOARD = 'https://monitor.example/dashboard?a=1&b=2'
const MESSAGE = composeMessage([alert('main', 'No data for 6 s <b>&')], DASHBOARD, 'UTC')
/** As long as a message gets: every service would refuse it whole. */
const LONG = composeMessage(
  Array.from({ length: 200 }, (_, at) => alert(`stream "ä😀<${at}>"`, '😀 & < '.repeat(400), 8)),
  DASHBOARD,
  'UTC',
)

async function failure(sending: Promise<void>): Promise<DeliveryError> {
  const error = await sending.then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof DeliveryError, String(error))
  assert.doesNotMatch(error.message, SECRETS)
  return error
}

for (const service of Object.keys(RECEIVERS) as Service[]) {
  describe(`a message by ${service}`, () => {
    let messenger: Messenger
    before(async () => {
      messenger = await startMessenger(service)
    })
    after(() => messenger?.close())
    const send = async (message: Message, signal = AbortSignal.timeout(20_000)) => {
      const notifier = notifierFor(RECEIVERS[service](messenger.url))
      await notifier.send(message, signal)
      notifier.close()
    }

    it('is taken, with subject, facts, what to do and a link', async () => {
      messenger.mood = 'well'
      await send(MESSAGE)
      const said = JSON.stringify(messenger.taken.at(-1))
      for (const part of ['Stream offline', 'No data for 6 s', 'Step 1: look at the', 'monitor.example/dashboard']) {
        assert.ok(said.includes(part), `${part} in ${said}`)
      }
    })

    it('is cut to what the service takes, and each of German and English is told', async () => {
      messenger.mood = 'well'
      await send(LONG)
      await send({ ...LONG, language: 'de' })
      await send({ ...MESSAGE, sections: [], dashboardUrl: null, tone: 'resolved' })
      assert.match(JSON.stringify(messenger.taken.at(-2)), /…/)
    })

    it('waits as long as the service asks', async () => {
      messenger.mood = 'flood'
      const { isFinal, retryAfter, message } = await failure(send(MESSAGE))
      assert.equal(isFinal, false)
      assert.equal(retryAfter, service === 'discord' ? 1500 : 2000)
      assert.match(message, /^The answer was 429/)
    })

    it('is kept where the chat or the key is unknown, which people mend', async () => {
      messenger.mood = 'unknown'
      const { isFinal, message } = await failure(send(MESSAGE))
      assert.equal(isFinal, false, message)
      if (service !== 'teams') assert.match(message, /not found|forbidden|not a valid user|Unknown Webhook/)
    })

    it('is given up where the service will never take it', async () => {
      messenger.mood = 'invalid'
      assert.equal((await failure(send(MESSAGE))).isFinal, true)
    })

    it('is kept while the service is broken', async () => {
      messenger.mood = 'broken'
      const { isFinal, message } = await failure(send(MESSAGE))
      assert.equal(isFinal, false)
      assert.match(message, /^The answer was 50\d/)
    })

    it('is kept where no answer comes, and the wait ends when it is given up', async () => {
      messenger.mood = 'silent'
      const { isFinal, message } = await failure(send(MESSAGE, AbortSignal.timeout(300)))
      assert.equal(isFinal, false)
      assert.match(message, /^No answer/)
    })
  })
}
