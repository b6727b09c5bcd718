import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { Pace, phaseOf } from '../../src/polling/pace.ts'
import { mockedClock, mockTime, pass, START } from '../monitor/fixtures.ts'

const turns: number[] = []
const lateness: number[] = []
let pace: Pace | null = null

function paceOf(interval: number, phase: number): Pace {
  pace = new Pace({
    interval,
    phase,
    clock: mockedClock,
    turn: (late) => {
      turns.push((Date.now() - START) / 1000)
      lateness.push(late)
    },
  })
  return pace
}

describe('pace', () => {
  beforeEach(() => {
    turns.length = 0
    lateness.length = 0
    mockTime()
  })
  afterEach(() => {
    pace?.stop()
    mock.timers.reset()
  })

  it('gives a turn an interval, at the phase', () => {
    paceOf(1, 0.25).start()
    pass(3.5)
    assert.deepEqual(turns, [0.25, 1.25, 2.25, 3.25])
    assert.ok(lateness.every((late) => late < 0.02))
  })

  it('gives a turn soon when asked, one for several requests, and leaves the regular ones where they are', () => {
    const running = paceOf(1, 0.25)
    running.start()
    pass(0.5)
    running.hurry()
    running.hurry()
    pass(1)
    assert.deepEqual(turns, [0.25, 0.51, 1.25])
  })

  it('goes on, on its grid, although a turn throws before it has armed the next one', () => {
    const running = paceOf(1, 0.25)
    running.start()
    pass(0.5)
    running.hurry()
    const broken = mock.method(mockedClock, 'monotonic', () => {
      throw new Error('broken')
    })
    pass(2)
    assert.ok(broken.mock.callCount() >= 3, 'each turn is tried')
    broken.mock.restore()
    assert.deepEqual(turns, [0.25])
    pass(2)
    assert.deepEqual(turns.slice(1), [3.25, 4.25])
    running.hurry()
    pass(0.1)
    assert.equal(turns.length, 4)
  })

  it('that follows requests gives a turn by itself only when none was asked for in one and a half intervals', () => {
    pace = new Pace({
      interval: 2,
      phase: 0,
      by: 'requests',
      clock: mockedClock,
      turn: () => turns.push((Date.now() - START) / 1000),
    })
    pace.start()
    pass(1)
    pace.hurry()
    pass(2)
    pace.hurry()
    pass(6.5)
    assert.deepEqual(
      turns.map((at) => Math.round(at)),
      [1, 3, 6, 9],
    )
  })

  it('gives at most ten turns a second out of turn, and the last request is not lost', () => {
    const running = paceOf(10, 9.5)
    running.start()
    for (let index = 0; index < 100; index += 1) {
      running.hurry()
      pass(0.01)
    }
    const within = turns.length
    assert.ok(within >= 9 && within <= 10, `${within} turns`)
    running.hurry()
    pass(0.2)
    assert.equal(turns.length, within + 1)
  })

  it('leaves out the turns that a busy runtime missed, and says how late it is', () => {
    paceOf(1, 0.25).start()
    pass(1)
    mock.timers.tick(5000)
    assert.deepEqual(turns, [0.25, 6])
    assert.equal(Number((lateness.at(-1) ?? 0).toFixed(2)), 4.75)
    pass(1)
    assert.deepEqual(turns, [0.25, 6, 6.25])
  })

  it('does not give a turn twice when a timer fires early', () => {
    let early = 0
    const running = new Pace({
      interval: 1,
      phase: 0.25,
      clock: { wall: () => Date.now(), monotonic: () => Date.now() / 1000 - early },
      turn: () => {
        early = 0.005
        turns.push(Date.now())
      },
    })
    running.start()
    pass(3.5)
    running.stop()
    assert.equal(turns.length, 4)
  })

  it('gives no turn after its stop, nor before its start', () => {
    const running = paceOf(1, 0.25)
    running.hurry()
    pass(1)
    running.start()
    running.start()
    pass(1)
    assert.equal(turns.length, 1)
    running.hurry()
    running.stop()
    pass(3)
    assert.equal(turns.length, 1)
  })
})

describe('phase', () => {
  it('lies within the interval, is the same every time and spreads many names', () => {
    const phases = Array.from({ length: 1000 }, (_, index) => phaseOf(`stream/camera-${index}`, 2))
    assert.ok(phases.every((phase) => phase >= 0 && phase < 2))
    assert.equal(phaseOf('stream/camera-7', 2), phases[7])
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = phases.filter((phase) => Math.floor(phase * 5) === tenth).length
      assert.ok(share > 60 && share < 140, `${share} of 1000 in tenth ${tenth}`)
    }
  })
})
