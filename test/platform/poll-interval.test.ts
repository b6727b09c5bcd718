import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PollSituation, pollInterval } from '../../src/platform/vimeo-probe.ts'

const WALL = Date.parse('2026-03-01T10:00:00Z')
const inMinutes = (minutes: number) => new Date(WALL + minutes * 60_000).toISOString()

type Measured = NonNullable<PollSituation['measured']>
const idle: Measured = { liveState: 'unavailable', userState: null, ingestState: null, nextStart: null }
const at = (measured: Partial<Measured> | null, more: Partial<PollSituation> = {}) =>
  pollInterval({
    ...{ interval: 15, sending: false, failed: false, spacing: 0, wall: WALL },
    measured: measured && { ...idle, ...measured },
    ...more,
  })

describe('the time until the next poll', () => {
  it('is the interval while the event is on', () => {
    assert.equal(at({ liveState: 'streaming', ingestState: 'receiving' }), 15)
    assert.equal(at({ liveState: 'streaming_preview' }), 15)
    assert.equal(at({ liveState: 'ready', userState: 'started' }), 15)
  })

  it('is four times as long while nothing is on, but not above two minutes', () => {
    assert.equal(at({}), 60)
    assert.equal(at({ liveState: 'done', userState: 'ended' }), 60)
    assert.equal(at({}, { interval: 60 }), 120)
    assert.equal(at({}, { interval: 600 }), 600)
  })

  it('is a third around the planned start, and no longer than until then', () => {
    assert.equal(at({ nextStart: inMinutes(9) }), 5)
    assert.equal(at({ nextStart: inMinutes(-10) }), 5)
    assert.equal(at({ nextStart: inMinutes(-20) }), 60)
    assert.equal(at({ nextStart: inMinutes(10.5) }), 30)
    assert.equal(at({ nextStart: inMinutes(600) }), 60)
  })

  it('is a third while the ingest waits for the stream, or something sends already', () => {
    assert.equal(at({ liveState: 'ready', ingestState: 'waiting' }), 5)
    assert.equal(at({ liveState: 'pending', ingestState: 'provisioning' }), 5)
    assert.equal(at({}, { sending: true }), 5)
  })

  it('is short after a poll that got no answer, and the interval where no event was found', () => {
    assert.equal(at(null, { failed: true }), 5)
    assert.equal(at(null), 15)
  })

  it('is never shorter than the allowance wants it', () => {
    assert.equal(at({ liveState: 'streaming' }, { spacing: 40 }), 40)
    assert.equal(at({ nextStart: inMinutes(1) }, { spacing: 40 }), 40)
  })
})
