import { createStreamJudge, type StreamJudgeOptions, type Verdict } from '../../src/health/judge.ts'
import type { Other, OtherTargets } from '../../src/health/other.ts'
import type { Profile, UserProfile } from '../../src/health/profile.ts'
import { createProfiles } from '../../src/health/profile-lookup.ts'
import { NO_ENCODER } from '../../src/observation/encoder.ts'
import type { AbsenceReason, FailureCode, Kind, MeasurementsOf } from '../../src/observation/observation.ts'
import type { Reading } from '../../src/observation/reading.ts'
import type {
  AudioParameters,
  Rates,
  StreamMeasurements,
  StreamParameters,
  VideoParameters,
} from '../../src/observation/stream.ts'
import { STALLED } from '../../src/stream/meter/rates.ts'
import { copyTotals } from '../../src/stream/meter.ts'

export const RATES: Rates = {
  videoBytesPerSecond: 500_000,
  audioBytesPerSecond: 16_000,
  framesPerSecond: 30,
  realtimeRatio: 1,
}

/** 1080p30 at 4 Mb/s with 128 kb/s of stereo, as every platform likes it. */
export const VIDEO: VideoParameters = {
  codec: 'h264',
  profile: 'High',
  level: 41,
  width: 1920,
  height: 1080,
  declaredFrameRate: 30,
  declaredBytesPerSecond: 500_000,
  pixelFormat: 'yuv420p',
  fieldOrder: 'progressive',
  bFrames: 2,
  openGop: false,
}

export const AUDIO: AudioParameters = {
  codec: 'aac',
  profile: 'LC',
  sampleRate: 48_000,
  channels: 2,
  declaredBytesPerSecond: 16_000,
}

/** What a stream says of itself, with what a test changes about its first tracks. */
export function parameters(
  video: Partial<VideoParameters> = {},
  audio: Partial<AudioParameters> = {},
  changes: Partial<StreamParameters> = {},
): StreamParameters {
  return { format: 'flv', video: [{ ...VIDEO, ...video }], audio: [{ ...AUDIO, ...audio }], encoder: null, ...changes }
}

/** A profile with no limits but these. */
export function profileOf(limits: UserProfile['limits'] = {}): Profile {
  return createProfiles({ house: { title: 'The house', limits } }).get('house')
}

/** A healthy stream, with what a test changes about it. */
export function measurements(changes: Partial<StreamMeasurements> = {}): StreamMeasurements {
  return {
    up: true,
    total: totals(),
    last1s: RATES,
    last10s: RATES,
    window: RATES,
    keyframeInterval: 2,
    drift: 0.1,
    driftDeviation: 0,
    trackTimestampSkew: 0,
    lastPacketAge: 0.02,
    tracks: { video: true, audio: true },
    configured: { video: true, audio: true },
    connectSeconds: 0.3,
    newConnectSeconds: [],
    warmingUp: false,
    parameters: { format: 'flv', video: [], audio: [], encoder: null },
    parameterChanges: [],
    content: null,
    ...changes,
  }
}

export function totals(changes: Partial<StreamMeasurements['total']> = {}): StreamMeasurements['total'] {
  return {
    ...copyTotals(),
    ...changes,
  }
}

export type StreamReading = Reading<StreamMeasurements>

export function present(changes: Partial<StreamMeasurements> = {}): StreamReading {
  return { outcome: 'present', measurements: measurements(changes) }
}

export function absent(reason: AbsenceReason, changes: Partial<StreamMeasurements> = {}): StreamReading {
  return { outcome: 'absent', reason, measurements: measurements({ up: false, last1s: STALLED, ...changes }) }
}

export function unknown(code: FailureCode, changes: Partial<StreamMeasurements> = {}): StreamReading {
  return { outcome: 'unknown', code, message: `it is ${code}`, measurements: measurements({ up: null, ...changes }) }
}

export const START = { wall: Date.parse('2026-03-01T10:00:00.000Z'), monotonic: 5000 }

/** Feeds one judge readings a second apart and keeps what it raised and cleared. */
export class Run {
  readonly #judge
  #second = -1
  verdict: Verdict = { state: 'unknown', score: null, issues: [], raised: [], superseded: [], cleared: [] }
  /** `3 s: raised streamStalled`, `9 s: cleared streamStalled after 2 s`. */
  readonly log: string[] = []
  expected = true
  interval = 1
  /** Other streams by name, for the checks that compare two. */
  others: Record<string, Other<StreamMeasurements>> = {}
  /** Whether an encoder of the name `encoder` answers. */
  hasEncoder = false

  constructor(options: Partial<StreamJudgeOptions> = {}) {
    this.#judge = createStreamJudge({ target: 'main', media: 'both', ...options })
  }

  #other<K extends Kind>(kind: K, name: string): Other<MeasurementsOf[K]> | null {
    if (kind === 'encoder' && name === 'encoder' && this.hasEncoder) {
      return { state: 'ok', measurements: NO_ENCODER as MeasurementsOf[K], age: 0, interval: 1 }
    }
    return kind === 'stream' ? ((this.others[name] ?? null) as Other<MeasurementsOf[K]> | null) : null
  }

  /** The second of the newest reading; the first reading is at 0. */
  get second(): number {
    return this.#second
  }

  read(...readings: StreamReading[]): this {
    for (const reading of readings) {
      this.#second = this.#second < 0 ? 0 : this.#second + this.interval
      const at = { wall: START.wall + this.#second * 1000, monotonic: START.monotonic + this.#second }
      const { expected, interval } = this
      const others: OtherTargets = {
        get: (kind, name) => this.#other(kind, name),
        dependents: () => [],
        causes: () => [],
      }
      this.verdict = this.#judge.judge({ reading, expected, at, interval, others })
      for (const issue of this.verdict.raised) this.log.push(`${this.#second} s: raised ${issue.type}`)
      for (const { issue, duration } of this.verdict.cleared) {
        this.log.push(`${this.#second} s: cleared ${issue.type} after ${Number(duration.toFixed(3))} s`)
      }
    }
    return this
  }

  /** The same reading, so many times. */
  times(count: number, reading: StreamReading): this {
    for (let index = 0; index < count; index += 1) this.read(reading)
    return this
  }

  /** Silence of the stream: the age of its last packet grows from `from` seconds. */
  silent(count: number, from = 2, reason: AbsenceReason = 'stalled'): this {
    for (let index = 0; index < count; index += 1) this.read(absent(reason, { lastPacketAge: from + index }))
    return this
  }

  get types(): string[] {
    return this.verdict.issues.map((issue) => issue.type)
  }

  issue(type: string) {
    const found = this.verdict.issues.find((issue) => issue.type === type)
    if (!found) throw new Error(`${type} is not active; active are: ${this.types.join(', ') || 'none'}`)
    return found
  }
}
