import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ENCODER_RULES } from '../../../src/health/checks/encoder.ts'
import type { EncoderOptions } from '../../../src/health/checks/encoder-presence.ts'
import { createJudge, type Verdict } from '../../../src/health/judge.ts'
import type { Dependent, OtherTargets } from '../../../src/health/other.ts'
import type { EncoderMeasurements } from '../../../src/observation/encoder.ts'
import { NO_ENCODER } from '../../../src/observation/encoder.ts'
import type { Issue, Kind, MeasurementsOf } from '../../../src/observation/observation.ts'
import type { Reading } from '../../../src/observation/reading.ts'

const STREAMING: EncoderMeasurements = {
  ...NO_ENCODER,
  ...{ up: true, deviceState: 'streaming', bytesPerSecond: 750_000, cacheUsedRatio: 0.02, cacheRisePerMinute: 0 },
  ...{ duration: 600, videoFormat: '1080p30', protocol: 'rest' },
}

const streaming = (changes: Partial<EncoderMeasurements> = {}): Reading<EncoderMeasurements> => ({
  outcome: 'present',
  measurements: { ...STREAMING, ...changes },
})
const idle = streaming({ deviceState: 'idle', duration: null, bytesPerSecond: 20_000 })
const away: Reading<EncoderMeasurements> = {
  ...{ outcome: 'absent', reason: 'refused', message: 'The encoder cannot be asked' },
  measurements: { ...NO_ENCODER, up: false },
}
const nonsense: Reading<EncoderMeasurements> = {
  ...{ outcome: 'unknown', code: 'bad-answer', message: 'The encoder answers with HTTP 500' },
  measurements: NO_ENCODER,
}

/** One encoder, asked once a second. */
class Run {
  readonly log: string[] = []
  expected = true
  /** Whether the stream that depends on it is expected. */
  stream: boolean | null = null
  /** Somebody has said that its event is over. */
  isOver = false
  readonly #judge
  #at = 0
  #issues: Issue[] = []
  verdict: Verdict | null = null

  constructor(options: EncoderOptions = { idle: 'allowed' }) {
    this.#judge = createJudge(ENCODER_RULES, options)
  }

  times(count: number, reading: Reading<EncoderMeasurements>): this {
    const others: OtherTargets = {
      get: () => null,
      dependents: <K extends Kind>(kind: K): Dependent<MeasurementsOf[K]>[] =>
        kind === 'stream'
          ? [{ name: 'main', dependsOn: ['encoder'], expected: this.stream, isOver: this.isOver, newest: null }]
          : [],
      causes: () => [],
    }
    for (let done = 0; done < count; done++) {
      const at = { wall: Date.parse('2026-03-01T10:00:00Z') + this.#at * 1000, monotonic: this.#at }
      this.verdict = this.#judge.judge({ reading, expected: this.expected, at, interval: 1, others })
      this.#issues = this.verdict.issues
      for (const { type } of this.verdict.raised) this.log.push(`${this.#at} s: raised ${type}`)
      for (const { issue, by } of this.verdict.superseded) {
        this.log.push(`${this.#at} s: ${issue.type} superseded by ${by}`)
      }
      for (const { issue } of this.verdict.cleared) this.log.push(`${this.#at} s: cleared ${issue.type}`)
      this.#at += 1
    }
    return this
  }

  get state(): string {
    return this.verdict?.state ?? 'none'
  }

  summary(type: string): string {
    return this.#issues.find((issue) => issue.type === type)?.summary ?? `no ${type}`
  }
}

describe('a healthy encoder', () => {
  it('has no issue, streaming or idle', () => {
    const run = new Run().times(60, idle).times(700, streaming()).times(60, idle)
    assert.deepEqual([run.log, run.state], [[], 'ok'])
  })
})

describe('encoderUnreachable', () => {
  it('is raised after 5 s of silence, and cleared after 5 s of answers', () => {
    const run = new Run().times(3, streaming()).times(5, away)
    assert.deepEqual([run.log, run.state], [[], 'down'])
    run.times(1, away)
    assert.deepEqual(run.log, ['8 s: raised encoderUnreachable'])
    assert.match(run.summary('encoderUnreachable'), /^No answer from the encoder for 5 s: The encoder cannot be asked/)
    assert.deepEqual(run.times(6, streaming()).log.slice(1), ['14 s: cleared encoderUnreachable'])
  })

  it('is nothing where the encoder is not expected: it is off', () => {
    const run = new Run()
    run.expected = false
    assert.deepEqual([run.times(60, away).log, run.state], [[], 'off'])
  })

  it('is neither raised nor cleared by an answer that makes no sense: that is not known', () => {
    const run = new Run().times(3, streaming()).times(20, nonsense)
    assert.deepEqual([run.log, run.state], [['8 s: raised notMeasured'], 'unknown'])
  })
})

describe('encoderInterrupted', () => {
  const interrupted = streaming({ deviceState: 'interrupted', bytesPerSecond: 0 })

  it('is raised after 2 s, stays while the encoder connects again, and clears after 5 s of streaming', () => {
    const run = new Run().times(3, streaming()).times(3, interrupted)
    assert.deepEqual(run.log, ['5 s: raised encoderInterrupted'])
    run.times(10, streaming({ deviceState: 'connecting' }))
    assert.deepEqual(run.log.length, 1)
    assert.deepEqual(run.times(6, streaming()).log.slice(1), ['21 s: cleared encoderInterrupted'])
  })

  it('ends at once when the encoder is stopped', () => {
    const run = new Run().times(5, interrupted).times(1, idle)
    assert.deepEqual(run.log, ['2 s: raised encoderInterrupted', '5 s: cleared encoderInterrupted'])
  })
})

describe('an issue that is raised', () => {
  it('ends where another says more of the same fact, and is raised again where that is over first', () => {
    const run = new Run().times(6, streaming({ cacheUsedRatio: 0.9 }))
    run.times(4, streaming({ deviceState: 'interrupted', cacheUsedRatio: 0.9 }))
    assert.deepEqual(run.log, [
      '3 s: raised encoderCacheHigh',
      '8 s: raised encoderInterrupted',
      '8 s: encoderCacheHigh superseded by encoderInterrupted',
    ])
    run.times(10, streaming({ cacheUsedRatio: 0.9 }))
    assert.deepEqual(run.log.slice(3), ['15 s: raised encoderCacheHigh', '15 s: cleared encoderInterrupted'])
  })

  it('has exactly one end: what is open by the events is what is observed, whatever comes', () => {
    const run = new Run()
    const open = new Set<string>()
    const said = [away, idle, nonsense, streaming(), streaming({ cacheUsedRatio: 0.9 })]
    said.push(...(['interrupted', 'connecting'] as const).map((deviceState) => streaming({ deviceState })))
    let seed = 7
    for (let turn = 0; turn < 400; turn++) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      const reading = said[seed % said.length] ?? away
      for (let second = 0; second < 1 + (seed % 29); second++) {
        run.times(1, reading)
        const { raised = [], superseded = [], cleared = [], issues = [] } = run.verdict ?? {}
        for (const { issue } of [...superseded, ...cleared])
          assert.ok(open.delete(issue.type), `${issue.type} was open`)
        for (const { type } of raised) {
          assert.ok(!open.has(type), `${type} was not open`)
          open.add(type)
        }
        assert.deepEqual([...open].sort(), issues.map(({ type }) => type).sort())
      }
    }
    assert.ok(run.log.some((line) => line.includes('superseded')))
  })
})

describe('encoderConnecting', () => {
  it('is raised when it takes longer than 20 s', () => {
    const run = new Run().times(21, streaming({ deviceState: 'connecting', duration: 0, bytesPerSecond: 0 }))
    assert.deepEqual(run.log, ['20 s: raised encoderConnecting'])
    assert.deepEqual(run.times(1, streaming({ duration: 1 })).log.slice(1), ['21 s: cleared encoderConnecting'])
  })
})

describe('what an encoder says after somebody has said that the event is over', () => {
  const said: [string, Reading<EncoderMeasurements>][] = [
    ['encoderInterrupted', streaming({ deviceState: 'interrupted', bytesPerSecond: 0 })],
    ['encoderConnecting', streaming({ deviceState: 'connecting' })],
    ['encoderCacheHigh', streaming({ cacheUsedRatio: 0.9 })],
  ]
  for (const [type, reading] of said) {
    it(`ends ${type} at once, and raises none until the next event begins`, () => {
      const run = new Run().times(30, reading)
      run.isOver = true
      run.times(60, reading)
      assert.match(run.log.join(), new RegExp(`^\\d+ s: raised ${type},30 s: cleared ${type}$`))
      run.isOver = false
      assert.match(run.times(30, reading).log.slice(2).join(), new RegExp(`raised ${type}$`))
    })
  }
})

describe('encoderIdle', () => {
  it('is raised while a stream that depends on it is expected, and says which', () => {
    const run = new Run()
    run.stream = true
    run.times(6, idle)
    assert.deepEqual(run.log, ['5 s: raised encoderIdle'])
    assert.equal(run.summary('encoderIdle'), 'The encoder is idle (expected streaming for "main")')
    run.stream = false
    assert.deepEqual(run.times(1, idle).log.slice(1), ['6 s: cleared encoderIdle'])
  })

  it('is nothing where no stream is expected, or that is not known', () => {
    const run = new Run()
    for (const stream of [false, null]) {
      run.stream = stream
      run.times(30, idle)
    }
    assert.deepEqual([run.log, run.state], [[], 'ok'])
  })

  it('is raised while it is expected itself, where its target says that it must stream', () => {
    const run = new Run({ idle: 'fault' }).times(6, idle)
    assert.deepEqual(run.log, ['5 s: raised encoderIdle'])
    run.expected = false
    assert.deepEqual(run.times(1, idle).log.slice(1), ['6 s: cleared encoderIdle'])
  })
})

describe('encoderCacheHigh', () => {
  const cache = (cacheUsedRatio: number | null, cacheRisePerMinute: number | null) =>
    streaming({ cacheUsedRatio, cacheRisePerMinute })

  it('is raised before the cache is half full, when it will be in a minute', () => {
    const run = new Run().times(20, cache(0.1, 0.3))
    assert.deepEqual(run.log, [])
    run.times(4, cache(0.3, 0.2))
    assert.deepEqual(run.log, ['23 s: raised encoderCacheHigh'])
    assert.match(
      run.summary('encoderCacheHigh'),
      /^Encoder cache 30 % full and rising, full in 3 min 30 s \(expected below 50 % in a minute\): the uplink carries less than the encoder sends/,
    )
  })

  it('is cleared when it has been low for 10 s, and not by a value between', () => {
    const run = new Run().times(4, cache(0.9, null)).times(30, cache(0.4, -0.5))
    assert.deepEqual(run.log, ['3 s: raised encoderCacheHigh'])
    assert.match(
      run.summary('encoderCacheHigh'),
      /^Encoder cache 40 % full and falling, empty in 48 s \(expected below 50 %\): the uplink is catching up/,
    )
    assert.deepEqual(run.times(11, cache(0.2, -0.5)).log.slice(1), ['44 s: cleared encoderCacheHigh'])
  })

  it('is no message of its own where the cache empties after the connection was away', () => {
    const away = streaming({
      deviceState: 'interrupted',
      bytesPerSecond: 0,
      cacheUsedRatio: 0.8,
      cacheRisePerMinute: 1,
    })
    const run = new Run().times(10, away)
    for (let used = 0.8; used > 0; used -= 0.02) run.times(1, cache(used, used > 0.7 ? null : -1.2))
    assert.deepEqual(run.log, ['2 s: raised encoderInterrupted', '15 s: cleared encoderInterrupted'])
  })

  it('is raised where a full cache empties too slowly to be below the limit within a minute', () => {
    const run = new Run().times(4, cache(0.9, -0.1))
    assert.deepEqual(run.log, ['3 s: raised encoderCacheHigh'])
  })

  it('is not judged of an encoder that does not tell its cache, and ends when it is stopped', () => {
    assert.deepEqual(new Run().times(30, cache(null, null)).log, [])
    const run = new Run().times(4, cache(0.9, null)).times(1, idle)
    assert.deepEqual(run.log.slice(1), ['4 s: cleared encoderCacheHigh'])
  })
})

describe('encoderBitrateLow', () => {
  it('is raised when it is halved for 10 s, and says both', () => {
    const run = new Run().times(30, streaming()).times(11, streaming({ bytesPerSecond: 375_000 }))
    assert.deepEqual(run.log, ['40 s: raised encoderBitrateLow'])
    assert.equal(run.summary('encoderBitrateLow'), 'The encoder sends 3 Mb/s, down from 6 Mb/s in this broadcast')
    assert.deepEqual(run.times(11, streaming()).log.slice(1), ['51 s: cleared encoderBitrateLow'])
  })

  it('does not compare with an earlier broadcast, nor with the start of this one', () => {
    const run = new Run().times(60, streaming()).times(10, idle)
    const total = { broadcasts: 1 }
    run.times(10, streaming({ total, duration: 5, bytesPerSecond: 100_000 }))
    run.times(60, streaming({ total, duration: 20, bytesPerSecond: 375_000 }))
    assert.deepEqual(run.log, [])
  })

  it('is no fault of an encoder that is interrupted or idle', () => {
    const run = new Run().times(60, streaming()).times(30, idle)
    assert.deepEqual(run.log, [])
  })
})
