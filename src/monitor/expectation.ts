import type { Reading } from '../observation/reading.ts'
import type { ExpectationRule } from '../targets/target.ts'
import { scheduleAt } from '../targets/windows.ts'

export type { ExpectationRule }

/**
 * What is remembered about whether a target should be on the air. Plain JSON, so that it can be carried from one
 * watch to the next.
 */
export interface Expectation {
  /** What the rule `manual` stands at. */
  event: ManualEvent
  /** What a message said, over the rule. */
  override: Override | null
}

/**
 * `waiting`: for the first media. `on`: media has come and nobody has said that it ended. `ended`: somebody said so
 * while media may still flow; only when it has been absent does its coming begin the next event. `over`: it has been
 * absent since, and nothing has begun the next event.
 */
export type ManualEvent = 'waiting' | 'on' | 'ended' | 'over'

interface Override {
  expected: boolean
  /** Milliseconds since the epoch; null: until a message says the opposite. */
  until: number | null
}

export interface ExpectMessage {
  expected: boolean
  /** Milliseconds since the epoch. */
  until?: number
}

export const NOTHING_EXPECTED_YET: Expectation = { event: 'waiting', override: null }

/**
 * Takes an *expect* message. With `until` it holds over the rule until then, and then the rule goes on as if nothing
 * had been said. Without, it holds until a message says the opposite; for `manual` it begins or ends the event, and for
 * windows it holds until the next beginning or end.
 *
 * @param wall milliseconds since the epoch, of the message
 */
export function applyExpectMessage(
  expectation: Expectation,
  rule: ExpectationRule,
  message: ExpectMessage,
  wall: number,
): Expectation {
  const { expected, until } = message
  if (until !== undefined) return { ...expectation, override: { expected, until } }
  if (rule === 'manual') return { event: expected ? 'on' : 'ended', override: null }
  if (rule === 'always') return { ...expectation, override: expected ? null : { expected, until: null } }
  return { ...expectation, override: { expected, until: scheduleAt(rule, wall).until } }
}

/** Takes what was measured. Not knowing moves nothing. */
export function afterReading(expectation: Expectation, outcome: Reading<unknown>['outcome']): Expectation {
  const { event } = expectation
  if ((event === 'waiting' || event === 'over') && outcome === 'present') return { ...expectation, event: 'on' }
  if (event === 'ended' && outcome === 'absent') return { ...expectation, event: 'over' }
  return expectation
}

/**
 * Takes the end of the event as an encoder or a platform says it. Only `manual` has an event, and what a message says with
 * a time stays.
 */
export function endEvent(expectation: Expectation, rule: ExpectationRule): Expectation {
  return rule === 'manual' && expectation.event === 'on' ? { ...expectation, event: 'ended' } : expectation
}

/** Takes the beginning of a next event as an encoder or a platform says it: with its media it is on. */
export function beginNextEvent(expectation: Expectation): Expectation {
  const { event } = expectation
  return event === 'ended' || event === 'over' ? { ...expectation, event: 'waiting' } : expectation
}

/** Whether somebody has said that the event is over, and no other has begun. @param wall milliseconds since the epoch */
export function isEventOver({ event, override }: Expectation, rule: ExpectationRule, wall: number): boolean {
  if (override && (override.until === null || wall < override.until)) return !override.expected
  return rule === 'manual' && (event === 'ended' || event === 'over')
}

/** @param wall milliseconds since the epoch */
export function isExpected(expectation: Expectation, rule: ExpectationRule, wall: number): boolean {
  const { override } = expectation
  if (override && (override.until === null || wall < override.until)) return override.expected
  return ruleSays(rule, expectation, wall)
}

function ruleSays(rule: ExpectationRule, expectation: Expectation, wall: number): boolean {
  if (rule === 'always') return true
  if (rule === 'manual') return expectation.event === 'on'
  return scheduleAt(rule, wall).expected
}

/** A watched stream whose event may be ended by what it depends on. */
export interface EventFollower {
  readonly name: string
  /** Somebody has said that its event is over, and no other has begun. */
  isOver(): boolean
  endEvent(): void
  /** What flows from now on belongs to the next event. */
  beginEvent(): void
}
