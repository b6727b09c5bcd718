import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseHistoryQuery } from '../../src/monitor/history-query.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const parsed = (query: unknown, most = 2000) => parseHistoryQuery(query, ['stream', 'ping'], NOW, most)

describe('a question about the history', () => {
  it('is about the last hour and all measures where it says no more', () => {
    assert.deepEqual(parsed({ target: 'main' }), {
      ...{ kind: null, target: 'main', measures: null, step: 10_000 },
      ...{ from: NOW - 3_600_000, to: NOW },
    })
  })

  it('takes a time with an offset, several measures and a step', () => {
    const query = {
      target: 'main',
      kind: 'ping',
      measure: ['loss', 'jitter'],
      from: '2026-03-01T11:00:00+02:00',
      step: '60',
    }
    const { kind, measures, from, step } = parsed(query)
    assert.deepEqual([kind, measures, from, step], ['ping', ['loss', 'jitter'], NOW - 3 * 3_600_000, 60_000])
  })

  it('widens the step until there are no more points than may be', () => {
    const { step } = parsed({ target: 'main', from: '2026-02-22T12:00:00Z', step: '10' }, 600)
    assert.equal(step, 1_010_000)
  })

  for (const [what, query] of [
    ['no target', {}],
    ['two targets', { target: ['a', 'b'] }],
    ['an empty target', { target: '' }],
    ['a kind that is none', { target: 'main', kind: 'toString' }],
    ['a time that is none', { target: 'main', from: 'yesterday' }],
    ['a day that is none', { target: 'main', from: '2026-02-31T99:00:00Z' }],
    ['a time without a zone', { target: 'main', from: '2026-03-01T10:00:00' }],
    ['a beginning after its end', { target: 'main', from: '2026-03-01T13:00:00Z' }],
    ['more than a year', { target: 'main', from: '2024-03-01T00:00:00Z' }],
    ['a step of a second', { target: 'main', step: '1' }],
    ['a step of no number', { target: 'main', step: 'Infinity' }],
    ['a measure that is an object', { target: 'main', measure: { $gt: '' } }],
    ['too many measures', { target: 'main', measure: Array.from({ length: 21 }, () => 'loss') }],
    ['nothing', null],
    ['text', 'target=main'],
  ] as const) {
    it(`with ${what} is refused`, () => {
      assert.throws(() => parsed(query), { code: 'invalid-message' })
    })
  }
})
