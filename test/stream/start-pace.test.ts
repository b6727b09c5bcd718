import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { StartPace } from '../../src/stream/pace.ts'

const clock = { wall: () => Date.now(), monotonic: () => Date.now() / 1000 }
const never = new AbortController().signal

async function pass(seconds: number): Promise<void> {
  for (let passed = 0; passed < Math.round(seconds * 100); passed++) {
    mock.timers.tick(10)
    await Promise.resolve()
  }
}

describe('the pace at which processes start', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 }))
  afterEach(() => mock.timers.reset())

  it('lets a few start at once and the others so many a second, in the order in which they came', async () => {
    const pace = new StartPace(clock, 10, 5)
    const started: number[] = []
    for (let index = 0; index < 25; index++) void pace.turn(never).then(() => started.push(index))
    await pass(0)
    assert.deepEqual(started, [0, 1, 2, 3, 4])
    await pass(1.02)
    assert.equal(started.length, 15)
    await pass(1.02)
    assert.deepEqual(
      started,
      Array.from({ length: 25 }, (_, index) => index),
    )
  })

  it('never lets a single one wait, and has all its places again after a pause', async () => {
    const pace = new StartPace(clock, 10, 5)
    for (let round = 0; round < 3; round++) {
      let started = 0
      for (let index = 0; index < 5; index++) void pace.turn(never).then(() => started++)
      await pass(0.01)
      assert.equal(started, 5)
      await pass(1)
    }
  })

  it('goes on although a turn throws', async () => {
    let isBroken = false
    const monotonic = () => {
      if (isBroken) throw new Error('broken')
      return clock.monotonic()
    }
    const pace = new StartPace({ ...clock, monotonic }, 10, 1)
    let started = 0
    for (let index = 0; index < 3; index++) void pace.turn(never).then(() => started++)
    isBroken = true
    await pass(0.3)
    assert.equal(started, 1)
    isBroken = false
    await pass(0.3)
    assert.equal(started, 3)
  })

  it('lets go of one that does not want to start any more, and leaves its place to the next', async () => {
    const pace = new StartPace(clock, 10, 1)
    const abort = new AbortController()
    const started: string[] = []
    void pace.turn(never).then(() => started.push('first'))
    void pace.turn(abort.signal).then(() => started.push('given up'))
    void pace.turn(never).then(() => started.push('last'))
    abort.abort()
    await pass(0.01)
    assert.deepEqual(started, ['first', 'given up'])
    await pass(0.11)
    assert.deepEqual(started, ['first', 'given up', 'last'])
  })
})
