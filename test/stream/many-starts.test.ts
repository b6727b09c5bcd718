/** What happens where a thousand streams begin at once. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { CONNECTING_PATIENCE } from '../../src/health/checks/every-kind.ts'
import { Limiter } from '../../src/observation/limiter.ts'
import { parseStreamUrl } from '../../src/secrets/stream-address.ts'
import { Inspector } from '../../src/stream/inspector.ts'
import { OWN_STARTS, StartPace } from '../../src/stream/pace.ts'
import { SessionStart } from '../../src/stream/session-start.ts'

const THOUSAND = Array.from({ length: 1000 }, (_, index) => index)
const clock = { wall: () => Date.now(), monotonic: () => Date.now() / 1000 }
const never = new AbortController().signal
const settled = () => new Promise(setImmediate)

describe('a thousand streams that begin at once', () => {
  describe('and start nothing', () => {
    beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 }))
    afterEach(() => mock.timers.reset())

    it('have all had their turn, each in its order, before one of them is called late', async () => {
      const pace = new StartPace(clock, OWN_STARTS, OWN_STARTS)
      const started: number[] = []
      for (const index of THOUSAND) void pace.turn(never).then(() => started.push(index))
      let most = 0
      for (let second = 0; second < CONNECTING_PATIENCE - 5; second++) {
        const before = started.length
        for (let part = 0; part < 100; part++) {
          mock.timers.tick(10)
          await Promise.resolve()
        }
        most = Math.max(most, started.length - before)
      }
      assert.deepEqual(started, THOUSAND)
      assert.ok(most <= 2 * OWN_STARTS + 1, `${most} in one second`)
    })
  })

  it('wait for no program, and no program for them', async () => {
    const address = parseStreamUrl('rtmp://127.0.0.1:1/live/one')
    const ending = new AbortController()
    const began = clock.monotonic()
    const begun = { program: 0, own: 0 }
    const turns = THOUSAND.flatMap(() => [
      new SessionStart(clock)
        .turn(address, {}, ending.signal)
        .then(() => (ending.signal.aborted ? 0 : begun.program++)),
      new SessionStart(clock)
        .turn(address, { startsNothing: true }, ending.signal)
        .then(() => (ending.signal.aborted ? 0 : begun.own++)),
    ])
    await settled()
    const most = (each: number) => each * (clock.monotonic() - began + 1) + 1
    assert.ok(begun.program >= 12 && begun.program <= most(12), `${begun.program} programs`)
    assert.ok(begun.own >= OWN_STARTS && begun.own <= most(OWN_STARTS), `${begun.own} readers of our own`)
    ending.abort()
    await Promise.all(turns)
  })

  it('are looked at by four programs at once, in their order, and one that has gone is left out', async () => {
    const limiter = new Limiter(4)
    const looked: number[] = []
    let running = 0
    let most = 0
    const inspectors = THOUSAND.map(
      (index) =>
        new Inspector({
          limiter,
          inspect: async () => {
            most = Math.max(most, ++running)
            looked.push(index)
            await settled()
            running--
            return 'failed'
          },
          wanted: ['video'],
          shows: () => true,
          found: () => {},
          reopen: () => {},
        }),
    )
    for (const inspector of inspectors) inspector.begin('other')
    inspectors[500]?.stop()
    while (looked.length < 999) await settled()
    await settled()
    for (const inspector of inspectors) inspector.stop()
    assert.equal(most, 4)
    assert.deepEqual(
      looked,
      THOUSAND.filter((index) => index !== 500),
    )
    assert.equal(limiter.waiting, 0)
  })
})
