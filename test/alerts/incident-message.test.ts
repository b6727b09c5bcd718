import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { composeMessage } from '../../src/alerts/message.ts'
import { htmlText, plainText } from '../../src/alerts/message-text.ts'
import { slackMessage } from '../../src/alerts/notifiers/slack.ts'
import { EMPTY_OUTBOX, enqueue, parseOutbox, withoutMerged } from '../../src/alerts/outbox.ts'
import type { Incident, IncidentMember } from '../../src/observation/incident.ts'

const SINCE = '2026-03-01T10:00:00.000Z'

const member = (target: string, more: Partial<IncidentMember> = {}): IncidentMember => ({
  ...{ kind: 'stream', target, severity: 'critical', status: 'firing', since: SINCE },
  ...{ alerts: ['HmonitorStreamOffline'], summary: 'No media for 12 s (expected: at most 2 s)' },
  ...more,
})

const incident = (more: Partial<Incident> = {}): Incident => ({
  ...{ id: '5c1d0e9f8a7b6c5d', monitor: 'hall', site: 'main-hall', severity: 'critical', status: 'open' },
  ...{ change: 'opened', startsAt: SINCE, time: SINCE, via: 'notify', labels: {}, timeline: [] },
  members: [member('main'), member('backup')],
  diagnosis: {
    ...{
      location: 'server',
      cause: 'serverDown',
      probability: 0.97,
      confidence: 'certain',
      says: 'The server is down',
    },
    ...{
      evidenceFor: ['nothing answers there', 'streams elsewhere are well'],
      evidenceAgainst: ['one ping came back'],
    },
    ...{ wouldDecide: null, remedy: ['Restart the server.'] },
  },
  remedy: ['Restart the server.'],
  ...more,
})

const told = (...incidents: Incident[]) => composeMessage(incidents, null, 'UTC')

describe('a message about an incident', () => {
  it('has its times in the time zone of the site', () => {
    const [ended] = [incident({ change: 'ended', status: 'ended', endsAt: '2026-03-01T10:00:42.000Z' })]
    assert.match(plainText(composeMessage([ended], null, 'Europe/Berlin')), /Since: 2026-03-01 11:00:00 CET/)
  })

  it('does not name what is silenced beside what is not', () => {
    const members = [member('main', { silencedUntil: '2026-03-01T12:00:00.000Z' }), member('backup')]
    const message = told(incident({ members }))
    assert.equal(message.subject, 'Critical: The server is down: stream backup (main-hall)')
    assert.doesNotMatch(plainText(message), /stream main/)
    const [quiet] = members
    assert.match(told(incident({ members: quiet ? [quiet] : [] })).subject, /stream main/)
  })

  it('says the cause first, then what is affected, since when, and why', () => {
    const message = told(incident())
    assert.equal(message.subject, 'Critical: The server is down: stream main and 1 more (main-hall)')
    assert.equal(message.tone, 'critical')
    assert.deepEqual(plainText(message).split('\n'), [
      'The server is down',
      '  How sure: certain',
      '  Affected 2: stream main: Stream offline: No media for 12 s (expected: at most 2 s); stream backup: Stream offline: No media for 12 s (expected: at most 2 s)',
      '  Severity: critical',
      '  Since: 2026-03-01 10:00:00 UTC',
      '  Where: main-hall, hall',
      '  Why: nothing answers there; streams elsewhere are well',
      '  Speaks against it: one ping came back',
      '  What to do now:',
      '    1. Restart the server.',
      '  More: https://github.com/rtmp-hmonitor/node-red-rtmp-hmonitor/blob/main/docs/runbooks/HmonitorStreamOffline.md',
      '',
    ])
  })

  it('says what is seen where no cause is sure enough', () => {
    const possible = { ...incident().diagnosis, confidence: 'possible' } as Incident['diagnosis']
    assert.match(told(incident({ diagnosis: possible })).subject, /^Critical: stream main: Stream offline and 1 more/)
    assert.match(plainText(told(incident({ diagnosis: possible }))), /Probable cause: The server is down \(possible\)/)
    assert.doesNotMatch(plainText(told(incident({ diagnosis: null }))), /cause/i)
  })

  it('names the other place where what is known would look the same, also when it is over', () => {
    const orElse = { location: 'uplink' as const, cause: 'uplinkCut', says: 'The line of the venue is cut' }
    const both = { ...incident().diagnosis, confidence: 'possible', orElse } as Incident['diagnosis']
    for (const status of ['open', 'ended'] as const)
      assert.match(
        plainText(told(incident({ diagnosis: both, status }))),
        /: The server is down \(possible\)\n {2}Could as well be: The line of the venue is cut\n/,
      )
  })

  it('that corrects an earlier one says so, and names the earlier word', () => {
    const message = told(incident({ change: 'changed', because: 'location', correctedFrom: 'encoder' }))
    assert.match(message.subject, /^Correction: The server is down/)
    assert.match(plainText(message), /Correction: An earlier message named the encoder\./)
  })

  it('is no correction where the earlier one was not sent yet', () => {
    const changed = incident({ change: 'changed', because: 'location', correctedFrom: 'encoder' })
    const message = told(incident(), changed)
    assert.match(message.subject, /^Critical: The server is down/)
    assert.doesNotMatch(plainText(message), /Correction/)
  })

  it('of its end says how long it lasted, and nothing that was not measured', () => {
    const ended = incident({ status: 'ended', change: 'ended', endsAt: '2026-03-01T10:03:20.000Z', remedy: [] })
    const over = told({ ...ended, endedBy: 'cleared' })
    assert.equal(over.subject, 'Resolved after 3 min 20 s: stream main and 1 more (main-hall)')
    assert.equal(over.tone, 'resolved')
    assert.match(plainText(over), /Ended: Measured to be fine again/)
    assert.doesNotMatch(plainText(told({ ...ended, endedBy: 'not-watched' })), /fine/)
    assert.doesNotMatch(plainText(told(ended)), /Ended:|What to do/)
  })

  it('names a thousand targets without being longer than somebody reads', () => {
    const members = Array.from({ length: 1000 }, (_, n) => member(`s${n}`))
    const text = plainText(told(incident({ members })))
    assert.match(text, /Affected 1000: .*and 960 more/)
    assert.ok(text.length < 2000, `${text.length} characters`)
  })

  it('escapes what comes from outside, in HTML and in Slack', () => {
    const evil = incident({ members: [member('<script>', { summary: '<b>&' })] })
    assert.doesNotMatch(htmlText(told(evil)), /<script>|<b>&/)
    const [, ...blocks] = slackMessage(told(evil)).blocks
    assert.doesNotMatch(JSON.stringify(blocks), /<script>|<b>&/)
  })
})

describe('the outbox', () => {
  it('keeps incidents over a restart, and takes each message once', () => {
    const outbox = enqueue(enqueue(EMPTY_OUTBOX, incident(), 1), incident(), 2)
    assert.equal(outbox.waiting.length, 1)
    const again = parseOutbox(JSON.parse(JSON.stringify(outbox)))
    assert.equal(again?.lost, 0)
    assert.deepEqual(again?.outbox.waiting, outbox.waiting)
  })

  it('does not tell what turned out to be a part of another incident while it waited', () => {
    const outbox = enqueue(enqueue(EMPTY_OUTBOX, incident(), 1), incident({ id: 'other' }), 1)
    const left = withoutMerged(outbox, incident({ change: 'merged' }), 2)
    assert.equal(left.waiting.length, 1)
    assert.equal(enqueue(left, incident(), 3).waiting.length, 1, 'nor when it comes again')
  })
})
