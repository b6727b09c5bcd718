import type { EncoderMeasurements } from '../../observation/encoder.ts'
import { bitrate, seconds } from '../../observation/words.ts'
import type { KindRules } from '../check.ts'
import { levelOf } from '../history.ts'
import { highestSustained } from '../level.ts'
import {
  type EncoderCheck,
  type EncoderOptions,
  encoderConnecting,
  encoderIdle,
  encoderInterrupted,
  encoderUnreachable,
  isEventOver,
} from './encoder-presence.ts'
import { neverSeen, notMeasured } from './every-kind.ts'
import { ENCODER_RELATIONS, withRelations } from './relations.ts'
import { unusual } from './unusual.ts'

const percent = (ratio: number) => `${Math.round(100 * ratio)} %`

const encoderCacheHigh: EncoderCheck = {
  type: 'encoderCacheHigh',
  severity: 'warning',
  weight: 20,
  limits: { enter: 0.5, enterHold: 3, clear: 0.25, clearHold: 10, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess(context, limits) {
    const { reading } = context
    if (reading.outcome !== 'present') return 'unmeasured'
    const { deviceState, cacheUsedRatio: used, cacheRisePerMinute: rise } = reading.measurements
    if (deviceState === 'idle' || isEventOver(context)) return 'not-judged'
    if (used === null) return 'unmeasured'
    return {
      value: inAMinute(used, rise ?? 0, limits.enter ?? 1),
      measured: percent(used),
      expected: `below ${percent(limits.enter ?? 1)}`,
    }
  },
  summary(_finding, { reading }, limits) {
    const { cacheUsedRatio, cacheRisePerMinute: rise } = reading.measurements
    const used = Math.min(1, Math.max(0, cacheUsedRatio ?? 0))
    const [change, why] = trendOf(used, rise ?? 0)
    const limit = limits.enter ?? 1
    const when = rise !== null && rise > STEADY && used < limit ? ' in a minute' : ''
    return `Encoder cache ${percent(used)} full${change} (expected below ${percent(limit)}${when}): ${why}`
  },
  remedy: [
    'Stop whatever else uses the uplink now: uploads, backups, updates, guests on the Wi-Fi.',
    'Put the encoder on a cable instead of Wi-Fi, or on your second internet connection.',
    'If it goes on rising, be ready: when the cache is full, the stream breaks. At a pause of the event, stop the stream, choose the next lower quality on the encoder, and start it again.',
    'Afterwards, measure the uplink, and choose a quality that takes half of it at most.',
  ],
  text: {
    measures: 'how full the cache of the encoder will be in a minute, if it goes on rising as in the last 20 s',
    window: () => 'the newest answer, and the last 20 s for the rise',
    raised: (limits) =>
      `${percent(limits.enter ?? 0)} in a minute, or now unless it will be below that within a minute`,
    cleared: (limits) => `${percent(limits.clear ?? 0)} in a minute, and now`,
    why: 'What the uplink does not carry waits in the cache, so it fills before anything is lost: operators take it for their earliest warning (facts of Blackmagic control software). A rise is told from 10 s on.',
    blindTo: 'Encoders that do not tell their cache: firmware 2.x. Nothing is judged there.',
  },
}

/**
 * How full it will be. A cache that empties is not called empty before it is, but it is no new fault where it will be below
 * the limit within the minute: the connection was away, and is back.
 */
function inAMinute(used: number, rise: number, limit: number): number {
  if (rise < -STEADY && used + rise < limit) return Math.min(used, limit - STEADY)
  return Math.min(1, used + Math.max(0, rise))
}

/** A change of less than this share of the cache a minute is none. */
const STEADY = 0.01

/** Where it goes and how soon it is there, and what that says of the uplink. A time, because a share a minute may be any number. */
function trendOf(used: number, rise: number): [string, string] {
  if (rise > STEADY && used < 1) {
    return [
      ` and rising, full in ${seconds((60 * (1 - used)) / rise)}`,
      'the uplink carries less than the encoder sends',
    ]
  }
  if (rise < -STEADY && used > 0) {
    return [` and falling, empty in ${seconds((60 * used) / -rise)}`, 'the uplink is catching up']
  }
  return ['', 'the uplink has carried less than the encoder sends']
}

const encoderBitrateLow: EncoderCheck = {
  type: 'encoderBitrateLow',
  severity: 'warning',
  weight: 15,
  limits: { enter: 0.6, enterHold: 10, clear: 0.75, clearHold: 10, window: 600 },
  worse: 'lower',
  warmUp: 'suspended',
  resets: ['new session'],
  assess(context, limits) {
    const { reading, history } = context
    if (reading.outcome !== 'present') return 'unmeasured'
    const { deviceState, bytesPerSecond: rate } = reading.measurements
    if (deviceState === 'idle' || isEventOver(context)) return 'not-judged'
    const level = highestSustained(levelOf(history, 'bytesPerSecond'), limits.window ?? 0)
    if (deviceState !== 'streaming' || rate === null || !level) return 'unmeasured'
    return { value: rate / level, measured: bitrate(rate), expected: bitrate(level) }
  },
  summary: ({ measured, expected }) => `The encoder sends ${measured}, down from ${expected} in this broadcast`,
  remedy: [
    'Check the cache of the encoder: if it rises, the uplink carries less. Stop whatever else uses it.',
    'Check the picture: a still or black picture needs less bitrate, so check camera, mixer and cable.',
    'Put the encoder on a cable instead of Wi-Fi, or on your second internet connection.',
    'If the picture is good for viewers, leave it as it is until the event is over.',
  ],
  text: {
    measures: 'the bitrate that the encoder says, as a share of what it has kept up in this broadcast',
    window: (limits) =>
      `the newest answer; the level is the most that it has kept up for 10 s within the last ${seconds(limits.window ?? 0)} of measured time`,
    raised: (limits) => `${limits.enter} times the level, or less`,
    cleared: (limits) => `${limits.clear} times the level, or more`,
    why: 'Far below what a picture that varies does to it, and held long enough for a scene to change. What the encoder is set to is not asked for, because the answer would hold the stream key.',
    blindTo:
      'A bitrate that was low from the start. A picture that stands still for long may look like a fault: `"limits": {"encoderBitrateLow": null}` switches it off.',
  },
}

/** Seconds after a start in which the bitrate still rises. */
const WARM_UP = 10

/** The table of checks of an encoder. A new check is a new row. */
export const ENCODER_CHECKS: readonly EncoderCheck[] = withRelations(
  [
    encoderUnreachable,
    encoderInterrupted,
    encoderIdle,
    encoderConnecting,
    encoderCacheHigh,
    encoderBitrateLow,
    notMeasured,
    neverSeen,
    unusual,
  ],
  ENCODER_RELATIONS,
)

export const ENCODER_RULES: KindRules<EncoderMeasurements, EncoderOptions> = {
  checks: ENCODER_CHECKS,
  tracked: ({ total, deviceState, bytesPerSecond, duration }) => ({
    counters: { broadcasts: total.broadcasts },
    signatures: {},
    values: { bytesPerSecond: deviceState === 'streaming' && !isYoung(duration) ? bytesPerSecond : null },
    levelsEndWith: ['broadcasts'],
    lastSeen: null,
  }),
  warmingUp: ({ deviceState, duration }) => deviceState === 'streaming' && isYoung(duration),
  resets: { broadcasts: 'new session' },
}

function isYoung(duration: number | null): boolean {
  return duration !== null && duration < WARM_UP
}
