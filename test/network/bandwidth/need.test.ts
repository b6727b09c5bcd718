import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type DependentStream, needOf, reasonToPostpone, streamNeeds } from '../../../src/network/bandwidth/need.ts'
import type { State } from '../../../src/observation/observation.ts'
import { measurements } from '../../health/readings.ts'

function stream(name: string, state: State, bytesPerSecond: number | null = null): DependentStream {
  const rates = { videoBytesPerSecond: bytesPerSecond, audioBytesPerSecond: 0, framesPerSecond: 30, realtimeRatio: 1 }
  return { name, newest: { state, measurements: { ...measurements(), last10s: rates, parameters: null } } }
}

describe('A bandwidth test', () => {
  it('may run while every stream that depends on the connection is off air', () => {
    assert.equal(reasonToPostpone([]), null)
    assert.equal(reasonToPostpone([stream('main', 'off'), stream('backup', 'off')]), null)
  })

  for (const state of ['ok', 'degraded', 'down', 'unknown'] as const) {
    it(`is put off while one of them is ${state}`, () => {
      assert.match(reasonToPostpone([stream('main', 'off'), stream('backup', state)]) ?? '', /backup/)
    })
  }

  it('is put off while nothing is known of one of them', () => {
    assert.match(reasonToPostpone([{ name: 'main', newest: null }]) ?? '', /not known/)
  })
})

describe('What streams need of a connection', () => {
  it('is the sum of what they send', () => {
    const needs = streamNeeds([stream('main', 'ok', 750_000), stream('backup', 'ok', 250_000)], new Map())
    assert.deepEqual(needOf(needs), { bytesPerSecond: 1_000_000, streams: ['main', 'backup'] })
  })

  it('is remembered while one of them is off air', () => {
    const seen = streamNeeds([stream('main', 'ok', 750_000)], new Map())
    assert.deepEqual(needOf(streamNeeds([stream('main', 'off', 0)], seen)), {
      bytesPerSecond: 750_000,
      streams: ['main'],
    })
  })

  it('forgets a stream that does not depend on it any more', () => {
    const seen = streamNeeds([stream('main', 'ok', 750_000)], new Map())
    assert.equal(needOf(streamNeeds([], seen)), null)
  })
})
