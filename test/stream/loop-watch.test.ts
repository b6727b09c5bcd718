import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { LoopWatch } from '../../src/stream/loop-watch.ts'

function makeTime(test: TestContext) {
  test.mock.timers.enable({ apis: ['setInterval'] })
  const at = { monotonic: 1000, wall: 5e12 }
  const watch = new LoopWatch({ monotonic: () => at.monotonic, wall: () => at.wall })
  /** Time passes, and the event loop runs. */
  const pass = (seconds: number) => {
    for (let left = Math.round(seconds * 100); left > 0; left--) {
      jump(0.01)
      test.mock.timers.tick(10)
    }
  }
  /** Time passes, and nothing of this process runs. */
  const jump = (seconds: number) => {
    at.monotonic += seconds
    at.wall += seconds * 1000
  }
  return { watch, at, pass, jump }
}

describe('the lateness of this process', () => {
  it('is nothing while its event loop runs', (test) => {
    const { watch, pass } = makeTime(test)
    const stop = watch.use()
    pass(5)
    assert.equal(watch.lateness(), 0)
    stop()
  })

  it('is what it missed, from the first moment on and until what waited was read', (test) => {
    const { watch, pass, jump } = makeTime(test)
    const stop = watch.use()
    pass(2)
    jump(3)
    assert.ok(Math.abs(watch.lateness() - 2.75) < 0.3)
    pass(0.3)
    assert.ok(watch.lateness() > 2)
    pass(0.5)
    assert.equal(watch.lateness(), 0)
    stop()
  })

  it('shows that the host slept, when only the clock on the wall went on', (test) => {
    const { watch, pass, at } = makeTime(test)
    const stop = watch.use()
    pass(2)
    at.wall += 3_600_000
    assert.ok(watch.lateness() > 3000)
    pass(4)
    assert.equal(watch.lateness(), 0)
    stop()
  })

  it('keeps the last long absence, with the moment at which it was over', (test) => {
    const { watch, pass, jump, at } = makeTime(test)
    const stop = watch.use()
    pass(2)
    jump(4)
    pass(2)
    assert.equal(watch.absence(), null, 'no connection ends by 4 s')
    jump(40)
    const back = at.monotonic
    pass(30)
    const { seconds, until } = watch.absence() ?? { seconds: 0, until: 0 }
    assert.ok(Math.abs(seconds - 40) < 0.5, `${seconds}`)
    assert.ok(Math.abs(until - back) < 0.5, `${until - back}`)
    at.wall += 3_600_000
    assert.ok(Math.abs((watch.absence()?.seconds ?? 0) - 3600) < 0.5, 'a host that slept')
    stop()
  })

  it('is not shown by a clock that is set back, or by a little', (test) => {
    const { watch, pass, at } = makeTime(test)
    const stop = watch.use()
    pass(1)
    at.wall -= 3_600_000
    assert.equal(watch.lateness(), 0)
    at.wall += 1500
    assert.equal(watch.lateness(), 0)
    stop()
  })

  it('is not known, and no timer runs, while nobody uses it', (test) => {
    const { watch, jump } = makeTime(test)
    const first = watch.use()
    const second = watch.use()
    first()
    first()
    jump(10)
    assert.ok(watch.lateness() > 5)
    second()
    jump(10)
    assert.equal(watch.lateness(), 0)
  })
})
