/** One stream, watched as the monitor's node watches it, and what the watch said. */
import ffprobeInstaller from '@ffprobe-installer/ffprobe'
import { WATCHES } from '../../src/kinds/probes.ts'
import { canonical } from '../../src/monitor/held-watch.ts'
import type { MonitorState } from '../../src/monitor/state.ts'
import type { Issue, Observation, State } from '../../src/observation/observation.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import { until } from '../fixtures/wait.ts'

/** What happened, in monotonic seconds. */
export interface Said {
  at: number
  event: 'raised' | 'cleared'
  issue: Issue
}

/** What was said of a stream. */
export interface Judged {
  readonly said: readonly Said[]
  state(): State
  /** Active now. */
  issues(): readonly Issue[]
  /** Monotonic seconds at which media first arrived; null while it has not. */
  presentSince(): number | null
}

export interface WatchedStream extends Judged {
  newest(): Observation<'stream', StreamMeasurements> | null
  untilObserved(
    what: (observation: Observation<'stream', StreamMeasurements>) => boolean,
    seconds: number,
  ): Promise<void>
  expect(expected: boolean): void
  stop(): Promise<void>
}

export interface Watching {
  name: string
  url: string
  target: Partial<StreamTarget>
  /** Several streams of one case share a monitor. */
  state: MonitorState
  /** Default: the static build. */
  ffprobe?: string
  listener?: {
    observed(observation: Observation<'stream', StreamMeasurements>): void
    happened(said: Omit<Said, 'at'>): void
  }
}

export const PLAIN: Omit<StreamTarget, 'name' | 'url'> = {
  interval: 1,
  labels: {},
  dependsOn: [],
  checks: 'packets',
  media: 'both',
  expected: 'always',
  stallAfter: null,
  eventMinutes: null,
  objective: 99.5,
  verifyTls: true,
  profile: null,
  profiles: {},
  shardKey: null,
  backupOf: null,
  rateControl: null,
  stillPicture: 'allowed',
  reader: 'auto',
  variant: null,
  picture: null,
  limits: {},
  platform: null,
}

export const monotonic = () => performance.now() / 1000

export function watchStream({ name, url, target: settings, state, ffprobe, listener }: Watching): WatchedStream {
  const target: StreamTarget = { ...PLAIN, name, url, ...settings }
  state.directory.enter('stream', name, 'fault', target.interval)
  const watch = WATCHES.stream(state, ffprobe ?? ffprobeInstaller.path)(target, canonical(target), null)
  const said: Said[] = []
  let newest: Observation<'stream', StreamMeasurements> | null = null
  let present: number | null = null
  watch.attach({
    observed: (observation) => {
      newest = observation
      listener?.observed(observation)
      if (observation.measurements.up === true) present ??= monotonic()
    },
    happened: ({ event, issue }) => {
      if ((event !== 'raised' && event !== 'cleared') || !issue) return
      said.push({ at: monotonic(), event, issue })
      listener?.happened({ event, issue })
    },
  })
  watch.start((observation) => state.newest.put(observation))
  return {
    said,
    newest: () => newest,
    state: () => newest?.state ?? 'unknown',
    issues: () => newest?.issues ?? [],
    presentSince: () => present,
    untilObserved: async (what, seconds) => {
      const is = () => newest !== null && what(newest)
      await until(is, seconds, () => `${what}\nIt says: ${JSON.stringify(newest)}`)
    },
    expect: (expected) => watch.expect(expected),
    stop: async () => {
      await watch.stop()
      state.directory.leave('stream', name, 'fault')
    },
  }
}
