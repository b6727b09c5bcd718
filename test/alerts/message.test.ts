import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { composeMessage } from '../../src/alerts/message.ts'
import { htmlText, plainText } from '../../src/alerts/message-text.ts'
import { slackMessage } from '../../src/alerts/notifiers/slack.ts'
import { signature } from '../../src/alerts/notifiers/webhook.ts'
import { retryAfter } from '../../src/connection/retry-after.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Diagnosis } from '../../src/observation/diagnosis.ts'
import { durationInWords } from '../../src/observation/words.ts'
import { verifyWebhook } from '../fixtures/webhook-signature.ts'
import { iso, issue, START } from './world.ts'

const DASHBOARD = 'https://monitor.example/dashboard'

function alert(target: string, more: Partial<Alert> = {}): Alert {
  return {
    ...{ id: target, alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target },
    ...{
      monitor: 'hall',
      site: 'main-hall',
      status: 'firing',
      change: 'firing',
      startsAt: iso(START),
      time: iso(START),
    },
    ...{ labels: {}, effects: [], via: 'notify' },
    issue: { ...issue('streamOffline', 'error', START), summary: 'It has been off for 3 s', remedy: ['Start it.'] },
    ...more,
  }
}
const over = (target: string) =>
  alert(target, { status: 'resolved', change: 'resolved', endsAt: iso(START + 252_000), endedBy: 'cleared' })

describe('a message', () => {
  it('says what, where, measured and expected, since when, what to do, and where to look', () => {
    const message = composeMessage([alert('main')], DASHBOARD, 'UTC')
    assert.equal(message.subject, 'Critical: stream main: Stream offline (main-hall)')
    const text = plainText(message)
    for (const part of ['It has been off for 3 s', 'stream main, main-hall, hall', 'Measured: 3', 'Expected: 0']) {
      assert.match(text, new RegExp(part))
    }
    assert.match(text, /Since: 2026-03-01 10:00:00 UTC\n {2}What to do now:\n {4}1\. Start it\./)
    assert.match(text, /Dashboard: https:\/\/monitor\.example\/dashboard/)
  })

  it('says at the end how long it lasted, and why it ended, and not what to do', () => {
    const text = plainText(composeMessage([over('main')], null, 'UTC'))
    assert.match(text, /Lasted: 4 min 12 s\n {2}Ended: Measured to be fine again/)
    assert.doesNotMatch(text, /What to do now|Measured: 3/)
  })

  describe('about a fault whose place is known', () => {
    const known = (more: Partial<Diagnosis> = {}) =>
      alert('main', {
        diagnosis: {
          ...{ location: 'uplink', cause: 'uplinkCut', probability: 0.95, confidence: 'certain' },
          says: 'The line of the venue to the internet is cut',
          evidenceFor: ['the encoder cannot connect', 'the gateway answers', 'a third reason'],
          ...{ evidenceAgainst: [], wouldDecide: null, remedy: ['Switch the modem off and on.'] },
          ...more,
        },
      })

    it('begins with the cause, how sure it is, and why, and says what helps against that', () => {
      const text = plainText(composeMessage([known()], null, 'UTC'))
      const cause =
        /Probable cause: The line of the venue to the internet is cut \(certain: the encoder cannot connect; the gateway answers\)\n {2}What: /
      assert.match(text, cause)
      assert.match(text, /1\. Switch the modem off and on\./)
      assert.doesNotMatch(text, /Start it/)
    })

    it('keeps to what helps against what is seen, where the cause is only possible', () => {
      const text = plainText(composeMessage([known({ confidence: 'possible' })], null, 'UTC'))
      assert.match(text, /is cut \(possible: /)
      assert.match(text, /1\. Start it\./)
    })

    it('says nothing of a cause where none is known, and when it is over', () => {
      const unknown = known({ location: null, cause: null, confidence: null, says: '' })
      assert.doesNotMatch(plainText(composeMessage([unknown], null, 'UTC')), /cause/)
      const ended = { ...known(), status: 'resolved', change: 'resolved', endsAt: iso(START + 1000) } as const
      assert.doesNotMatch(plainText(composeMessage([ended], null, 'UTC')), /cause/)
    })
  })

  it('tells once of what began and ended before it was told', () => {
    const message = composeMessage([alert('main'), over('main')], null, 'UTC')
    assert.equal(message.tone, 'resolved')
    assert.equal(message.alerts.length, 1)
  })

  it('names the cause, how many it affects, and all of them', () => {
    const effects = Array.from({ length: 20 }, (_, index) => `stream s${index}`)
    const message = composeMessage(
      [alert('gateway', { kind: 'ping', alertname: 'HmonitorHostDown', effects })],
      null,
      'UTC',
    )
    assert.equal(message.subject, 'Critical: ping gateway: Host down, which affects 20 (main-hall)')
    for (const name of effects) assert.match(plainText(message), new RegExp(`\\b${name}\\b`))
  })

  it('lists all of two hundred, in every channel within its limits', () => {
    const message = composeMessage(
      Array.from({ length: 200 }, (_, index) => alert(`stream-${index}`)),
      DASHBOARD,
      'UTC',
    )
    assert.match(message.subject, /and 199 more/)
    const { blocks } = slackMessage(message)
    assert.ok(blocks.length <= 50)
    for (const block of blocks) assert.ok(JSON.stringify(block).length < 3100)
    for (const text of [plainText(message), htmlText(message), JSON.stringify(blocks)]) {
      for (let index = 0; index < 200; index += 1) assert.match(text, new RegExp(`\\bstream-${index}\\b`))
    }
  })

  it('shows text from outside as text', () => {
    const evil = alert('<img src=x onerror=alert(1)>', {
      issue: { ...issue('streamOffline', 'error', START), summary: '</td><script>x</script> & <!channel>' },
    })
    const message = composeMessage([evil], null, 'UTC')
    assert.doesNotMatch(htmlText(message), /<img|<script/)
    assert.doesNotMatch(JSON.stringify(slackMessage(message).blocks.slice(1)), /<!channel>|<img/)
  })

  it('is short in words of time', () => {
    assert.deepEqual([0, 12_400, 252_000, 11_520_000, 190_800_000].map(durationInWords), [
      '0 s',
      '12 s',
      '4 min 12 s',
      '3 h 12 min',
      '2 d 5 h',
    ])
  })
})

describe('a signed webhook', () => {
  it('is one that a receiver can verify, and whose change it notices', () => {
    const headers = signature('secret', '{"a":1}', 'id-1', 1_772_359_200)
    assert.ok(verifyWebhook('secret', headers, '{"a":1}'))
    assert.ok(!verifyWebhook('secret', headers, '{"a":2}'))
    assert.ok(!verifyWebhook('other', headers, '{"a":1}'))
  })
})

describe('Retry-After', () => {
  it('is seconds or a date, and nothing else', () => {
    assert.equal(retryAfter('120'), 120_000)
    assert.equal(retryAfter('Sun, 01 Mar 2026 10:01:00 GMT', START), 60_000)
    assert.equal(retryAfter('Sun, 01 Mar 2026 09:00:00 GMT', START), 0)
    for (const header of [null, '', 'soon', '-5x']) assert.equal(retryAfter(header), null)
  })
})
