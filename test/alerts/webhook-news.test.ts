import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMPTY_OUTBOX, enqueue, isIncident, newsIn } from '../../src/alerts/outbox.ts'
import { parseWebhook } from '../../src/alerts/webhook.ts'
import { newsInWebhook } from '../../src/alerts/webhook-news.ts'

const NOW = Date.parse('2026-03-01T10:00:10.000Z')

function webhook(status: string, labels: Record<string, string>, more: object = {}) {
  const own = { alertname: 'HmonitorStreamOffline', severity: 'critical', kind: 'stream', target: 'main', ...labels }
  const annotations = { summary: 'Stream main: no media for 12 s', remedy: '1. Look at the encoder.' }
  return { status, labels: own, annotations, startsAt: '2026-03-01T10:00:00.000Z', ...more }
}

const newsOf = (...alerts: object[]) => newsInWebhook(parseWebhook({ version: '4', receiver: 'people', alerts }), NOW)

describe('what Alertmanager says, as news for people', () => {
  it('is each alert with what people need, of its fingerprint where it has one', () => {
    const [off, over] = newsOf(webhook('firing', {}, { fingerprint: '0123456789abcdef' }), webhook('resolved', {}))
    assert.deepEqual(
      [off?.id, off?.change, off?.via, off?.issue.summary, off?.issue.remedy],
      ['0123456789abcdef', 'firing', 'notify', 'Stream main: no media for 12 s', ['Look at the encoder.']],
    )
    assert.match(over?.id ?? '', /^[0-9a-f]{16}$/)
    assert.deepEqual([over?.change, over?.endsAt], ['resolved', '2026-03-01T10:00:10.000Z'])
  })

  it('is told once, however often the two of a pair say it; another start is another fault', () => {
    const told = [
      ...newsOf(webhook('firing', {})),
      ...newsOf(webhook('resolved', {})),
      ...newsOf(webhook('firing', {})),
      ...newsOf(webhook('resolved', {})),
      ...newsOf(webhook('firing', {}, { startsAt: '2026-03-01T10:00:09.000Z' })),
    ]
    const { waiting } = told.reduce((outbox, news) => enqueue(outbox, news, NOW), EMPTY_OUTBOX)
    const changes = waiting.map(newsIn).map((news) => (isIncident(news) ? '' : `${news.change} ${news.startsAt}`))
    assert.deepEqual(changes, [
      'firing 2026-03-01T10:00:00.000Z',
      'resolved 2026-03-01T10:00:00.000Z',
      'firing 2026-03-01T10:00:09.000Z',
    ])
  })

  it('has no sign of life, nothing that is for nobody, and no end of an incident that goes on elsewhere', () => {
    const incident = { alertname: 'HmonitorIncident', kind: 'incident', incident: 'a1' }
    const news = newsOf(
      webhook('firing', { alertname: 'Watchdog' }),
      webhook('firing', { alertname: 'HmonitorIncidentMember', severity: 'none' }),
      webhook('resolved', { ...incident, location: 'unknown' }),
      webhook('firing', { ...incident, location: 'encoder' }),
    )
    assert.deepEqual(
      news.map(({ alertname, change, labels }) => [alertname, change, labels.location]),
      [['HmonitorIncident', 'firing', 'encoder']],
    )
    assert.equal(newsOf(webhook('resolved', { ...incident, location: 'encoder' })).length, 1)
  })
})
