import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseSilences, silencesOf } from '../../src/alerts/silence.ts'

const silence = (matchers: object[]) =>
  parseSilences([{ id: 'x', matchers, startsAt: '2026-03-01T10:00:00Z', endsAt: '2026-03-01T11:00:00Z' }])
const target = { name: 'target', value: 'main' }

describe('silences of an Alertmanager at which alerts have one label more', () => {
  it('count without it where it is met', () => {
    for (const cluster of [{ value: 'hall' }, { value: 'ha.*', isRegex: true }, { value: 'chapel', isEqual: false }]) {
      const [one] = silencesOf(silence([target, { name: 'cluster', ...cluster }]), 'cluster', 'hall')
      assert.deepEqual(
        one?.matchers.map(({ name }) => name),
        ['target'],
      )
    }
  })

  it('do not count where it is not met', () => {
    assert.deepEqual(silencesOf(silence([target, { name: 'cluster', value: 'chapel' }]), 'cluster', 'hall'), [])
  })
})
