import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PLATFORM_RULES } from '../../../src/health/checks/platform.ts'
import { createJudge, type Verdict } from '../../../src/health/judge.ts'
import { type Dependent, NO_OTHERS, type Other, type OtherTargets } from '../../../src/health/other.ts'
import type { DeviceState, EncoderMeasurements } from '../../../src/observation/encoder.ts'
import type { AbsenceReason, FailureCode, Kind, MeasurementsOf } from '../../../src/observation/observation.ts'
import type { PlatformMeasurements } from '../../../src/observation/platform.ts'
import { NO_EVENT } from '../../../src/observation/platform.ts'
import type { Reading } from '../../../src/observation/reading.ts'

const READY: PlatformMeasurements = { ...NO_EVENT, up: true, liveState: 'ready', answerAge: 0 }
const RECEIVING: PlatformMeasurements = { ...READY, liveState: 'streaming', ingestState: 'receiving' }
const present = (changes: Partial<PlatformMeasurements> = {}): Reading<PlatformMeasurements> => ({
  outcome: 'present',
  measurements: { ...READY, ...changes },
})

const encoder = (deviceState: DeviceState, duration: number | null, age = 1): Other<EncoderMeasurements> => ({
  ...{ state: 'ok', age, interval: 1 },
  measurements: {
    ...{ up: true, deviceState, duration, bytesPerSecond: 500_000, cacheUsedRatio: 0, cacheRisePerMinute: 0 },
    ...{ videoFormat: '1080p30', protocol: 'rest', total: { broadcasts: 1 } },
    device: { model: null, label: null, software: null },
  },
})

/** One live event, observed every 15 s. */
class Run {
  readonly log: string[] = []
  readonly #judge = createJudge(PLATFORM_RULES, { dependsOn: ['box'] })
  #at = 0
  verdict: Verdict | null = null

  read(reading: Reading<PlatformMeasurements>, others: OtherTargets = NO_OTHERS, expected = true): this {
    const at = { wall: Date.parse('2026-03-01T10:00:00Z') + this.#at * 1000, monotonic: this.#at }
    this.verdict = this.#judge.judge({ reading, expected, at, interval: 15, others })
    for (const { type } of this.verdict.raised) this.log.push(`${this.#at} s: raised ${type}`)
    for (const { issue } of this.verdict.cleared) this.log.push(`${this.#at} s: cleared ${issue.type}`)
    this.#at += 15
    return this
  }

  times(count: number, reading: Reading<PlatformMeasurements>, others?: OtherTargets): this {
    for (let done = 0; done < count; done += 1) this.read(reading, others)
    return this
  }

  summary(type: string): string {
    return this.verdict?.issues.find((issue) => issue.type === type)?.summary ?? `no ${type}`
  }
}

const withEncoder = (box: Other<EncoderMeasurements> | null, byStream = false): OtherTargets => ({
  get: <K extends Kind>(kind: K, name: string) =>
    kind === 'encoder' && name === (byStream ? 'of-stream' : 'box') ? (box as Other<MeasurementsOf[K]> | null) : null,
  dependents: <K extends Kind>(kind: K): Dependent<MeasurementsOf[K]>[] =>
    kind === 'stream' && byStream
      ? [{ name: 'main', dependsOn: ['of-stream', 'sunday'], expected: true, isOver: false, newest: null }]
      : [],
  causes: () => [],
})

describe('ingestNotReceiving', () => {
  it('is raised where the encoder streams and Vimeo receives nothing, and cleared when it does', () => {
    const run = new Run().times(2, present(), withEncoder(encoder('streaming', 45)))
    assert.deepEqual(run.log, [])
    run.read(present(), withEncoder(encoder('streaming', 60)))
    assert.deepEqual(run.log, ['30 s: raised ingestNotReceiving'])
    assert.match(
      run.summary('ingestNotReceiving'),
      /^Vimeo receives nothing, but the encoder box has been streaming for 60 s: Vimeo's state is "ready" \(expected "receiving"\)/,
    )
    assert.equal(run.verdict?.state, 'degraded')
    run.read({ outcome: 'present', measurements: RECEIVING }, withEncoder(encoder('streaming', 75)))
    assert.equal(run.log.at(-1), '45 s: cleared ingestNotReceiving')
  })

  it('finds the encoder of a stream that the platform shows', () => {
    const run = new Run().times(3, present(), withEncoder(encoder('streaming', 90), true))
    assert.deepEqual(run.log, ['30 s: raised ingestNotReceiving'])
  })

  it('believes the ingest before the event: what it receives is there, live or not', () => {
    const waiting = present({ liveState: 'ready', ingestState: 'receiving' })
    assert.deepEqual(new Run().times(5, waiting, withEncoder(encoder('streaming', 900))).log, [])
  })

  it('waits until Vimeo has answered 30 s after the encoder began', () => {
    const old = present({ answerAge: 45 })
    assert.deepEqual(new Run().times(6, old, withEncoder(encoder('streaming', 60))).log, [])
  })

  it('goes by its hold time alone where the encoder does not say since when', () => {
    const run = new Run().times(3, present(), withEncoder(encoder('streaming', null)))
    assert.deepEqual(run.log, ['30 s: raised ingestNotReceiving'])
  })

  it('is not raised by an encoder that is idle, connecting or interrupted, that is stale, or that is not there', () => {
    for (const box of [
      ...[encoder('idle', null), encoder('connecting', null), encoder('interrupted', 90)],
      ...[encoder('streaming', 90, 4), null],
    ]) {
      assert.deepEqual(new Run().times(6, present(), withEncoder(box)).log, [], JSON.stringify(box))
    }
  })

  it('stays while the encoder or Vimeo cannot be asked, and ends when the encoder is stopped', () => {
    const run = new Run().times(3, present(), withEncoder(encoder('streaming', 90)))
    const unknown = { outcome: 'unknown', code: 'late', message: '', measurements: NO_EVENT } as const
    run.read(present(), withEncoder(null)).read(unknown, withEncoder(encoder('streaming', 90)))
    assert.deepEqual(run.log, ['30 s: raised ingestNotReceiving'])
    run.read(present(), withEncoder(encoder('idle', null)))
    assert.equal(run.log.at(-1), '75 s: cleared ingestNotReceiving')
  })

  it('suspects last week’s key of an event that was never received, and the connection of one that was', () => {
    const event = { id: '7', title: 'Sunday', type: 'one-time' } as const
    const box = withEncoder(encoder('streaming', 3600))
    const first = (run: Run) => run.verdict?.issues.find(({ type }) => type === 'ingestNotReceiving')?.remedy[0] ?? ''
    assert.match(first(new Run().times(3, present({ event }), box)), /last week’s key/)
    const received = () => new Run().read(present({ event, liveState: 'streaming' }), box)
    assert.match(first(received().times(3, present({ event }), box)), /internet connection of the encoder/)
    const another = present({ event: { ...event, id: '8' } })
    assert.match(first(received().times(3, another, box)), /last week’s key/)
  })

  it('is not raised by an encoder that nobody has stopped since the event ended, but by one that began after it', () => {
    const over = present({ liveState: 'done', endedAge: 120 })
    assert.deepEqual(new Run().times(6, over, withEncoder(encoder('streaming', 3600))).log, [])
    assert.deepEqual(new Run().times(3, over, withEncoder(encoder('streaming', 60))).log, [
      '30 s: raised ingestNotReceiving',
    ])
  })
})

describe('what keeps the monitor from looking', () => {
  const unknown = (code: FailureCode, changes: Partial<PlatformMeasurements> = {}): Reading<PlatformMeasurements> => ({
    ...{ outcome: 'unknown', code, message: `because of ${code}` },
    measurements: { ...NO_EVENT, ...changes },
  })
  const absent = (reason: AbsenceReason): Reading<PlatformMeasurements> => ({
    ...{ outcome: 'absent', reason, message: `it is ${reason}` },
    measurements: { ...NO_EVENT, up: false },
  })

  it('is said at once of a token, and leaves the state unknown', () => {
    for (const code of ['no-token', 'token-invalid', 'token-forbidden'] as const) {
      const run = new Run().read(unknown(code))
      assert.deepEqual([run.log, run.verdict?.state], [['0 s: raised tokenInvalid'], 'unknown'], code)
    }
  })

  it('is not cleared by an API that does not answer, and makes nothing of what else is unknown', () => {
    const run = new Run().read(unknown('token-invalid')).times(3, unknown('unreachable')).read(unknown('late'))
    assert.deepEqual(run.log, ['0 s: raised tokenInvalid'])
    run.read(absent('not-found'))
    assert.deepEqual(run.log.slice(1).sort(), ['75 s: cleared tokenInvalid', '75 s: raised eventNotFound'])
  })

  it('is a warning from the second poll that the API does not answer on, and never down', () => {
    for (const code of ['unreachable', 'timeout', 'bad-output'] as const) {
      const run = new Run().times(2, present({ liveState: 'streaming' })).read(unknown(code))
      assert.deepEqual(run.log, [], code)
      run.times(20, unknown(code))
      assert.deepEqual(run.log, ['45 s: raised platformUnreachable'], code)
      const { state, score, issues } = run.verdict ?? {}
      assert.deepEqual([state, score, issues?.map(({ severity }) => severity)], ['unknown', null, ['warning']])
      run.read(present({ liveState: 'streaming' }))
      assert.deepEqual(run.log.slice(1), ['345 s: cleared platformUnreachable'], code)
    }
  })

  it('neither ends nor raises anything else', () => {
    const run = new Run().times(1, present({ liveState: 'streaming_error' })).times(9, unknown('timeout'))
    assert.deepEqual(run.log, ['0 s: raised streamingError', '30 s: raised platformUnreachable'])
    assert.deepEqual(
      run.verdict?.issues.map(({ type }) => type),
      ['streamingError', 'platformUnreachable'],
    )
  })

  it('is a limit while Vimeo wants to be left alone, and for a minute after', () => {
    const run = new Run().read(unknown('rate-limited', { blockedFor: 40 }))
    assert.match(run.summary('rateLimited'), /none for another 40 s/)
    run.times(5, present())
    assert.deepEqual(run.log, ['0 s: raised rateLimited', '75 s: cleared rateLimited'])
  })

  it('is off, and no issue, where nothing is expected', () => {
    const run = new Run().read(absent('not-found'), NO_OTHERS, false)
    assert.deepEqual([run.log, run.verdict?.state], [[], 'off'])
  })
})

describe('an event without faults', () => {
  it('has no issue in any state, live or not', () => {
    for (const liveState of ['unavailable', 'pending', 'ready', 'streaming', 'archiving', 'done'] as const) {
      assert.deepEqual(new Run().times(10, present({ liveState })).log, [], liveState)
    }
  })
})
