import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LONGEST_TEXT, logLine, MOST_ITEMS, MOST_LABELS } from '../../src/logs/log-line.ts'
import type { LogRecord } from '../../src/logs/log-record.ts'
import { isLogFileName } from '../../src/logs/log-settings.ts'
import { eventRecord } from '../../src/logs/records.ts'
import { SecretStore } from '../../src/secrets/secrets.ts'
import { OFFLINE, ORIGIN, PLACE, raised } from './fixtures.ts'

const plain = (text: string) => text
const read = (record: LogRecord, redact = plain) => JSON.parse(logLine(record, PLACE, redact))
const withSummary = (summary: string) => eventRecord({ ...raised(), issue: { ...OFFLINE, summary } }, ORIGIN)

describe('a line', () => {
  it('is one line of JSON, whatever the texts hold', () => {
    const line = logLine(withSummary('two\nlines "quoted" \u2028 and \\ more'), { ...PLACE, sequence: 7 }, plain)
    assert.equal(line.indexOf('\n'), line.length - 1)
    const { event, hmonitor } = JSON.parse(line)
    assert.equal(event.sequence, 7)
    assert.equal(hmonitor.issue.summary, 'two\nlines "quoted" \u2028 and \\ more')
  })

  it('has an id of its own, which is the same wherever it goes, and names its data stream', () => {
    const ids = [1, 2].map((sequence) => JSON.parse(logLine(withSummary('x'), { ...PLACE, sequence }, plain)).event.id)
    assert.deepEqual(ids, ['0f1e2d3c4b5a6978-1', '0f1e2d3c4b5a6978-2'])
    const { event, data_stream } = read(withSummary('x'))
    assert.deepEqual(data_stream, { type: 'logs', dataset: event.dataset, namespace: 'default' })
  })

  it('shows no secret, and stays JSON where one is cut out', () => {
    const store = new SecretStore()
    store.put('test', 'STREAM_KEY', 'Zk4"Qw9\\x+e')
    const redact = (text: string) => store.redact(text)
    const summary = 'It reads "rtmp://relay.example/live/some-key" and "Zk4"Qw9\\x+e"'
    const labels = { 'Zk4"Qw9\\x+e': 'a', note: 'Zk4%22Qw9%5Cx+e' }
    const line = logLine({ ...withSummary(summary), labels }, PLACE, redact)
    assert.doesNotMatch(line, /some-key|Zk4|Qw9/)
    assert.match(JSON.parse(line).hmonitor.issue.summary, /rtmp:\/\/relay\.example\/live.*\$\{STREAM_KEY\}/)
  })

  it('is bounded, whatever a message brings', () => {
    const labels = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [`${'n'.repeat(300)}${at}`, 'v'.repeat(9000)]),
    )
    const remedy = Array.from({ length: 1000 }, () => 'r'.repeat(100_000))
    const event = { ...raised(), target: 't'.repeat(100_000), labels, issue: { ...OFFLINE, remedy } }
    const line = logLine(eventRecord(event, ORIGIN), PLACE, plain)
    const { hmonitor, message } = JSON.parse(line)
    assert.equal(hmonitor.issue.remedy.length, MOST_ITEMS)
    assert.equal(hmonitor.target.length, LONGEST_TEXT)
    assert.equal(message.length, LONGEST_TEXT)
    assert.ok(line.length < (MOST_ITEMS + MOST_LABELS + 10) * (LONGEST_TEXT + 200), `${line.length}`)
  })

  it('does not show the beginning of a secret that the bound cuts off', () => {
    const store = new SecretStore()
    store.put('test', 'STREAM_KEY', 'Zk4Qw9xe-abcdefgh')
    for (const at of [LONGEST_TEXT - 6, 2 * LONGEST_TEXT - 3]) {
      const summary = `${'x'.repeat(at)}Zk4Qw9xe-abcdefgh`
      assert.doesNotMatch(
        logLine(withSummary(summary), PLACE, (text) => store.redact(text)),
        /Zk4/,
        `${at}`,
      )
    }
  })

  it('has labels whose names an index takes', () => {
    const { labels } = read({ ...withSummary('x'), labels: { 'room.floor': '2', odd: 7 as unknown as string } })
    assert.deepEqual(labels, { room_floor: '2' })
    assert.equal('labels' in read({ ...withSummary('x'), labels: {} }), false)
  })
})

describe('the name of a file', () => {
  for (const name of ['hmonitor.ndjson', 'a', 'hall-2_events.log']) {
    it(`may be ${name}`, () => assert.equal(isLogFileName(name), true))
  }
  for (const name of ['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', 'a b', 'x'.repeat(101), 'a\n', 'log.1', '-x']) {
    it(`may not be ${JSON.stringify(name)}`, () => assert.equal(isLogFileName(name), false))
  }
})
