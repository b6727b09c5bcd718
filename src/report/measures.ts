import { bitrate, hundredths } from '../observation/words.ts'

/** How a measure is written, judged and shown. */
export interface ReportMeasure {
  /** In base units. */
  write(value: number): string
  /** On which side of what is usual it is a fault; null: on none. */
  bad: 'low' | 'high' | null
  /** By how much, at least, it has to be off for its moment to be named. In its own unit; 0: a tenth of what is usual. */
  least: number
  /** Whether it has a chart of its own. */
  isCharted: boolean
  /** Whether its percentiles are told. */
  isSummed: boolean
}

const milliseconds = (value: number) => `${hundredths(value * 1000)} ms`
const percent = (value: number) => `${hundredths(value * 100)} %`
const plain = (value: number) => `${hundredths(value)}`

const CHARTED = { isCharted: true, isSummed: true }
const SUMMED = { isCharted: false, isSummed: true }

/** In the order in which they are shown. */
export const REPORT_MEASURES: Readonly<Record<string, ReportMeasure>> = {
  videoBytesPerSecond: { write: bitrate, bad: 'low', least: 0, ...CHARTED },
  framesPerSecond: { write: (value) => `${hundredths(value)}/s`, bad: 'low', least: 0, ...CHARTED },
  drift: { write: (value) => `${hundredths(value)} s`, bad: 'high', least: 1, ...CHARTED },
  viewers: { write: (value) => `${Math.round(value)}`, bad: null, least: 0, isCharted: true, isSummed: false },
  audioBytesPerSecond: { write: bitrate, bad: 'low', least: 0, ...SUMMED },
  realtimeRatio: { write: plain, bad: 'low', least: 0, ...SUMMED },
  keyframeInterval: { write: (value) => `${hundredths(value)} s`, bad: null, least: 0, ...SUMMED },
  connectDuration: { write: (value) => `${hundredths(value)} s`, bad: null, least: 0, ...SUMMED },
  roundTrip: { write: milliseconds, bad: null, least: 0, ...SUMMED },
  loss: { write: percent, bad: null, least: 0, ...SUMMED },
  jitter: { write: milliseconds, bad: null, least: 0, ...SUMMED },
  encoderBytesPerSecond: { write: bitrate, bad: null, least: 0, ...SUMMED },
  cacheUsedRatio: { write: percent, bad: null, least: 0, ...SUMMED },
  score: { write: plain, bad: null, least: 0, isCharted: false, isSummed: false },
  bandwidth: { write: bitrate, bad: null, least: 0, ...SUMMED },
}

/** A measure that this table does not know is written as the number that it is. */
const UNKNOWN: ReportMeasure = { write: plain, bad: null, least: 0, isCharted: false, isSummed: true }

export function reportMeasure(name: string): ReportMeasure {
  return Object.hasOwn(REPORT_MEASURES, name) ? (REPORT_MEASURES[name] ?? UNKNOWN) : UNKNOWN
}
