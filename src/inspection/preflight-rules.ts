import type { LimitOverrides, Limits } from '../health/check.ts'
import { STREAM_CHECKS, STREAM_RULES } from '../health/checks/stream.ts'
import { isHeldToOthers, isSegmented, type StreamCheck, type StreamOptions } from '../health/checks/stream-options.ts'
import { createJudge, type Judge } from '../health/judge.ts'
import type { Profile } from '../health/profile.ts'
import { type Issue, SEVERITIES } from '../observation/observation.ts'
import type { Reading } from '../observation/reading.ts'
import type { Rates, StreamMeasurements } from '../observation/stream.ts'
import { seconds } from '../observation/words.ts'
import type { StreamTarget } from '../targets/target.ts'

/** Seconds of media that are measured at least, as for every check. */
const LEAST_WINDOW = 10
/** Key frame intervals that are measured at least, as far as the time allows. */
const LEAST_GOPS = 3

/**
 * The limits of a preflight: those of the target without their hold times. A preflight is over before most of them
 * would be, so what counts is how things are at its end, over the window of each check. Only an interruption, which a
 * window may not show, counts until the end once it has been there.
 */
export function preflightLimits(own: LimitOverrides = {}): LimitOverrides {
  const changed = STREAM_CHECKS.map(({ type }) => [type, own[type] === null ? null : withoutHolds(type, own[type])])
  return Object.fromEntries(changed)
}

/**
 * The table of a preflight. There an interruption is told even where the stream was away for so long that it counted as
 * offline, and came back.
 */
const PREFLIGHT_CHECKS: readonly StreamCheck[] = STREAM_CHECKS.map((check) =>
  check.type === 'streamOffline' ? { ...check, supersedes: [] } : check,
)

function withoutHolds(type: string, own: Partial<Limits> | undefined): Partial<Limits> {
  return { ...own, enterHold: 0, clearHold: type === 'streamStalled' ? Number.POSITIVE_INFINITY : 0 }
}

/**
 * What a verdict needs and has not been measured, each as the end of a sentence; empty where all is there. Only of a
 * stream that is there.
 */
export function lackingFor(reading: Reading<StreamMeasurements>, options: StreamOptions): string[] {
  const { measurements } = reading
  const { tracks, window, parameters, warmingUp, keyframeInterval } = measurements
  const wanted = options.media === 'both' ? (['video', 'audio'] as const) : [options.media]
  const lacking = wanted.filter((medium) => tracks[medium] === null).map((medium) => `whether there is ${medium}`)
  if (parameters === null) lacking.push('what it is made of')
  else if (parameters.unseen !== undefined && isHeldToOthers(options)) lacking.push('what only ffprobe sees of it')
  const isRateKnown =
    (tracks.video !== true || window.framesPerSecond !== null) &&
    (tracks.audio !== true || window.audioBytesPerSecond !== null)
  if (warmingUp || !isRateKnown) lacking.push(`its bitrate over ${seconds(LEAST_WINDOW)}`)
  if (tracks.video === true && keyframeInterval === null) lacking.push('how far apart its key frames are')
  if (!isSegmented({ options, reading }) && window.realtimeRatio === null) lacking.push('whether it keeps real time')
  return lacking
}

/** Seconds for which a stream is measured before a verdict, where the time allows. */
export function measuringTime({ keyframeInterval }: StreamMeasurements): number {
  return Math.max(LEAST_WINDOW, LEAST_GOPS * (keyframeInterval ?? 0))
}

/**
 * When the time is over: where the longer window has not been filled, the 10 s that have been stand in for it, and by how
 * far the stream has fallen behind in them for whether it keeps real time: that is known a second or two sooner.
 */
export function withShorterWindow(reading: Reading<StreamMeasurements>): Reading<StreamMeasurements> {
  const { window, last10s } = reading.measurements
  const rate = (name: keyof Rates) => window[name] ?? last10s[name]
  const filled: Rates = {
    videoBytesPerSecond: rate('videoBytesPerSecond'),
    audioBytesPerSecond: rate('audioBytesPerSecond'),
    framesPerSecond: rate('framesPerSecond'),
    realtimeRatio: rate('realtimeRatio') ?? ratioByDrift(reading.measurements),
  }
  return { ...reading, measurements: { ...reading.measurements, window: filled } }
}

/** The deviation of the drift is known from 10 s on. */
function ratioByDrift({ drift, driftDeviation }: StreamMeasurements): number | null {
  if (drift === null || driftDeviation === null) return null
  return Math.max(0, 1 - Math.max(0, drift) / LEAST_WINDOW)
}

/** Checks that hold a stream against its profile. */
const OF_PROFILE: ReadonlySet<string> = new Set(
  STREAM_CHECKS.filter(({ needs }) => needs === 'profile').map(({ type }) => type),
)

/**
 * The issues of a stream that is watched: those of its watch, which remembers, and those of a judge that sees the same
 * without hold times, against the profile that was asked for. Of both the one of the watch stands, since it knows since
 * when.
 *
 * @param sameProfile whether the watch holds the stream against that profile too
 */
export function issuesOfWatched(watched: readonly Issue[], judged: readonly Issue[], sameProfile: boolean): Issue[] {
  const kept = watched.filter(({ type }) => sameProfile || !OF_PROFILE.has(type))
  const types = new Set(kept.map(({ type }) => type))
  return [...kept, ...judged.filter(({ type }) => !types.has(type))].sort(
    (a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity),
  )
}

/** How a preflight judges a stream: by the target's own limits, but for hold times, and against one profile. */
export function preflightJudge(
  target: StreamTarget,
  profile: Profile | null,
  segmented: boolean,
): { options: StreamOptions; judge: Judge<StreamMeasurements> } {
  const { media, rateControl, stillPicture, limits } = target
  const options = { media, segmented, profile, rateControl, stillPicture }
  const rules = { ...STREAM_RULES, checks: PREFLIGHT_CHECKS }
  return { options, judge: createJudge<StreamMeasurements, StreamOptions>(rules, options, preflightLimits(limits)) }
}
