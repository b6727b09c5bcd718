import { encoderProbe } from '../encoder/encoder-probe.ts'
import { BANDWIDTH_RULES } from '../health/checks/bandwidth.ts'
import { ENCODER_RULES } from '../health/checks/encoder.ts'
import { PING_RULES } from '../health/checks/ping.ts'
import { PLATFORM_RULES } from '../health/checks/platform.ts'
import { sendingEncoder } from '../health/checks/platform-access.ts'
import { SERVICE_RULES } from '../health/checks/service.ts'
import { createJudge, createStreamJudge } from '../health/judge.ts'
import { type OtherTargets, presentOthers } from '../health/other.ts'
import { createProfiles } from '../health/profile-lookup.ts'
import type { MonitorState } from '../monitor/state.ts'
import { bandwidthProbe } from '../network/bandwidth/bandwidth-probe.ts'
import type { DependentStream } from '../network/bandwidth/need.ts'
import { pingProbe } from '../network/ping/ping-probe.ts'
import { serviceProbe } from '../network/service/service-probe.ts'
import { BANDWIDTH_HANDOVER } from '../observation/bandwidth.ts'
import { isFresh } from '../observation/clock.ts'
import { ENCODER_HANDOVER } from '../observation/encoder.ts'
import { Limiter } from '../observation/limiter.ts'
import { PING_HANDOVER } from '../observation/ping.ts'
import { PLATFORM_HANDOVER } from '../observation/platform.ts'
import { SERVICE_HANDOVER } from '../observation/service.ts'
import { STREAM_HANDOVER } from '../observation/stream.ts'
import type { VimeoAccount } from '../platform/vimeo-account.ts'
import { VimeoProbe } from '../platform/vimeo-probe.ts'
import type { BandwidthTarget, PlatformTarget } from '../targets/target.ts'
import { ThreadedProbe } from '../threads/threaded-probe.ts'
import { watches } from './probe-kind.ts'

/** Pings that run at once in one monitor: each is a process for about a second. Room for 300 hosts every 5 s. */
const MOST_PINGS = 64
/** Tests that run at once in one monitor: two would share the connection, and each measure a half of it. */
const MOST_TESTS = 1

/** Given is the path of ffprobe, as the dialog says; empty: wherever one is found. */
const stream = watches<'stream', null, string>({
  kind: 'stream',
  handover: STREAM_HANDOVER,
  share: () => null,
  probe: (target, context, { given }) => new ThreadedProbe(target, { ...context, ffprobe: given }),
  judge({ name, media, profile, profiles, rateControl, stillPicture, backupOf, limits, expected, dependsOn }) {
    return createStreamJudge({
      ...{ target: name, media, rateControl, stillPicture, backupOf, limits },
      profile: profile === null ? null : createProfiles(profiles).get(profile),
      eventEndsWith: expected === 'manual' ? dependsOn : [],
      hasEvents: expected === 'manual',
    })
  },
})

const ping = watches<'ping', Limiter>({
  kind: 'ping',
  handover: PING_HANDOVER,
  share: () => new Limiter(MOST_PINGS),
  probe(target, context, { state, shared }) {
    const probe = pingProbe(target, { ...context, turns: shared })
    state.network.setControl(target.name, target.control ? () => probe.refresh() : null)
    return probe
  },
  judge: ({ control, limits }) => createJudge(PING_RULES, { control }, limits),
})

const service = watches<'service'>({
  kind: 'service',
  handover: SERVICE_HANDOVER,
  share: () => null,
  probe: serviceProbe,
  judge: ({ verifyTls, limits }) => createJudge(SERVICE_RULES, { verifyTls }, limits),
})

const bandwidth = watches<'bandwidth', Limiter>({
  kind: 'bandwidth',
  handover: BANDWIDTH_HANDOVER,
  share: () => new Limiter(MOST_TESTS),
  probe: (target, context, { state, others, shared }) =>
    bandwidthProbe(target, { ...context, turns: shared, streams: () => streamsOver(target, state, others) }),
  judge: ({ limits }) => createJudge(BANDWIDTH_RULES, {}, limits),
})

/** The streams that name the test under `dependsOn`, and those that the test names. */
function streamsOver({ dependsOn }: BandwidthTarget, state: MonitorState, others: OtherTargets): DependentStream[] {
  const named = dependsOn.filter((name) => state.directory.has('stream', name))
  const streams = new Map(named.map((name) => [name, others.get('stream', name)]))
  for (const { name, newest } of others.dependents('stream')) streams.set(name, newest)
  return [...streams].map(([name, newest]) => ({ name, newest: newest !== null && isFresh(newest) ? newest : null }))
}

const encoder = watches<'encoder'>({
  kind: 'encoder',
  handover: ENCODER_HANDOVER,
  share: () => null,
  probe: encoderProbe,
  judge: ({ idle, limits }) => createJudge(ENCODER_RULES, { idle }, limits),
})

/** Given is the account whose events are watched. */
const platform = watches<'platform', Map<string, VimeoAccount>, VimeoAccount>({
  kind: 'platform',
  handover: PLATFORM_HANDOVER,
  share: () => new Map(),
  probe: (target, context, { others, given }) =>
    new VimeoProbe(target, { ...context, account: given, sending: () => isSending(target, others) }),
  judge: ({ dependsOn, limits }) => createJudge(PLATFORM_RULES, { dependsOn }, limits),
})

/** Whether something that belongs to the live event is on the air. */
function isSending({ dependsOn }: PlatformTarget, others: OtherTargets): boolean {
  const present = presentOthers(others)
  if (present.dependents('stream').some(({ newest }) => newest?.measurements.up === true)) return true
  return typeof sendingEncoder(dependsOn, present) === 'object'
}

/**
 * How the targets of each kind are watched. It stands apart from the descriptors because of what it brings along: the
 * application reads those before there are any packages.
 */
export const WATCHES = { stream, ping, service, bandwidth, encoder, platform }
