import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Timeline } from '../../../src/stream/meter/timeline.ts'

/** A timeline that has seen a step of `interval` seconds often. */
function running(interval: number): Timeline {
  const timeline = new Timeline(100)
  for (let i = 1; i <= 100; i++) {
    timeline.follow(100 + i * interval, interval)
    timeline.advance(100 + i * interval)
  }
  return timeline
}

describe('a timeline', () => {
  it('takes a step of more than a second as a leap, and not one of less', () => {
    const timeline = running(0.04)
    assert.equal(timeline.follow(104 + 0.99, 0.04), 'onward')
    assert.equal(timeline.follow(104 + 1.01, 0.04), 'leap')
  })

  it('takes three usual steps of a slow source as no leap', () => {
    const timeline = running(2)
    assert.equal(timeline.follow(300 + 5.9, 2), 'onward')
    assert.equal(timeline.follow(300 + 6.1, 2), 'leap')
  })

  it('takes the same time stamp again as no step back', () => {
    assert.equal(running(0.04).follow(104, 0), 'onward')
    assert.equal(running(0.04).follow(103.999, 0), 'back')
  })

  it('goes on by one usual step where the time stamps jump', () => {
    const timeline = running(0.04)
    const before = timeline.time
    timeline.follow(5000, 0.04)
    timeline.rebase(5000)
    assert.ok(Math.abs(timeline.time - before - 0.04) < 0.001)
    assert.equal(timeline.follow(5000.04, 0.04), 'onward')
  })

  it('stands still for a packet that went back, and goes on where the next one is: before or after', () => {
    const stray = running(0.04)
    stray.follow(103, 0.04)
    stray.hold(103)
    assert.equal(stray.time, 104)
    assert.equal(stray.follow(104.04, 0.04), 'onward')
    stray.advance(104.04)
    assert.ok(Math.abs(stray.time - 104.04) < 1e-9)

    const moved = running(0.04)
    moved.follow(50, 0.04)
    moved.hold(50)
    assert.equal(moved.follow(50.04, 0.04), 'onward')
    moved.advance(50.04)
    assert.ok(Math.abs(moved.time - 104.04) < 1e-9)
    assert.equal(moved.follow(50.08, 0.04), 'onward')
  })
})
