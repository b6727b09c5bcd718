import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KeyframeMeter } from '../../../src/stream/meter/gop.ts'

function after(...times: number[]): KeyframeMeter {
  const meter = new KeyframeMeter(0)
  for (const time of times) meter.add(time)
  return meter
}

describe('the range of key frame intervals', () => {
  it('is not known before four have closed', () => {
    assert.equal(after(0, 2, 4, 6).range(), null)
    assert.deepEqual(after(0, 2, 4, 6, 8).range(), { shortest: 2, longest: 2 })
  })

  it('is that of the newest eight, so that an odd one is forgotten', () => {
    const times = [0, 1, 3, 5, 7, 9, 11, 13, 15]
    assert.deepEqual(after(...times).range(), { shortest: 1, longest: 2 })
    assert.deepEqual(after(...times, 17).range(), { shortest: 2, longest: 2 })
  })

  it('does not count the interval that is still open', () => {
    assert.deepEqual(after(0, 2, 4, 6, 8).range(), { shortest: 2, longest: 2 })
    assert.equal(after(0, 2, 4, 6, 8).interval(20), 12)
  })

  it('begins anew where media is missing', () => {
    const meter = after(0, 2, 4, 6, 8)
    meter.restart(30)
    assert.equal(meter.range(), null)
    for (const time of [31, 32, 33, 34]) meter.add(time)
    assert.equal(meter.range(), null)
    meter.add(35)
    assert.deepEqual(meter.range(), { shortest: 1, longest: 1 })
  })
})
