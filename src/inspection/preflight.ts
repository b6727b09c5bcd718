import { setTimeout as sleep } from 'node:timers/promises'
import { AbortScope, unlessAborted } from '../connection/abort-scope.ts'
import type { StreamOptions } from '../health/checks/stream-options.ts'
import type { Judge } from '../health/judge.ts'
import type { Profile } from '../health/profile.ts'
import { type Clock, now } from '../observation/clock.ts'
import { Limiter } from '../observation/limiter.ts'
import type { Issue } from '../observation/observation.ts'
import type { Reading } from '../observation/reading.ts'
import type { StreamMeasurements, StreamParameters } from '../observation/stream.ts'
import { parseStreamUrl, type StreamAddress } from '../secrets/stream-address.ts'
import { knownAfter, NO_MEDIA_YET, type PacketSources } from '../stream/packet-source.ts'
import { CONNECT_TIMEOUT, connectTcp, type Reachability } from '../stream/reachability.ts'
import { StreamProbe } from '../stream/stream-probe.ts'
import type { StreamTarget } from '../targets/target.ts'
import { lackingFor, measuringTime, preflightJudge, withShorterWindow } from './preflight-rules.ts'
import { type PreflightVerdict, verdictOn } from './verdict.ts'

/** Seconds in which a preflight answers. */
export const PREFLIGHT_TIME = 20

/** Seconds of it that are kept for the end of the process, which may take a second signal. */
const FOR_THE_END = 2
/** Seconds to wait for the end of the process before the answer is given; it ends all the same. */
const PATIENCE_AT_END = 1.5
/** Seconds between readings. */
const TURN = 0.5
/** Seconds without a first packet after which the stream is looked at in another way too. */
const SECOND_LOOK_AFTER = 5

/** What may pass within the preflight: the session begins again by itself. */
const PASSING: ReadonlySet<string> = new Set(['connecting', 'killed', 'crashed', 'bad-output', 'loop-late'])

export interface PreflightOptions {
  target: StreamTarget
  /** The platform whose limits the stream is held to. */
  profile: Profile | null
  /** Aborted when nobody wants the answer any more. */
  signal: AbortSignal
  /** Seconds in which to answer. Default: `PREFLIGHT_TIME`. */
  time?: number
  /** Told at every reading. */
  progress?(progress: PreflightProgress): void
}

export interface PreflightContext {
  clock: Clock
  /** What reads streams. */
  sources: PacketSources
  /** `${NAME}` to its secret: the last step before a connection is opened. MonitorError `missing-variable`. */
  expand(template: string): string
  redact(text: string): string
}

export interface PreflightProgress {
  /** Whether media has arrived by now. */
  measuring: boolean
  /** Seconds since the preflight began. */
  after: number
}

/**
 * Looks at one stream over a session of its own and judges it. It lasts until the longer of 10 s and three key frame
 * intervals has been measured, until it is clear that nothing arrives or a track is missing, or until the time is over.
 *
 * @throws MonitorError `no-ffprobe`, `missing-variable` and what `parseStreamUrl` throws; the signal's reason
 */
export async function preflight(options: PreflightOptions, context: PreflightContext): Promise<PreflightVerdict> {
  const { target, profile } = options
  const began = context.clock.monotonic()
  const address = parseStreamUrl(context.expand(target.url))
  const looking = new AbortScope(options.signal)
  const { signal } = looking
  await unlessAborted(context.sources.ready(address, target), signal)
  const probe = new StreamProbe(target, {
    ...context,
    onSecretChanged: () => () => {},
    // One of its own: a monitor that has just started inspects all its streams.
    inspections: new Limiter(1),
  })
  const second = new SecondLook({ address, target, sources: context.sources, signal })
  const judging = preflightJudge(target, profile, address.hls)
  try {
    return await new Look({ ...options, signal }, context.clock, began, probe, second, judging).verdict()
  } finally {
    looking.abort()
    await Promise.race([probe.stop(), sleep(PATIENCE_AT_END * 1000, undefined, { ref: false })])
  }
}

/** One look at one stream, from its first reading to its verdict. */
class Look {
  readonly #options: PreflightOptions
  readonly #clock: Clock
  /** Monotonic seconds. */
  readonly #began: number
  readonly #probe: StreamProbe
  readonly #second: SecondLook
  readonly #judged: StreamOptions
  readonly #judge: Judge<StreamMeasurements>
  /** When the first media was there. Monotonic seconds. */
  #present: number | null = null

  constructor(
    options: PreflightOptions,
    clock: Clock,
    began: number,
    probe: StreamProbe,
    second: SecondLook,
    { options: judged, judge }: ReturnType<typeof preflightJudge>,
  ) {
    this.#options = options
    this.#clock = clock
    this.#began = began
    this.#probe = probe
    this.#second = second
    this.#judged = judged
    this.#judge = judge
  }

  /** Starts the probe and reads it until there is a verdict. */
  async verdict(): Promise<PreflightVerdict> {
    const { signal, progress, time = PREFLIGHT_TIME } = this.#options
    const started = this.#clock.monotonic()
    const deadline = this.#began + time - FOR_THE_END
    let hurry = new AbortScope(signal)
    this.#probe.start({ changed: () => hurry.abort(), happened: () => {} })
    for (;;) {
      const at = this.#clock.monotonic()
      const isLast = at >= deadline
      const verdict = this.#look(at, at - started, isLast)
      if (verdict) return verdict
      if (this.#present === null && at - started >= SECOND_LOOK_AFTER) this.#second.begin()
      progress?.({ measuring: this.#present !== null, after: at - this.#began })
      hurry.end()
      hurry = new AbortScope(signal)
      await sleep(Math.min(TURN, deadline - at) * 1000, undefined, { signal: hurry.signal }).catch(() => undefined)
      signal.throwIfAborted()
    }
  }

  /** Reads once. Null where more time may change the verdict. */
  #look(at: number, lookedFor: number, isLast: boolean): PreflightVerdict | null {
    const own = this.#probe.read()
    const seen = this.#second.complete(own, lookedFor, isLast)
    const reading = isLast && seen.outcome === 'present' ? withShorterWindow(seen) : seen
    const { issues } = this.#judge.judge({ reading, expected: true, at: now(this.#clock), interval: TURN })
    const lacking = reading.outcome === 'present' ? lackingFor(reading, this.#judged) : []
    if (own.outcome === 'present') this.#present ??= at
    if (!isLast && !this.#isDecided(own, reading, issues, lacking, at)) return null
    return verdictOn({ reading, issues, lacking, lookedFor, at: now(this.#clock) })
  }

  #isDecided(
    own: Reading<StreamMeasurements>,
    reading: Reading<StreamMeasurements>,
    issues: readonly Issue[],
    lacking: readonly string[],
    at: number,
  ): boolean {
    const has = (type: string) => issues.some((issue) => issue.type === type)
    // A source that is slow to start may still come while there is time.
    if (reading.outcome === 'absent' && reading.reason === 'timeout') return false
    if (reading.outcome === 'absent') return reading.reason !== 'stalled' || has('streamOffline')
    if (reading.outcome === 'unknown') return !PASSING.has(reading.code)
    // Only the second look has seen it: a track that is missing is all that can be told.
    if (own.outcome !== 'present') return has('noVideoStream') || has('noAudioStream')
    const isMeasured = this.#present !== null && at - this.#present >= measuringTime(reading.measurements)
    return isMeasured && lacking.length === 0
  }
}

/** Seconds without a first packet after which it may be said that nothing arrives: key frames come 10 s apart at most. */
const SILENCE = 10

export interface SecondLookOptions {
  address: StreamAddress
  target: Pick<StreamTarget, 'verifyTls' | 'reader' | 'checks'>
  sources: PacketSources
  /** Ends all of it. */
  signal: AbortSignal
}

/**
 * What tells a stream that lacks a track from one that is not there. Of both ffprobe shows nothing for 15 s: so long it
 * looks for the other track. A short inspection shows after 2 s what there is, and a mere connection whether the
 * server is there.
 */
class SecondLook {
  readonly #options: SecondLookOptions
  #begun = false
  #parameters: StreamParameters | null = null
  #reachability: Reachability | null = null

  constructor(options: SecondLookOptions) {
    this.#options = options
  }

  /** Begins it, once. */
  begin(): void {
    if (this.#begun) return
    this.#begun = true
    // What goes wrong here the session itself says better.
    this.#inspect().catch(() => undefined)
    this.#connect().catch(() => undefined)
  }

  /**
   * The reading of a session, with what this look has seen and the session has not.
   *
   * @param lookedFor seconds since the session began
   * @param isLast the time is over, so that what neither has seen is not there
   */
  complete(reading: Reading<StreamMeasurements>, lookedFor: number, isLast: boolean): Reading<StreamMeasurements> {
    const seen = this.#parameters
    const { measurements } = reading
    if (reading.outcome === 'present') {
      return isLast && seen ? { ...reading, measurements: withTracks(measurements, seen) } : reading
    }
    if (reading.outcome !== 'unknown' || reading.code !== 'connecting' || !this.#begun) return reading
    // Audio comes at once, video with the next key frame: of the two only audio can be missed so soon.
    if (seen && (isLast || (seen.video.length > 0 && seen.audio.length === 0))) {
      return { outcome: 'present', measurements: { ...withTracks(measurements, seen), parameters: seen } }
    }
    const reachability = this.#reachability
    if (reachability?.reachable === false) {
      return { ...knownAfter(reachability), measurements }
    }
    return isLast && lookedFor >= SILENCE
      ? { outcome: 'absent', reason: 'timeout', ...this.#silence(), measurements }
      : reading
  }

  /** Without TCP it is not known whether a server is there at all. */
  #silence(): { message?: string } {
    if (this.#options.address.transport === 'tcp') return {}
    return { message: NO_MEDIA_YET.udp }
  }

  async #inspect(): Promise<void> {
    const { address, target, sources, signal } = this.#options
    const { verifyTls, reader, checks } = target
    this.#parameters = await sources.inspect(address, { media: 'audio', verifyTls, reader, checks }, signal)
  }

  async #connect(): Promise<void> {
    const { address, signal } = this.#options
    if (address.transport !== 'tcp') return
    this.#reachability = await connectTcp(address.host, address.port, CONNECT_TIMEOUT, signal)
  }
}

function withTracks(measurements: StreamMeasurements, seen: StreamParameters): StreamMeasurements {
  const { tracks } = measurements
  return {
    ...measurements,
    tracks: { video: tracks.video ?? seen.video.length > 0, audio: tracks.audio ?? seen.audio.length > 0 },
  }
}
