import type { DeviceState, EncoderMeasurements } from '../observation/encoder.ts'
import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import type { ServiceMeasurements } from '../observation/service.ts'

/** A number that is kept of every target of a kind: its mean, least and greatest over each ten seconds. */
export interface Measure<K extends Kind = Kind> {
  /** As routes, reports and the time line name it. */
  readonly name: string
  /** `B/s`, `1/s`, `s`, `ratio` (0 to 1, or about 1), `persons` or `points` (0 to 100). */
  readonly unit: 'B/s' | '1/s' | 's' | 'ratio' | 'persons' | 'points'
  /** What it is, for people: the start of a sentence. */
  readonly title: string
  /** Null while it is not known: then the time is unmeasured, never 0. */
  value(measurements: MeasurementsOf[K]): number | null
}

type MeasuresOf<K extends Kind> = readonly Measure<K>[]

/** Of a stream over the last second, so that least and greatest of ten seconds are not those of a longer window. */
const STREAM: MeasuresOf<'stream'> = [
  { name: 'videoBytesPerSecond', unit: 'B/s', title: 'Video', value: ({ last1s }) => last1s.videoBytesPerSecond },
  { name: 'audioBytesPerSecond', unit: 'B/s', title: 'Audio', value: ({ last1s }) => last1s.audioBytesPerSecond },
  { name: 'framesPerSecond', unit: '1/s', title: 'Frame rate', value: ({ last1s }) => last1s.framesPerSecond },
  { name: 'realtimeRatio', unit: 'ratio', title: 'Media per second', value: ({ last1s }) => last1s.realtimeRatio },
  { name: 'drift', unit: 's', title: 'Drift', value: ({ drift }) => drift },
  {
    name: 'keyframeInterval',
    unit: 's',
    title: 'Key frame interval',
    value: ({ keyframeInterval }) => keyframeInterval,
  },
]

const PING: MeasuresOf<'ping'> = [
  { name: 'roundTrip', unit: 's', title: 'Round trip', value: ({ roundTrips }) => roundTrips?.mean ?? null },
  { name: 'loss', unit: 'ratio', title: 'Lost echoes', value: ({ loss }) => loss },
  { name: 'jitter', unit: 's', title: 'Jitter', value: ({ jitter }) => jitter },
]

/** The rate of a device that sends nothing is what it would send: some say one while they are idle. */
const SENDING: ReadonlySet<DeviceState | null> = new Set<DeviceState>(['streaming', 'flushing', 'interrupted'])

const ifSending = (value: number | null, { deviceState }: EncoderMeasurements) =>
  SENDING.has(deviceState) ? value : null

const ENCODER: MeasuresOf<'encoder'> = [
  {
    name: 'encoderBytesPerSecond',
    unit: 'B/s',
    title: 'Sent by the encoder',
    value: (m) => ifSending(m.bytesPerSecond, m),
  },
  {
    name: 'cacheUsedRatio',
    unit: 'ratio',
    title: 'Cache of the encoder',
    value: (m) => ifSending(m.cacheUsedRatio, m),
  },
]

const MEASURES: { readonly [K in Kind]: MeasuresOf<K> } = {
  stream: STREAM,
  ping: PING,
  service: [{ name: 'connectDuration', unit: 's', title: 'Until it answers', value: connectDuration }],
  bandwidth: [{ name: 'bandwidth', unit: 'B/s', title: 'Bandwidth', value: ({ bytesPerSecond }) => bytesPerSecond }],
  encoder: ENCODER,
  platform: [{ name: 'viewers', unit: 'persons', title: 'Viewers', value: ({ viewers }) => viewers }],
}

/** What the judge made of all that; every kind has it. */
const SCORE = { name: 'score', unit: 'points', title: 'Score' } as const

/** What is kept of targets of a kind, in the order in which it is shown; the score comes last. */
export function measuresOf(kind: Kind): readonly Omit<Measure, 'value'>[] {
  return [...MEASURES[kind], SCORE]
}

/** The values of an observation, in the order of `measuresOf`. What is no finite number is not known. */
export function valuesOf<K extends Kind>(observation: Observation<K, MeasurementsOf[K]>): (number | null)[] {
  const known = MEASURES[observation.kind].map(({ value }) => value(observation.measurements))
  return [...known, observation.score].map((value) => (value !== null && Number.isFinite(value) ? value : null))
}

/** Seconds from the look-up of the name to the answer, of a check that was answered as it should be. */
function connectDuration({ up, durations }: ServiceMeasurements): number | null {
  if (up !== true) return null
  const phases = Object.values(durations).filter((seconds) => seconds !== null)
  return phases.length === 0 ? null : phases.reduce((sum, seconds) => sum + seconds, 0)
}
