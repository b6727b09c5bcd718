import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SampleRing } from '../../../src/stream/meter/sample-ring.ts'

function filled(count: number, time: (i: number) => number, size: (i: number) => number = () => 100, keep = 60) {
  const ring = new SampleRing()
  for (let i = 0; i < count; i++) ring.push(time(i), size(i), keep)
  return ring
}

describe('the newest packets of a track', () => {
  it('tell the packets and bytes between the first and the last of a window', () => {
    assert.deepEqual(filled(100, (i) => i / 10).last(2), { seconds: 2, packets: 20, bytes: 2000 })
  })

  it('fill a second with 30 frames whose time stamps are rounded to milliseconds', () => {
    for (const offset of [0, 1, 2]) {
      const ring = filled(301 + offset, (i) => Math.round((i * 1000) / 30) / 1000)
      assert.equal(ring.last(1)?.packets, 30)
    }
  })

  it('fill a window when there is a packet before it, however far apart the packets are', () => {
    assert.equal(filled(4, (i) => i * 3).last(10), null)
    assert.equal(filled(5, (i) => i * 3).last(10)?.seconds, 9)
  })

  it('tell the last interval when it is longer than the window', () => {
    assert.deepEqual(filled(5, (i) => i * 3).last(1), { seconds: 3, packets: 1, bytes: 100 })
  })

  it('tell nothing of fewer than two packets, or of packets at one time', () => {
    assert.equal(filled(1, () => 5).last(1), null)
    assert.equal(filled(50, () => 5).last(1), null)
  })

  it('are as many as the longest window needs, and exact at its full length', () => {
    const ring = filled(
      100_000,
      (i) => i / 60,
      (i) => i % 7,
    )
    const span = ring.last(59)
    assert.ok(span)
    assert.equal(span.packets, 59 * 60)
    let bytes = 0
    for (let i = 100_000 - 1 - span.packets; i < 99_999; i++) bytes += i % 7
    assert.equal(span.bytes, bytes)
  })

  it('stay bounded, and tell the rate over what is kept, where packets come too fast for the window', () => {
    const ring = filled(500_000, (i) => i / 5000)
    assert.ok(ring.reach < 1)
    const span = ring.last(10)
    assert.ok(span && Math.abs(span.packets / span.seconds - 5000) < 1)
  })

  it('count bytes beyond 4 GiB', () => {
    const ring = filled(
      5000,
      (i) => i / 50,
      () => 2 ** 28,
    )
    assert.equal(ring.last(0.1)?.bytes, 5 * 2 ** 28)
  })

  it('are forgotten by clear', () => {
    const ring = filled(500, (i) => i / 10)
    ring.clear()
    assert.equal(ring.last(1), null)
    for (let i = 0; i < 20; i++) ring.push(100 + i / 10, 1, 10)
    assert.equal(ring.last(10), null)
    assert.equal(ring.last(1)?.packets, 10)
  })
})
