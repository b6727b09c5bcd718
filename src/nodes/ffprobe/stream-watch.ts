import { findFfprobe } from '../../ffmpeg/binaries.ts'
import { ffmpegSources } from '../../ffmpeg/sources.ts'
import { createStreamJudge, type Judge } from '../../health/judge.ts'
import { createProfiles } from '../../health/profile-lookup.ts'
import type { CreateWatch } from '../../monitor/held-watch.ts'
import { othersOf } from '../../monitor/others.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { Watch } from '../../monitor/watch.ts'
import { Limiter } from '../../observation/limiter.ts'
import type { StreamMeasurements } from '../../observation/stream.ts'
import { STREAM_HANDOVER } from '../../observation/stream.ts'
import { placeholdersIn } from '../../secrets/placeholder.ts'
import { StreamProbe } from '../../stream/stream-probe.ts'
import type { StreamTarget } from '../../targets/target.ts'

/** Inspections that run at once in one monitor: each is a process and a connection of its own for some seconds. */
const MOST_INSPECTIONS = 4

const limiters = new WeakMap<MonitorState, Limiter>()

export function inspectionsOf(state: MonitorState): Limiter {
  const limiter = limiters.get(state) ?? new Limiter(MOST_INSPECTIONS)
  limiters.set(state, limiter)
  return limiter
}

/** @throws MonitorError `unknown-profile`, `invalid-profile` */
export function judgeOf(target: StreamTarget): Judge<StreamMeasurements> {
  const { name, media, profile, profiles, rateControl, stillPicture, backupOf, limits, expected, dependsOn } = target
  return createStreamJudge({
    target: name,
    media,
    profile: profile === null ? null : createProfiles(profiles).get(profile),
    rateControl,
    stillPicture,
    backupOf,
    eventEndsWith: expected === 'manual' ? dependsOn : [],
    limits,
  })
}

/**
 * How the streams of a monitor are watched: one probe and one judge each. A watch outlives the node that made it, so
 * nothing here knows the node.
 *
 * @param ffprobePath as the dialog says; empty: wherever `findFfprobe` finds one
 */
export function streamWatches(state: MonitorState, ffprobePath: string): CreateWatch<'stream', StreamMeasurements> {
  const { clock, secrets } = state
  const redact = (text: string) => secrets.redact(text)
  return (target, settings, before) => {
    const names = new Set(placeholdersIn(target.url))
    const probe = new StreamProbe(target, {
      clock,
      sources: ffmpegSources({ ffprobe: () => findFfprobe(ffprobePath || undefined) }),
      expand: (template) => secrets.expand(template),
      onSecretChanged: (listener) => secrets.onChanged((name) => (names.has(name) ? listener() : undefined)),
      redact,
      inspections: inspectionsOf(state),
      ...(before && { totals: before.probe.read().measurements.total }),
    })
    return new Watch<'stream', StreamMeasurements>({
      kind: 'stream',
      target: target.name,
      labels: target.labels,
      interval: target.interval,
      rule: target.expected,
      probe,
      judge: judgeOf(target),
      others: othersOf(state, 'stream', target.name),
      network: state.network,
      handover: STREAM_HANDOVER,
      clock,
      settings,
      redact,
      ...(before && { expectation: before.expectation }),
    })
  }
}
