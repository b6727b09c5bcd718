import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Check, sideOf } from '../../src/health/check.ts'
import { BANDWIDTH_CHECKS } from '../../src/health/checks/bandwidth.ts'
import { ENCODER_CHECKS } from '../../src/health/checks/encoder.ts'
import { PING_CHECKS } from '../../src/health/checks/ping.ts'
import { STREAM_CHECKS } from '../../src/health/checks/stream.ts'
import { advance } from '../../src/health/history.ts'
import { NO_OTHERS } from '../../src/health/other.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { NO_ENCODER } from '../../src/observation/encoder.ts'
import { kindsOf } from '../../src/observation/kind.ts'
import type { Reading } from '../../src/observation/reading.ts'
import { measurements, parameters, profileOf, RATES } from './readings.ts'

/** What no person should read, and the style of what they do. */
function faultOf(text: string): string | null {
  if (/NaN|Infinity|undefined|\bnull\b|\$\{|`|\[object|(?<![\w.])-0(?![\d.])|(?<![\w.])-0\.0+(?!\d)/.test(text))
    return 'junk'
  if (/->|\dx\d/.test(text)) return 'typewriter signs'
  if (/(?<![\d.])1 (?:pings|channels|tracks|audio tracks|video tracks|times|days|B-frames)\b/.test(text))
    return 'plural'
  if (/\b0\.0 (?:s|ms|kb\/s|Mb\/s)\b|\d(?:Mb|kb|%)|\bMbit|\bsec\b/.test(text)) return 'unit'
  for (const [, share] of text.matchAll(/([\d.]+) %/g)) if (Number(share) > 100) return 'more than all'
  if (/\d[\d.]*e[+-]?\d/.test(text)) return 'exponent'
  if (/^(?:The stream should|There has|It )/.test(text)) return 'does not begin with the fact'
  return null
}

function assertReadable(text: string, type: string): void {
  const fault = faultOf(text)
  assert.equal(fault, null, `${type}: ${fault}: ${text}`)
}

/** Tiny, huge, at a limit, below nothing. */
const amount = fc.oneof(
  fc.constantFrom(0, 1, 1e-9, 0.05, 0.5, 0.9499, 2, 4, 30, 59.94, 60, 119.5, 3600, 1e5, 1e9),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
)
const change = fc.oneof(
  amount,
  fc.constantFrom(-0.0001, -0.5, -2.19, -60, -0),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
)
const share = fc.oneof(fc.constantFrom(0, 0.001, 0.5, 0.999, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const count = fc.oneof(fc.constantFrom(1, 2, 20, 100), fc.integer({ min: 1, max: 100_000 }))

interface Given<M, O> {
  checks: readonly Check<M, O>[]
  options: O
  reading: Reading<M>
  seconds: number
}

/** Judges by every row and reads what those at fault say. */
function read<M, O>({ checks, options, reading, seconds }: Given<M, O>): void {
  const tracked = { counters: {}, signatures: {}, lastSeen: seconds }
  const first = advance(null, { outcome: reading.outcome, expected: true, tracked, at: 0 })
  const history = advance(first, { outcome: reading.outcome, expected: true, tracked, at: seconds })
  const context = { reading, options, expected: true, interval: 1, history, others: NO_OTHERS, usual: [], budget: null }
  for (const check of checks) {
    const found = check.assess(context, check.limits)
    if (typeof found === 'string' || sideOf(found, check.limits, check.worse) !== 'fault') continue
    const finding = found.lasts === true ? { ...found, measured: Math.round(seconds * 10) / 10 } : found
    assertReadable(check.summary(finding, context, check.limits, seconds), check.type)
    for (const value of [finding.measured, finding.expected]) {
      if (typeof value === 'string') assertReadable(value, check.type)
      if (typeof value === 'number') {
        assert.ok(Number.isFinite(value) && !Object.is(value, -0), `${check.type}: ${value}`)
        assert.ok(check.unit !== undefined, `${check.type} has a number without a unit`)
      }
    }
  }
}

function readingOf<M>(outcome: 'present' | 'absent' | 'unknown', measured: M): Reading<M> {
  if (outcome === 'present') return { outcome, measurements: measured }
  if (outcome === 'absent') return { outcome, reason: 'stalled', measurements: measured }
  return { outcome, code: 'unreachable', message: 'The other side does not answer', measurements: measured }
}

const outcomes = fc.constantFrom('present', 'absent', 'unknown')

describe('what the tables of checks say', () => {
  for (const kind of kindsOf(KINDS)) {
    it(`is advice that a person can read, of a ${kind}`, () => {
      for (const { type, remedy } of KINDS[kind].checks) {
        for (const step of remedy) {
          assertReadable(step, type)
          assert.match(step, /^["A-Z].*[.?:)"]$/s, `${type}: ${step}`)
          assert.doesNotMatch(step, /Look whether|need be done|anew|^Else/, type)
        }
      }
    })
  }

  it('of a stream is readable whatever is measured', () => {
    const profile = profileOf({
      keyframeInterval: { min: 1, max: 4, excessive: 8, recommended: 2 },
      frameRate: { max: 30 },
      bFrames: { max: 0 },
      videoTracks: { max: 1 },
      audioTracks: { max: 1 },
      channels: { max: 2 },
    } as never)
    fc.assert(
      fc.property(outcomes, amount, amount, change, count, fc.boolean(), (outcome, seconds, rate, skew, many, is) => {
        const rates = { ...RATES, framesPerSecond: rate, videoBytesPerSecond: rate * 1000, realtimeRatio: rate / 100 }
        const spans = { duration: seconds }
        const content = {
          ...{
            black: is,
            frozen: true,
            silent: is,
            oneSided: !is,
            clipping: true,
            loudness: -rate,
            silentSide: 'left',
          },
          ...{ age: 1, spans: { black: spans, frozen: spans, silent: spans, oneSided: spans, clipping: spans } },
        }
        const measured = measurements({
          ...{ window: rates, keyframeInterval: seconds, driftDeviation: Math.abs(skew), trackTimestampSkew: skew },
          ...{ tracks: { video: is, audio: !is }, content: content as never },
          keyframeIntervalRange: { shortest: seconds, longest: seconds + rate },
          parameters: parameters({ bFrames: many, width: many, height: many }, { channels: many }),
        } as never)
        const options = { media: 'both', profile, stillPicture: 'fault', rateControl: 'cbr' } as const
        read({ checks: STREAM_CHECKS, options, reading: readingOf(outcome, measured), seconds })
      }),
    )
  })

  it('of an encoder is readable whatever its cache does', () => {
    fc.assert(
      fc.property(outcomes, share, change, amount, (outcome, used, rise, seconds) => {
        const measured = {
          ...NO_ENCODER,
          ...{ deviceState: 'streaming', cacheUsedRatio: used, cacheRisePerMinute: rise, bytesPerSecond: seconds },
        } as const
        const reading = readingOf(outcome, measured)
        read({ checks: ENCODER_CHECKS, options: { idle: 'fault' }, reading, seconds } as never)
      }),
    )
  })

  it('of a host is readable whatever gets lost', () => {
    fc.assert(
      fc.property(outcomes, count, share, amount, fc.boolean(), (outcome, sent, lost, seconds, control) => {
        const received = Math.floor(sent * (1 - lost))
        const measured = {
          ...{
            up: true,
            total: { sent, received },
            recent: { sent, received },
            silentSeries: 0,
            lastAnswerAge: seconds,
          },
          ...{ roundTrips: { mean: seconds, min: 0, max: seconds }, jitter: seconds },
        }
        read({ checks: PING_CHECKS, options: { control }, reading: readingOf(outcome, measured), seconds } as never)
      }),
    )
  })

  it('of a connection is readable whatever it carries', () => {
    fc.assert(
      fc.property(outcomes, amount, amount, (outcome, carries, seconds) => {
        const need = { bytesPerSecond: carries * 2, streams: ['main'] }
        const measured = { up: true, bytesPerSecond: carries, need, direction: 'up' }
        read({ checks: BANDWIDTH_CHECKS, options: {}, reading: readingOf(outcome, measured), seconds } as never)
      }),
    )
  })

  it('begins with what is wrong, so that 60 characters are enough', () => {
    const [stalled] = STREAM_CHECKS.filter(({ type }) => type === 'streamStalled')
    const reading = readingOf('absent', measurements({ last1s: { ...RATES, audioBytesPerSecond: 0 } }))
    assert.ok(stalled)
    const text = stalled.summary({ value: true }, { reading } as never, stalled.limits, 6)
    assert.equal(text, 'No data from the stream for 6 s (connection open)')
  })
})
