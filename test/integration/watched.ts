/**
 * A StreamProbe of its own, watching a real server, and all that it says.
 *
 *   const watched = watch(server.url('live/one'))
 *   await watched.until('present', 5)
 *   await watched.stop()
 */
import ffprobeInstaller from '@ffprobe-installer/ffprobe'
import { findFfprobe } from '../../src/ffmpeg/binaries.ts'
import { LONGEST_ANALYSIS } from '../../src/ffmpeg/ffprobe-arguments.ts'
import type { FfmpegOptions } from '../../src/ffmpeg/sources.ts'
import { systemClock } from '../../src/observation/clock.ts'
import type { EndedSpan } from '../../src/observation/content.ts'
import { Limiter } from '../../src/observation/limiter.ts'
import type { ProbeEvent, Reading } from '../../src/observation/reading.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { streamSources } from '../../src/readers/sources.ts'
import { StreamProbe, type StreamProbeContext } from '../../src/stream/stream-probe.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import { until } from '../fixtures/wait.ts'

/**
 * Seconds in which a session shows its first media: ffprobe prints nothing while it analyses, which may be as long, and on
 * a busy machine it is seconds before that begins.
 */
export const FIRST_MEDIA = LONGEST_ANALYSIS + 15

/** The builds of ffprobe that a user may have: the application's static one, and the system's. */
export const BUILDS = { static: ffprobeInstaller.path, system: 'ffprobe' } as const

export interface WatchedOptions extends Partial<StreamTarget> {
  /** Path or name. Default: the static build. One that is given reads RTMP too. */
  ffprobe?: string
  context?: Partial<StreamProbeContext>
  /** In the place of those that are found. */
  programs?: Partial<FfmpegOptions>
}

export interface Watched {
  readonly probe: StreamProbe
  /** In order, with what the probe said at that moment. */
  readonly changes: { at: number; said: string }[]
  readonly events: ProbeEvent[]
  /** Every reading hands them over once, so they are kept here. */
  readonly endedSpans: EndedSpan[]
  read(): Reading<StreamMeasurements>
  /** `present`, `absent stalled`, `unknown connecting` … */
  said(): string
  /** Waits until it says so (a beginning is enough) or the condition holds; resolves with the seconds it took. */
  until(what: string | ((reading: Reading<StreamMeasurements>) => boolean), seconds: number): Promise<number>
  stop(): Promise<void>
}

export function watch(url: string, options: WatchedOptions = {}): Watched {
  const { ffprobe, context, programs, ...target } = options
  const probe = new StreamProbe(
    {
      name: 'test',
      url,
      interval: 1,
      labels: {},
      dependsOn: [],
      checks: 'packets',
      media: 'both',
      expected: 'always',
      stallAfter: null,
      verifyTls: true,
      profile: null,
      profiles: {},
      backupOf: null,
      rateControl: null,
      stillPicture: 'allowed',
      reader: ffprobe !== undefined && url.startsWith('rtmp') ? 'ffprobe' : 'auto',
      picture: null,
      limits: {},
      platform: null,
      ...target,
    },
    {
      clock: systemClock,
      sources: streamSources({ ffprobe: () => findFfprobe(ffprobe ?? BUILDS.static), ...programs }),
      expand: (template) => template,
      onSecretChanged: () => () => {},
      redact: (text) => text,
      inspections: new Limiter(2),
      ...context,
    },
  )
  const endedSpans: EndedSpan[] = []
  const read = () => {
    const reading = probe.read()
    endedSpans.push(...(reading.measurements.content?.endedSpans ?? []))
    return reading
  }
  const said = () => {
    const reading = read()
    if (reading.outcome === 'present') return 'present'
    return `${reading.outcome} ${reading.outcome === 'absent' ? reading.reason : reading.code}`
  }
  const changes: { at: number; said: string }[] = []
  const events: ProbeEvent[] = []
  probe.start({
    changed: () => changes.push({ at: performance.now() / 1000, said: said() }),
    happened: (event) => events.push(event),
  })
  return {
    probe,
    changes,
    events,
    said,
    endedSpans,
    read,
    until: (what, seconds) =>
      until(
        () => (typeof what === 'string' ? said().startsWith(what) : what(read())),
        seconds,
        () => `${what}\nIt says: ${describeReading(read())}\n${changes.map((change) => change.said).join(', ')}`,
      ),
    stop: () => probe.stop(),
  }
}

function describeReading(reading: Reading<StreamMeasurements>): string {
  const { measurements, ...rest } = reading
  const { tracks, keyframeInterval, lastPacketAge, last10s } = measurements
  return JSON.stringify({ ...rest, tracks, keyframeInterval, lastPacketAge, last10s })
}
