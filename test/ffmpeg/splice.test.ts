import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Splice } from '../../src/ffmpeg/splice.ts'
import type { Packet } from '../../src/stream/packet.ts'

/** A stream's packets from its beginning, of 25 frames and 50 audio packets per second, by arrival. */
function stream(seconds: number, options: { shift?: number; sizes?: 'same'; index?: number } = {}): Packet[] {
  const { shift = 0, sizes, index = 0 } = options
  const packet = (media: 'video' | 'audio', number: number, perSecond: number): Packet => ({
    media,
    index: media === 'video' ? index : 1 - index,
    pts: null,
    dts: number / perSecond + shift,
    size: sizes === 'same' ? 100 : 1000 + ((number * 7919) % 997) + (media === 'video' ? 0 : 3),
    keyframe: media === 'audio' || number % 50 === 0,
    newExtradata: false,
  })
  return Array.from({ length: seconds * 25 }, (_, frame) => [
    packet('video', frame, 25),
    packet('audio', frame * 2, 50),
    packet('audio', frame * 2 + 1, 50),
  ]).flat()
}

/** What is handed on when the first reader is at `first` and the second, which began at `from`, reads on. */
function join(first: readonly Packet[], second: readonly Packet[]): Packet[] | null {
  const splice = new Splice()
  for (const packet of first) splice.first(packet)
  for (const [at, packet] of second.entries()) {
    const rest = splice.second(packet)
    if (rest) return [...rest, ...second.slice(at + 1).flatMap((next) => splice.adjusted(next) ?? [])]
  }
  return null
}

const told = (packets: readonly Packet[] | null) =>
  packets?.map(({ media, index, dts, size }) => `${media} ${index} ${dts?.toFixed(3)} ${size}`)

describe('two readers of a stream', () => {
  it('are joined without a packet that is lost or counts twice', () => {
    const all = stream(20)
    for (const at of [300, 301, 302, 303]) {
      assert.deepEqual(told(join(all.slice(0, at), all.slice(150))), told(all.slice(at)), `after ${at} packets`)
    }
  })

  it('are joined where the second is ahead of the first for a moment', () => {
    const all = stream(20)
    const splice = new Splice()
    for (const packet of all.slice(0, 300)) splice.first(packet)
    let rest: Packet[] | null = null
    for (const packet of all.slice(200, 303)) rest ??= splice.second(packet)
    assert.ok(rest, 'it has caught up')
    const late = new Splice()
    for (const packet of all.slice(0, 290)) late.first(packet)
    for (const packet of all.slice(295, 310)) assert.equal(late.second(packet), null)
    for (const packet of all.slice(290, 320)) late.first(packet)
    assert.ok(all.slice(310, 330).some((packet) => late.second(packet)))
  })

  it('do not join before the second has caught up', () => {
    const all = stream(20)
    assert.equal(join(all.slice(0, 900), all.slice(0, 870)), null)
  })

  it('are joined where the second stays a little behind', () => {
    const all = stream(20)
    const splice = new Splice()
    const found: Packet[] = []
    let joinedAt = Number.NaN
    for (const [at, packet] of all.entries()) {
      if (Number.isNaN(joinedAt)) splice.first(packet)
      const behind = all[at - 5]
      if (behind === undefined || at < 300) continue
      const next = Number.isNaN(joinedAt) ? splice.second(behind) : [splice.adjusted(behind)]
      if (next === null) continue
      if (Number.isNaN(joinedAt)) joinedAt = at
      found.push(...next.filter((packet) => packet !== null))
    }
    assert.ok(joinedAt > 300)
    assert.deepEqual(told(found), told(all.slice(joinedAt + 1, -5)))
  })

  it('are joined where the server begins a clock for each player, and where tracks have other numbers', () => {
    const [all, shifted] = [stream(20), stream(20, { shift: -7.25, index: 1 })]
    assert.deepEqual(told(join(all.slice(0, 600), shifted.slice(300))), told(all.slice(600)))
  })

  it('do not join where sizes tell nothing and the clocks differ', () => {
    const [all, shifted] = [stream(20, { sizes: 'same' }), stream(20, { sizes: 'same', shift: 3.33 })]
    assert.equal(join(all.slice(0, 600), shifted.slice(300)), null)
    assert.deepEqual(told(join(all.slice(0, 600), all.slice(300))), told(all.slice(600)))
  })

  it('do not join with another stream', () => {
    const other = stream(20).map((packet) => ({ ...packet, size: packet.size + 1 }))
    assert.equal(join(stream(10), other), null)
  })

  it('go back to the publisher’s own clock when it begins anew', () => {
    const [all, shifted] = [stream(20), stream(20, { shift: 100 })]
    const splice = new Splice()
    for (const packet of all.slice(0, 300)) splice.first(packet)
    for (const packet of shifted.slice(200, 310)) splice.second(packet)
    const [again] = stream(1)
    assert.ok(again)
    assert.equal(splice.adjusted(again)?.dts, 0)
  })

  it('are joined by audio alone', () => {
    const all = stream(20).filter(({ media }) => media === 'audio')
    assert.deepEqual(told(join(all.slice(0, 400), all.slice(300))), told(all.slice(400)))
  })
})
