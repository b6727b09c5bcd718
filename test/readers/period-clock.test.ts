import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PeriodClock } from '../../src/readers/period-clock.ts'
import { packet } from '../stream/generate-packets.ts'

const STEP = 0.04

/** Hands on the packets of a period; their times on the common clock. */
function play(clock: PeriodClock, period: number, from: number, count: number, index = 0): number[] {
  return Array.from({ length: count }, (_, at) => {
    const media = index === 0 ? 'video' : 'audio'
    return clock.adjusted(packet({ media, index, dts: from + at * STEP }), period).dts ?? Number.NaN
  })
}
const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 1000) / 1000)

describe('one clock for all periods of a stream', () => {
  it('is the clock of the server while nothing is announced', () => {
    assert.deepEqual(rounded(play(new PeriodClock(), 3, 500, 3)), [500, 500.04, 500.08])
  })

  it('goes on where a period ended, wherever the next one begins', () => {
    for (const begin of [0, 499, 90_000]) {
      const clock = new PeriodClock()
      play(clock, 0, 500, 25)
      assert.deepEqual(rounded(play(clock, 1, begin, 3)), [501, 501.04, 501.08])
      assert.deepEqual(rounded(play(clock, 2, 7, 2)), [501.12, 501.16])
    }
  })

  it('moves all tracks alike, so that they stay as far apart as they were', () => {
    const clock = new PeriodClock()
    play(clock, 0, 500, 25, 0)
    play(clock, 0, 500.01, 25, 1)
    const [video = 0] = play(clock, 1, 30, 25, 0)
    const [audio = 0] = play(clock, 1, 30.02, 25, 1)
    assert.ok(Math.abs(audio - video - 0.02) < 1e-9)
  })

  it('never goes back where the beginning of a period overlaps the end of the one before', () => {
    const clock = new PeriodClock()
    play(clock, 0, 500, 25, 1)
    play(clock, 0, 500, 20, 0)
    // Audio of the period before reached further than video, by which the next one was put.
    const video = play(clock, 1, 0, 25, 0)
    const audio = play(clock, 1, 0, 25, 1)
    assert.ok(Math.abs((video[0] ?? 0) - 500.8) < 0.001, `${video[0]}`)
    const all = [500.96, ...audio]
    assert.ok(
      all.every((time, at) => at === 0 || time > (all[at - 1] ?? 0)),
      `${all}`,
    )
  })

  it('moves the time of presentation with that of decoding', () => {
    const clock = new PeriodClock()
    play(clock, 0, 500, 25)
    const { dts, pts } = clock.adjusted(packet({ media: 'video', dts: 10, pts: 10.08 }), 1)
    assert.ok(dts !== null && pts !== null && Math.abs(pts - dts - 0.08) < 1e-9)
  })

  it('shows the clock of the server where its numbers began anew without a word', () => {
    const clock = new PeriodClock()
    play(clock, 0, 500, 25)
    assert.deepEqual(rounded(play(clock, 1e6, 3, 2)), [3, 3.04])
  })

  it('leaves packets without a time as they are', () => {
    const bare = packet({ media: 'video' })
    assert.equal(new PeriodClock().adjusted(bare, 0), bare)
  })

  it('stays small over any number of periods', () => {
    const clock = new PeriodClock()
    let last = 0
    for (let period = 0; period < 1000; period++) {
      const [time = 0] = play(clock, period, 7, 1)
      assert.ok(period === 0 || Math.abs(time - last - STEP) < 1e-6, `${period}: ${last} ${time}`)
      last = time
    }
  })
})
