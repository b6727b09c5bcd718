import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { end, type Hold, IDLE, isActive, restartHolds, type Side, type Step, step } from '../../src/health/hold.ts'

const TIMES = { enterHold: 3, clearHold: 5 }

const at = (second: number) => ({ wall: 1_000_000 + second * 1000, monotonic: second })

/** One letter per second: F fault, b between, f fine, - unmeasured. Gives what changed, by second. */
function play(letters: string, times = TIMES, hold: Hold = IDLE): { hold: Hold; changes: string[] } {
  const sides: Record<string, Side> = { F: 'fault', b: 'between', f: 'fine', '-': 'unmeasured' }
  const changes: string[] = []
  let current = hold
  for (const [second, letter] of [...letters].entries()) {
    const stepped: Step = step(current, sides[letter] ?? 'unmeasured', at(second), times)
    current = stepped.hold
    if (stepped.change === 'raised') changes.push(`${second} raised`)
    if (stepped.change === 'cleared') changes.push(`${second} cleared after ${stepped.duration}`)
  }
  return { hold: current, changes }
}

describe('hold', () => {
  it('raises a fault that has held for its time, and no sooner', () => {
    assert.deepEqual(play('fFFF').changes, [])
    assert.deepEqual(play('fFFFF').changes, ['4 raised'])
  })

  it('raises at once where no time is to be held', () => {
    assert.deepEqual(play('F', { enterHold: 0, clearHold: 0 }).changes, ['0 raised'])
  })

  it('begins anew when the fault goes before its time, even if only half way', () => {
    assert.deepEqual(play('FFFfFFF').changes, [])
    assert.deepEqual(play('FFFbFFF').changes, [])
  })

  it('clears what has been fine for its time, and says how long the fault lasted without that time', () => {
    assert.deepEqual(play('FFFFFFfffff').changes, ['3 raised'])
    assert.deepEqual(play('FFFFFFffffff').changes, ['3 raised', '11 cleared after 6'])
  })

  it('makes one issue of a value that swings around the limits', () => {
    assert.deepEqual(play(`FFFF${'ffffbFfbff'.repeat(20)}ffffff`).changes.length, 2)
    assert.deepEqual(play(`FFFF${'bFbF'.repeat(50)}`).changes, ['3 raised'])
  })

  it('goes back to active when a value falls between the limits while it clears', () => {
    assert.deepEqual(play('FFFFfffbfffff').changes, ['3 raised'])
  })

  it('does not count time that was not measured towards raising', () => {
    assert.deepEqual(play('FF-----F').changes, [])
    assert.deepEqual(play('FF-----FF').changes, [])
    assert.deepEqual(play('FF-----FFF').changes, ['9 raised'])
  })

  it('does not count time that was not measured towards clearing', () => {
    assert.deepEqual(play('FFFFff--------ffff').changes, ['3 raised'])
    assert.deepEqual(play('FFFFff--------fffff').changes, ['3 raised', '18 cleared after 4'])
  })

  it('forgives the milliseconds by which timers are early', () => {
    let hold = step(IDLE, 'fault', at(0.001), TIMES).hold
    for (const second of [1.002, 1.999]) hold = step(hold, 'fault', at(second), TIMES).hold
    assert.equal(step(hold, 'fault', at(2.9995), TIMES).change, 'raised')
    assert.equal(step(hold, 'fault', at(2.9), TIMES).change, 'none')
  })

  it('takes the beginning of the fault from the check, on both clocks', () => {
    const { hold } = step(IDLE, 'fault', at(10), { enterHold: 0, clearHold: 0 }, 4)
    assert.deepEqual(hold.state, { phase: 'active', since: at(6) })
  })

  it('keeps the first beginning while the fault goes on', () => {
    const first = step(IDLE, 'fault', at(10), TIMES, 2).hold
    const later = step(first, 'fault', at(13), TIMES, 0.5).hold
    assert.deepEqual(later.state, { phase: 'active', since: at(8) })
  })

  it('ends what is active with its duration, and what is not without a word', () => {
    assert.deepEqual(end(play('FFFFF').hold, at(9)), { hold: IDLE, change: 'cleared', duration: 9 })
    assert.deepEqual(end(play('FFFFFff').hold, at(9)), { hold: IDLE, change: 'cleared', duration: 5 })
    assert.deepEqual(end(play('FF').hold, at(9)), { hold: IDLE, change: 'none' })
  })

  it('begins both hold times anew without ending what is active', () => {
    assert.equal(restartHolds(play('FFF').hold).state.phase, 'idle')
    assert.equal(restartHolds(play('FFFF').hold).state.phase, 'active')
    assert.equal(restartHolds(play('FFFFfff').hold).state.phase, 'active')
  })

  it('raises and clears in turn, with no negative duration, and never without a measurement', () => {
    const sides = fc.constantFrom<Side>('fault', 'between', 'fine', 'unmeasured')
    const reading = fc.record({ side: sides, passed: fc.double({ min: 0.01, max: 20, noNaN: true }) })
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 80 }), fc.nat(6), fc.nat(6), (readings, enterHold, clearHold) => {
        let hold = IDLE
        let now = 0
        for (const { side, passed } of readings) {
          now += passed
          const was = isActive(hold)
          const stepped = step(hold, side, at(now), { enterHold, clearHold })
          hold = stepped.hold
          if (stepped.change === 'raised') assert.ok(!was && isActive(hold) && side === 'fault')
          if (stepped.change === 'cleared')
            assert.ok(was && !isActive(hold) && side === 'fine' && stepped.duration >= 0)
          if (stepped.change === 'none') assert.equal(isActive(hold), was)
        }
      }),
    )
  })
})
