import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LOG_RULES, type LogRule } from '../../src/elk/log-rules.ts'
import { askLogstash, pipelinesIn } from '../../src/elk/logstash-figures.ts'
import { WATCH_METRICS, watchSeries } from '../../src/elk/watch-metrics.ts'
import { type Round, WatchedRounds } from '../../src/elk/watched-rounds.ts'
import { AnsweringServer } from '../shipping/fixtures.ts'
import { NODE_STATS } from './node-stats.ts'

const RULE = LOG_RULES[0] as LogRule
const NOW = 1_800_000_000_000
const { signal } = new AbortController()
const round = (more: Partial<Round> = {}): Round => ({
  ...{ findings: [{ rule: RULE, rows: [{ target: 'main' }] }], logstashes: [], certificateEnds: null, isTaken: true },
  ...more,
})
const FAILED = round({ findings: [{ rule: RULE, failed: 'elastic.example cannot be asked' }] })

describe('what Logstash says of its pipelines', () => {
  it('is taken as it is, and what it does not say is not taken for 0', () => {
    const [intake, events, dead] = pipelinesIn(NODE_STATS)
    assert.deepEqual(events, {
      ...{ pipeline: 'events', in: 118, filtered: 117, out: 110, reloadFailures: 0 },
      ...{ queueEvents: 8, queueBytes: 850, queueLimit: 1_073_741_824 },
      ...{ deadBytes: 4096, deadLimit: 268_435_456, deadDropped: 3 },
    })
    assert.equal(intake?.deadBytes, null)
    assert.equal(dead?.queueLimit, null)
  })

  for (const [what, json] of [
    ['nothing', {}],
    ['a list', { pipelines: [] }],
    ['another form', { pipelines: { events: 'up' } }],
    ['numbers that are none', { pipelines: { events: { events: { in: '5', out: -1 }, queue: null } } }],
  ] as const) {
    it(`is ignorance where it is ${what}`, () => {
      for (const { pipeline: _, ...figures } of pipelinesIn(json)) {
        assert.ok(Object.values(figures).every((value) => value === null))
      }
    })
  }

  it('is of a bounded number of pipelines with bounded names', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${at}-${'x'.repeat(500)}`, {}]))
    const taken = pipelinesIn({ pipelines: many })
    assert.equal(taken.length, 20)
    assert.ok(taken.every(({ pipeline }) => pipeline.length <= 100))
  })

  for (const [what, answer, said] of [
    ['refuses', { status: 401, body: '{}' }, /answers 401/],
    ['has too much to do', { status: 503, body: '{}' }, /503/],
    ['resets', 'reset', /cannot be asked/],
  ] as const) {
    it(`is not known where it ${what}`, async () => {
      const server = await AnsweringServer.start(() => answer)
      const figures = await askLogstash({ url: server.url, authorization: null, ca: null }, signal)
      await server.stop()
      assert.match('failed' in figures ? figures.failed : '', said)
      assert.equal(figures.logstash, new URL(server.url).host)
    })
  }
})

describe('the rounds of elk watch', () => {
  it('are well at first, also before the first one is over, and not where none ends', () => {
    const rounds = new WatchedRounds(60, NOW)
    assert.deepEqual(rounds.health(NOW + 400_000), { isWell: true })
    assert.deepEqual(rounds.health(NOW + 600_000), {
      ...{ isWell: false, why: 'no round of questions has ended for 10 min' },
    })
    rounds.add(round(), NOW + 600_000)
    assert.deepEqual(rounds.health(NOW + 600_000), { isWell: true })
  })

  it('are not well from the third one in a row on that was not answered, and again with one that was', () => {
    const rounds = new WatchedRounds(60, NOW)
    rounds.add(FAILED, NOW)
    rounds.add(FAILED, NOW)
    assert.deepEqual(rounds.health(NOW), { isWell: true })
    rounds.add(FAILED, NOW)
    assert.deepEqual(rounds.health(NOW), {
      ...{ isWell: false, why: 'the log cannot be asked: elastic.example cannot be asked' },
    })
    rounds.add(round(), NOW)
    assert.deepEqual(rounds.health(NOW), { isWell: true })
  })

  it('are counted, and what was shown once stays known while nothing is shown', () => {
    const rounds = new WatchedRounds(60, NOW)
    rounds.add(round({ certificateEnds: 5_000, isTaken: false }), NOW)
    rounds.add(FAILED, NOW + 60_000)
    const shown = new Map(watchSeries(rounds.state).map(({ text, samples }) => [text.name, samples]))
    assert.deepEqual(shown.get('hmonitor_log_watch_rounds_total'), [
      { labels: { result: 'answered' }, value: 1 },
      { labels: { result: 'failed' }, value: 1 },
    ])
    assert.deepEqual(shown.get('hmonitor_log_watch_unposted_rounds_total'), [{ labels: {}, value: 1 }])
    assert.deepEqual(shown.get('hmonitor_log_watch_found'), [])
    assert.deepEqual(shown.get('hmonitor_log_watch_certificate_expiry_timestamp_seconds'), [
      { labels: { server: 'elasticsearch' }, value: 5 },
    ])
    assert.deepEqual(shown.get('hmonitor_log_watch_last_round_timestamp_seconds'), [
      { labels: {}, value: (NOW + 60_000) / 1000 },
    ])
  })

  it('have labels that their metrics name, and no other', () => {
    const rounds = new WatchedRounds(60, NOW)
    const certificateEnds = NOW
    const logstash = { logstash: 'a:9600', certificateEnds, pipelines: pipelinesIn(NODE_STATS) }
    const silent = { logstash: 'b:9600', certificateEnds: null, failed: 'no answer' }
    rounds.add(round({ certificateEnds, logstashes: [logstash, silent] }), NOW)
    for (const { text, samples } of watchSeries(rounds.state)) {
      assert.ok(samples.length > 0, text.name)
      for (const { labels } of samples) assert.deepEqual(Object.keys(labels), text.labels, text.name)
    }
    assert.equal(new Set(WATCH_METRICS.map(({ name }) => name)).size, WATCH_METRICS.length)
  })
})
