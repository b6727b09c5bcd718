/** Within how many seconds the table of checks promises an issue. */
import { STREAM_CHECKS } from '../../src/health/checks/stream.ts'
import type { Fault } from './case.ts'

/** Seconds on top of the window and the hold. */
export const GRACE = 3

interface Facts {
  /** Seconds between key frames. */
  gop: number
  stallAfter: number
}

type Window = (facts: Facts) => number

const rates: Window = ({ gop }) => Math.max(10, 3 * gop)
const nothing: Window = () => 0
/** What the stream says of itself is known from its next key frame on. */
const inspection: Window = ({ gop }) => gop
/** The stretch has to last as long as the check's limit says; key frames alone show it up to one interval late. */
const stretch: Window = ({ gop }) => gop

/** The windows that `docs/checks.md` states in words. What is not here counts from the reading that shows it. */
const WINDOWS: Readonly<Record<string, Window>> = {
  streamStalled: ({ stallAfter }) => stallAfter,
  notMeasured: () => 5,
  noVideoStream: () => 10,
  noAudioStream: () => 10,
  videoIngestionStarved: rates,
  videoIngestionFasterThanRealtime: rates,
  driftDeviation: () => 30,
  frameRateLow: rates,
  bitrateDropped: rates,
  frameRateHigh: rates,
  bitrateHigh: rates,
  bitrateLow: rates,
  audioBitrateHigh: rates,
  audioBitrateLow: rates,
  videoBitrateMismatch: rates,
  audioBitrateMismatch: rates,
  framerateMismatch: rates,
  trackTimestampSkew: () => 3,
  keyframeIntervalVaries: ({ gop }) => 5 * gop,
  gopSizeOver: ({ gop }) => 2 * gop,
  gopSizeLong: ({ gop }) => 2 * gop,
  gopSizeShort: ({ gop }) => 2 * gop,
  gopMismatch: ({ gop }) => 2 * gop,
  streamOffline: () => 6,
  videoBlack: stretch,
  videoFrozen: stretch,
  pictureNotSeen: ({ gop }) => Math.max(0, 4 * gop + 2 - 20),
  loudnessLow: () => 3,
  loudnessHigh: () => 3,
}

/** Checks whose limit is the time that a fault has to last. */
const LASTING: ReadonlySet<string> = new Set([
  'videoBlack',
  'videoFrozen',
  'audioSilent',
  'audioOneSided',
  'audioClipping',
  'pictureNotSeen',
  'soundNotHeard',
  'streamNeverSeen',
  'streamNeverReached',
])

/** Seconds from the fault to the issue, at the most. Throws where there is no such check. */
export function deadlineOf(type: string, row: Fault): number {
  const check = STREAM_CHECKS.find((candidate) => candidate.type === type)
  if (!check) throw new Error(`There is no check "${type}"`)
  const limits = { ...check.limits, ...row.target?.limits?.[type] }
  const { gop = 2, stallAfter = 2, delay } = row
  const ofInspection = check.limits.enter === null && (check.needs === 'profile' || check.needs === 'backupOf')
  const window = (WINDOWS[type] ?? (ofInspection ? inspection : nothing))({ gop, stallAfter })
  return window + (LASTING.has(type) ? (limits.enter ?? 0) : 0) + limits.enterHold + (delay?.seconds ?? 0) + GRACE
}
