import { MonitorError } from '../observation/errors.ts'
import { didYouMean, nearestWord } from '../observation/nearest-word.ts'
import type { Allowed, Max, Profile, ProfileFile, ProfileLimits, Requirement, Sourced, UserProfile } from './profile.ts'
import custom from './profiles/custom.json' with { type: 'json' }
import facebook from './profiles/facebook.json' with { type: 'json' }
import twitch from './profiles/twitch.json' with { type: 'json' }
import vimeo from './profiles/vimeo.json' with { type: 'json' }
import youtube from './profiles/youtube.json' with { type: 'json' }

/** The profiles that come with the package. */
export const SHIPPED_PROFILES: readonly ProfileFile[] = [youtube, vimeo, twitch, facebook, custom]

export interface Profiles {
  /** Those that are shipped, then the user's own. */
  readonly names: readonly string[]
  /** @throws MonitorError `unknown-profile` naming the known ones, `invalid-profile` where it contradicts itself */
  get(name: string): Profile
}

/** A profile without any limit. */
export const NO_LIMITS: ProfileLimits = {
  container: null,
  videoCodec: null,
  progressive: null,
  closedGop: null,
  bFrames: null,
  frameRate: null,
  resolution: null,
  keyframeInterval: null,
  videoBitrate: null,
  audioCodec: null,
  sampleRate: null,
  channels: null,
  audioBitrate: null,
  videoTracks: null,
  audioTracks: null,
}

/**
 * The shipped profiles and the user's own. Each of the user's is resolved when it is asked for, so that one that is
 * wrong rejects only the targets that name it.
 */
export function createProfiles(own: Readonly<Record<string, UserProfile>> = {}): Profiles {
  const shipped = new Map(SHIPPED_PROFILES.map((file) => [file.name, profileOf(file)]))
  const names = [...new Set([...shipped.keys(), ...Object.keys(own)])]

  function resolve(name: string, extendedBy: readonly string[]): Profile {
    const user = Object.hasOwn(own, name) ? own[name] : undefined
    const base = user === undefined ? shipped.get(name) : baseOf(name, user, extendedBy)
    if (user === undefined) {
      if (base !== undefined) return base
      const suggestion = nearestWord(name, names)
      const instead = didYouMean(suggestion) || `; there are ${names.join(', ')}`
      throw new MonitorError('unknown-profile', `there is no profile "${name}"${instead}`, { suggestion })
    }
    const profile = {
      name,
      title: user.title ?? (base?.name === name ? base.title : name),
      limits: changedLimits(base?.limits ?? NO_LIMITS, user.limits ?? {}),
    }
    refuseContradiction(profile)
    return profile
  }

  function baseOf(name: string, user: UserProfile, extendedBy: readonly string[]): Profile | undefined {
    const base = user.extends ?? name
    if (base === name && (user.extends === undefined || shipped.has(name))) return shipped.get(name)
    if (base === name || extendedBy.includes(base)) {
      const circle = [...extendedBy, name, base].join(' -> ')
      throw new MonitorError('invalid-profile', `The profile "${name}" extends itself: ${circle}`)
    }
    return resolve(base, [...extendedBy, name])
  }

  return { names, get: (name) => resolve(name, []) }
}

function profileOf({ name, title, limits }: ProfileFile): Profile {
  return { name, title, limits: { ...NO_LIMITS, ...limits } }
}

type Change<T> = Partial<T> | null | undefined

const ANY: Allowed<never> = { allowed: [] }
const OPTIONAL: Requirement = { required: false }
const UNBOUNDED: Max = { max: Number.POSITIVE_INFINITY }

function changedLimits(base: ProfileLimits, changes: NonNullable<UserProfile['limits']>): ProfileLimits {
  return {
    container: changed(ANY, base.container, changes.container),
    videoCodec: changed(ANY, base.videoCodec, changes.videoCodec),
    progressive: changed(OPTIONAL, base.progressive, changes.progressive),
    closedGop: changed(OPTIONAL, base.closedGop, changes.closedGop),
    bFrames: changed(UNBOUNDED, base.bFrames, changes.bFrames),
    frameRate: changed(UNBOUNDED, base.frameRate, changes.frameRate),
    resolution: changed({ lines: [], aspectRatio: null, min: null, max: null }, base.resolution, changes.resolution),
    keyframeInterval: changed(
      { recommended: null, max: null, excessive: null, min: null },
      base.keyframeInterval,
      changes.keyframeInterval,
    ),
    videoBitrate: changed({ rows: [] }, base.videoBitrate, changes.videoBitrate),
    audioCodec: changed(ANY, base.audioCodec, changes.audioCodec),
    sampleRate: changed(ANY, base.sampleRate, changes.sampleRate),
    channels: changed(UNBOUNDED, base.channels, changes.channels),
    audioBitrate: changed({ recommended: null, min: null, max: null }, base.audioBitrate, changes.audioBitrate),
    videoTracks: changed(UNBOUNDED, base.videoTracks, changes.videoTracks),
    audioTracks: changed(UNBOUNDED, base.audioTracks, changes.audioTracks),
  }
}

/** A number that the user changed is no longer the platform's, so its document is not its source. */
function changed<T extends Sourced>(empty: T, base: T | null, change: Change<T>): T | null {
  if (change === undefined) return base
  return change === null ? null : { ...empty, ...base, sources: [], ...change }
}

/** A range whose ends are the wrong way round could never be met. */
function refuseContradiction({ name, limits }: Profile): void {
  const { keyframeInterval: interval, resolution, audioBitrate, videoBitrate } = limits
  const ranges: Record<string, (number | null | undefined)[]> = {
    keyframeInterval: [interval?.min, interval?.recommended, interval?.max, interval?.excessive],
    resolution: [resolution?.min, resolution?.max],
    audioBitrate: [audioBitrate?.min, audioBitrate?.recommended, audioBitrate?.max],
  }
  for (const { lines, frameRate, min, recommended, max } of videoBitrate?.rows ?? []) {
    ranges[`videoBitrate of ${lines} lines at ${frameRate} frames per second`] = [min, recommended, max]
  }
  for (const [what, range] of Object.entries(ranges)) {
    const given = range.filter((value) => value != null)
    if (given.every((value, index) => index === 0 || value >= (given[index - 1] ?? 0))) continue
    throw new MonitorError(
      'invalid-profile',
      `The profile "${name}" contradicts itself: ${what} has ${given.join(', ')}, which must grow from the least to the most`,
    )
  }
}
