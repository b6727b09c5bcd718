import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { composeMessage } from '../../src/alerts/message.ts'
import { htmlText, plainText } from '../../src/alerts/message-text.ts'
import { slackMessage } from '../../src/alerts/notifiers/slack.ts'
import { CAUSES } from '../../src/diagnosis/causes.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Incident } from '../../src/observation/incident.ts'
import { iso, issue, START } from './world.ts'

const SINCE = '2026-03-01T10:00:00.000Z'
const [step = ''] = CAUSES.serverDown.remedy

const incident = (more: Partial<Incident> = {}): Incident => ({
  ...{ id: '5c1d0e9f8a7b6c5d', monitor: 'hall', site: 'main-hall', severity: 'critical', status: 'open' },
  ...{ change: 'opened', startsAt: SINCE, time: SINCE, via: 'notify', labels: {}, timeline: [] },
  members: [
    {
      ...{ kind: 'stream', target: 'main', severity: 'critical', status: 'firing', since: SINCE },
      ...{ alerts: ['HmonitorStreamOffline'], summary: 'No media for 12.5 s (expected: at most 2 s)' },
      ...{ measured: '12.5 s', expected: 'at most 2 s' },
    },
    {
      ...{ kind: 'monitor', target: 'disk', severity: 'warning', status: 'over', since: SINCE },
      ...{ alerts: ['NodeDiskFull'], summary: 'The disk is full' },
    },
  ],
  diagnosis: {
    ...{
      location: 'server',
      cause: 'serverDown',
      probability: 0.8,
      confidence: 'likely',
      says: CAUSES.serverDown.says,
    },
    ...{ evidenceFor: ['rtmp does not answer'], answersFor: [{ question: 'serverReached', verdict: 'bad' }] },
    ...{ evidenceAgainst: ['10.0.0.1 answers'], answersAgainst: [{ question: 'serverHostAnswers', verdict: 'good' }] },
    ...{ wouldDecide: 'add the gateway of the venue as a host (`"at": "venue"`)', remedy: [step] },
  },
  remedy: [step],
  ...more,
})

const alert = (more: Partial<Alert> = {}): Alert => ({
  ...{ id: 'main', alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target: 'main' },
  ...{ monitor: 'hall', site: 'main-hall', status: 'firing', change: 'firing', startsAt: iso(START), time: iso(START) },
  ...{ labels: {}, effects: [], via: 'notify' },
  issue: { ...issue('streamOffline', 'error', START), summary: 'It has been off for 3 s', remedy: ['Start it.'] },
  ...more,
})

const told = (...news: (Incident | Alert)[]) =>
  composeMessage(news, 'https://monitor.example/dashboard', 'Europe/Berlin', 'de')

describe('a message in German', () => {
  it('says of an incident in German all that is ours, and of the rest what it is called', () => {
    const message = told(incident())
    assert.equal(message.subject, 'Kritisch: Der Server ist ausgefallen: Stream main und 1 weiteres (main-hall)')
    assert.deepEqual(plainText(message).split('\n'), [
      'Der Server ist ausgefallen',
      '  Wie sicher: wahrscheinlich',
      '  2 betroffen: Stream main: Keine Daten vom Stream (gemessen: 12,5 s, erwartet: höchstens 2 s); Monitor disk: Node disk full (vorbei)',
      '  Schweregrad: kritisch',
      '  Seit: 2026-03-01 11:00:00 CET',
      '  Wo: main-hall, hall',
      '  Warum: der Server ist nicht erreichbar',
      '  Spricht dagegen: der Rechner des Servers antwortet',
      '  Für Genaueres: das Gateway am Veranstaltungsort als Host hinzufügen (`"at": "venue"`)',
      '  Was jetzt zu tun ist:',
      '    1. Den Server neu starten oder seinen Betreiber fragen.',
      '  Mehr (englisch): https://github.com/rtmp-hmonitor/node-red-rtmp-hmonitor/blob/main/docs/runbooks/HmonitorStreamOffline.md',
      '',
      'Dashboard: https://monitor.example/dashboard',
      '',
    ])
  })

  it('marks corrections, reminders and ends', () => {
    const corrected = told(incident({ change: 'changed', because: 'location', correctedFrom: 'encoder' }))
    assert.match(corrected.subject, /^Korrektur: Der Server/)
    assert.match(plainText(corrected), /Korrektur: Eine frühere Nachricht nannte den Encoder\./)
    assert.match(told(incident({ change: 'repeated' })).subject, /^Weiterhin kritisch: /)
    assert.match(told(incident({ because: 'again' })).subject, /^Erneut kritisch: /)
    const ended = told(incident({ status: 'ended', change: 'ended', endsAt: '2026-03-01T10:03:20.000Z', remedy: [] }))
    assert.equal(ended.subject, 'Behoben nach 3 min 20 s: Stream main und 1 weiteres (main-hall)')
    assert.match(plainText(ended), /Ursache, soweit bekannt: Der Server ist ausgefallen \(wahrscheinlich\)/)
  })

  it('says alerts that come without an incident, and several at once', () => {
    const message = told(alert(), alert({ id: 'b', target: 'b', status: 'resolved', change: 'resolved' }))
    assert.equal(message.subject, 'Kritisch: Stream main: Keine Daten vom Stream; 1 behoben (main-hall)')
    const text = plainText(message)
    for (const line of ['JETZT', 'BEHOBEN', '  Was: Keine Daten vom Stream', '  Gemessen: 3'])
      assert.match(text, new RegExp(`^${line}`, 'm'))
  })

  it('is German around it as well, in HTML and in Slack', () => {
    const [html, slack] = [htmlText(told(incident())), JSON.stringify(slackMessage(told(incident())))]
    assert.match(html, /<html lang="de">.*Dashboard öffnen/)
    for (const text of [html, slack, plainText(told(incident()))])
      assert.doesNotMatch(text, /Affected|Since|What to do|Open the|How sure|[^-]More\b/)
  })
})
