import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PacketMeter } from '../../src/stream/meter.ts'
import { generate } from './generate-packets.ts'

/** Two tracks of video, of which the second goes on for longer. */
function meterOfTwo(first: number, second: number): PacketMeter {
  const meter = new PacketMeter({ stallAfter: 2 })
  meter.beginSession(0)
  for (const { at, packet } of generate({ seconds: second, audioRate: null })) {
    if (at < first) meter.add(packet, at)
    meter.add({ ...packet, index: 2 }, at)
  }
  return meter
}

describe('a further track of a medium', () => {
  it('is none that is measured', () => {
    const meter = meterOfTwo(10, 10)
    const [arrival] = generate({ seconds: 1, audioRate: null })
    assert.ok(arrival)
    assert.equal(meter.measures(arrival.packet), true)
    assert.equal(meter.measures({ ...arrival.packet, index: 2 }), false)
    assert.equal(meter.measures({ ...arrival.packet, media: 'other' }), false)
  })

  it('goes on where the first one has stalled, and is no flow of it', () => {
    const meter = meterOfTwo(10, 15)
    assert.equal(meter.isFlowing(14.9), false)
    assert.equal(meter.othersGoOn(14.9), true)
    assert.equal(meter.othersGoOn(17), false)
  })

  it('does not matter while the first one flows', () => {
    assert.equal(meterOfTwo(10, 10).othersGoOn(10), false)
  })

  it('of sound says nothing of a picture that has stalled', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    for (const { at, packet } of generate({ seconds: 15 })) {
      if (packet.media === 'audio') meter.add({ ...packet, index: 2 }, at)
      if (packet.media === 'audio' || at < 10) meter.add(packet, at)
    }
    assert.equal(meter.isFlowing(14.9), false)
    assert.equal(meter.othersGoOn(14.9), false)
  })
})
