import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  afterReading,
  applyExpectMessage,
  beginNextEvent,
  type Expectation,
  type ExpectationRule,
  type ExpectMessage,
  isEventOver,
  isExpected,
  NOTHING_EXPECTED_YET,
} from '../../src/monitor/expectation.ts'

type Step = 'present' | 'absent' | 'unknown' | ExpectMessage | { at: number }

/** Plays steps and says after each whether the target is expected. The wall clock starts at 0. */
function play(rule: ExpectationRule, ...steps: Step[]): boolean[] {
  let expectation: Expectation = NOTHING_EXPECTED_YET
  let wall = 0
  return steps.map((step) => {
    if (typeof step === 'string') expectation = afterReading(expectation, step)
    else if ('at' in step) wall = step.at
    else expectation = applyExpectMessage(expectation, rule, step, wall)
    // What is kept over a deploy is plain JSON.
    expectation = JSON.parse(JSON.stringify(expectation)) as Expectation
    return isExpected(expectation, rule, wall)
  })
}

describe('an event that somebody has ended', () => {
  const after = (rule: ExpectationRule, ...steps: ('present' | 'absent' | ExpectMessage)[]) =>
    steps.reduce<Expectation>(
      (now, step) => (typeof step === 'string' ? afterReading(now, step) : applyExpectMessage(now, rule, step, 0)),
      NOTHING_EXPECTED_YET,
    )

  it('is over until media or an encoder begins the next, or it is taken back', () => {
    const isOver = (expectation: Expectation) => isEventOver(expectation, 'manual', 0)
    assert.equal(isOver(after('manual', 'absent')), false)
    assert.equal(isOver(after('manual', 'present', 'absent')), false)
    const over = after('manual', 'present', { expected: false }, 'absent', 'absent')
    assert.equal(isOver(over), true)
    assert.equal(isOver(afterReading(over, 'present')), false)
    assert.equal(isOver(beginNextEvent(over)), false)
    assert.equal(isOver(after('manual', 'present', { expected: false }, { expected: true })), false)
  })

  it('is over as long as somebody said, whatever the rule', () => {
    const said = after('always', 'present', { expected: false, until: 1000 })
    assert.deepEqual([isEventOver(said, 'always', 999), isEventOver(said, 'always', 1000)], [true, false])
    assert.equal(isEventOver(after('always', 'absent'), 'always', 0), false)
  })
})

const ON = { expected: true }
const OVER = { expected: false }

describe('a manual target', () => {
  it('is not expected before the first media, whatever else was measured', () => {
    assert.deepEqual(play('manual', 'unknown', 'absent', 'unknown', 'absent'), [false, false, false, false])
  })

  it('is expected from the first media on, also when it goes', () => {
    assert.deepEqual(play('manual', 'absent', 'present', 'absent', 'unknown', 'present'), [
      false,
      true,
      true,
      true,
      true,
    ])
  })

  it('is over when a message says so, until media comes again', () => {
    assert.deepEqual(play('manual', 'present', 'absent', OVER, 'absent', 'present'), [true, true, false, false, true])
  })

  it('stays over while media of the same event still flows', () => {
    assert.deepEqual(play('manual', 'present', OVER, 'present', 'present'), [true, false, false, false])
    assert.deepEqual(play('manual', 'present', OVER, 'present', 'absent', 'present'), [true, false, false, false, true])
  })

  it('does not take not knowing for absence', () => {
    assert.deepEqual(play('manual', 'present', OVER, 'unknown', 'present'), [true, false, false, false])
  })

  it('is expected before its first media when a message says so', () => {
    assert.deepEqual(play('manual', ON, 'absent', 'absent'), [true, true, true])
  })

  it('is expected again when a message takes the end back', () => {
    assert.deepEqual(play('manual', 'present', OVER, 'present', ON, 'absent'), [true, false, false, true, true])
  })

  it('pauses until a time, and then goes on as if nothing had been said', () => {
    const pause = { expected: false, until: 1000 }
    assert.deepEqual(play('manual', 'present', pause, 'absent', { at: 999 }, { at: 1000 }), [
      true,
      false,
      false,
      false,
      true,
    ])
    assert.deepEqual(play('manual', pause, 'absent', { at: 1000 }), [false, false, false])
  })

  it('is expected until a time, and then only if its event is on', () => {
    const show = { expected: true, until: 1000 }
    assert.deepEqual(play('manual', show, 'absent', { at: 1000 }), [true, true, false])
    assert.deepEqual(play('manual', show, 'present', { at: 1000 }), [true, true, true])
  })

  it('forgets a pause when a message without a time says otherwise', () => {
    assert.deepEqual(play('manual', 'present', { expected: false, until: 1000 }, ON, { at: 1000 }), [
      true,
      false,
      true,
      true,
    ])
  })
})

describe('a target that is always expected', () => {
  it('is expected from the start, whatever was measured', () => {
    assert.deepEqual(play('always', 'unknown', 'absent', 'present'), [true, true, true])
  })

  it('is not expected after a message without a time until one says the opposite', () => {
    assert.deepEqual(play('always', OVER, 'absent', 'present', { at: 1e12 }, ON), [false, false, false, false, true])
  })

  it('is not expected until a time', () => {
    assert.deepEqual(play('always', { expected: false, until: 1000 }, { at: 999 }, { at: 1000 }), [false, false, true])
  })

  it('takes no notice of a time that has passed', () => {
    assert.deepEqual(play('always', { at: 2000 }, { expected: false, until: 1000 }), [true, true])
  })
})

describe('a target with windows', () => {
  const hour = 3_600_000
  // 1970-01-01, where the test's clock starts, was a Thursday.
  const windows: ExpectationRule = [{ days: ['thu'], from: '01:00', to: '02:00', timezone: 'UTC' }]

  it('is expected while one is open, whatever was measured', () => {
    assert.deepEqual(play(windows, 'present', { at: hour }, 'absent', { at: 2 * hour }), [false, true, true, false])
  })

  it('is over early when a message says so, and expected again in the next window', () => {
    assert.deepEqual(play(windows, { at: hour }, OVER, 'present', { at: 169 * hour }), [true, false, false, true])
  })

  it('is expected between windows when a message says so', () => {
    assert.deepEqual(play(windows, ON, { at: hour }, { at: 2 * hour }), [true, true, false])
  })

  it('stays as a message says until the time that it gives', () => {
    const longer = { expected: true, until: 3 * hour }
    assert.deepEqual(play(windows, { at: hour }, longer, { at: 2 * hour }, { at: 3 * hour }), [true, true, true, false])
  })
})
