import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SkewMeter } from '../../../src/stream/meter/publisher.ts'

describe('the skew of the tracks', () => {
  it('is the median, which a few packets out of order do not move', () => {
    const skew = new SkewMeter()
    for (let i = 0; i < 60; i++) skew.add(i, i - 0.2)
    for (let i = 60; i < 100; i++) skew.add(i, i - 5)
    assert.ok(Math.abs((skew.median() ?? 9) - 0.2) < 1e-9)
  })

  it('is of the newest packets', () => {
    const skew = new SkewMeter()
    for (let i = 0; i < 500; i++) skew.add(i, i)
    for (let i = 0; i < 60; i++) skew.add(i, i - 3)
    assert.equal(skew.median(), 3)
  })

  it('is null until there are some', () => {
    const skew = new SkewMeter()
    for (let i = 0; i < 10; i++) skew.add(1, 1)
    assert.equal(skew.median(), null)
    skew.add(1, 1)
    assert.equal(skew.median(), 0)
  })

  it('is not the wrap that one of the tracks has behind it', () => {
    const skew = new SkewMeter()
    for (let i = 0; i < 101; i++) skew.add(0.1, 2 ** 32 / 1000 - 0.1)
    assert.ok(Math.abs((skew.median() ?? 9) - 0.2) < 1e-6)
  })

  for (const behind of [-30, -5, 5, 30]) {
    it(`is ${behind} s where one of the tracks has begun below 0, which its container writes as a wrap`, () => {
      const skew = new SkewMeter()
      const wrap = 2 ** 32 / 1000
      for (let i = 0; i < 101; i++) skew.add((i + behind + wrap) % wrap, i)
      assert.ok(Math.abs((skew.median() ?? 0) - behind) < 1e-6, String(skew.median()))
    })
  }
})
