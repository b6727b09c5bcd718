import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { blockAfter, LONGEST_BLOCK, rateLimitOf, spacingFor } from '../../src/platform/vimeo-account.ts'

const WALL = Date.parse('2026-03-01T10:00:00Z')

describe('what Vimeo says of its limit', () => {
  it('is read from the headers, the reset as a time or in Unix seconds', () => {
    const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '998' }
    const rate = { limit: 1000, remaining: 998, resetAt: WALL }
    assert.deepEqual(rateLimitOf({ ...headers, 'x-ratelimit-reset': '2026-03-01T10:00:00+00:00' }), rate)
    assert.deepEqual(rateLimitOf({ ...headers, 'x-ratelimit-reset': String(WALL / 1000) }), rate)
  })

  it('is nothing where it says nothing, and no number where it says no number', () => {
    assert.equal(rateLimitOf({}), null)
    assert.deepEqual(rateLimitOf({ 'x-ratelimit-limit': '-1', 'x-ratelimit-remaining': '5' }), {
      ...{ limit: null, remaining: 5, resetAt: null },
    })
    assert.equal(rateLimitOf({ 'x-ratelimit-remaining': 'NaN', 'x-ratelimit-reset': 'soon' }), null)
  })
})

describe('the wait after a 429', () => {
  it('lasts until the reset that the headers name, and a second more', () => {
    assert.equal(blockAfter({ 'x-ratelimit-reset': '2026-03-01T10:00:20Z' }, 1, WALL), 21)
  })

  it('goes by Retry-After first', () => {
    assert.equal(blockAfter({ 'retry-after': '5', 'x-ratelimit-reset': '2026-03-01T10:00:20Z' }, 1, WALL), 6)
  })

  it('is a minute without headers, and doubles with every one more, up to a quarter of an hour', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 50].map((again) => blockAfter({}, again, WALL)),
      [60, 120, 240, 480, LONGEST_BLOCK, LONGEST_BLOCK],
    )
  })

  it('takes a reset that has passed for none, and bounds one that is far away', () => {
    assert.equal(blockAfter({ 'x-ratelimit-reset': '2026-03-01T09:00:00Z' }, 1, WALL), 60)
    assert.equal(blockAfter({ 'x-ratelimit-reset': '2036-03-01T10:00:00Z' }, 1, WALL), LONGEST_BLOCK)
  })
})

describe('the spacing of polls', () => {
  const resetAt = WALL + 60_000

  it('is none where much is left, or nothing is known', () => {
    assert.equal(spacingFor(null, 3, WALL), 0)
    assert.ok(spacingFor({ limit: 1000, remaining: 990, resetAt }, 3, WALL) < 1)
  })

  it('spreads what is left, less a tenth for others, over the time until it is renewed', () => {
    assert.equal(spacingFor({ limit: 100, remaining: 22, resetAt }, 3, WALL), 15)
    assert.equal(spacingFor({ limit: 100, remaining: 22, resetAt }, 6, WALL), 30)
  })

  it('waits for the renewal where nothing but that tenth is left', () => {
    assert.equal(spacingFor({ limit: 100, remaining: 11, resetAt }, 3, WALL), 60)
  })

  it('is none where the renewal has passed', () => {
    assert.equal(spacingFor({ limit: 100, remaining: 0, resetAt: WALL - 1 }, 3, WALL), 0)
  })
})
