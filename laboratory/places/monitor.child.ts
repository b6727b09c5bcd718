/**
 * A monitor: as many as there are variants of what is configured, in one process, that watch as the nodes do. Twice a second
 * each writes what it knows of the stream, where that has changed, as a line of JSON to a file; on stdout, whether all is well.
 */
import { createWriteStream } from 'node:fs'
import { KINDS } from '../../src/kinds/kinds.ts'
import { WATCHES } from '../../src/kinds/probes.ts'
import type { CreateWatch } from '../../src/monitor/held-watch.ts'
import { situationOf } from '../../src/monitor/situation.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import { WatchSet } from '../../src/monitor/watch-set.ts'
import { systemClock } from '../../src/observation/clock.ts'
import type { Kind, MeasurementsOf } from '../../src/observation/observation.ts'
import { isReceiving } from '../../src/observation/platform.ts'
import { VimeoAccount } from '../../src/platform/vimeo-account.ts'
import { obey } from '../control.ts'
import { MAIN, type Targets } from '../targets.ts'

export interface MonitorOptions {
  control: string
  /** Where what is known is written. */
  file: string
  token: string
  ffprobe: string
  variants: readonly { variant: string; targets: Targets }[]
}

const options = JSON.parse(process.argv[2] ?? '') as MonitorOptions
const out = createWriteStream(options.file)
const address = { protocol: 'http:', hostname: 'api.lab', port: '80' } as const

/** Long, and of no use to a question. */
const LEFT_OUT = new Set(['remedy', 'labels', 'total', 'newConnectSeconds', 'last1s', 'last10s', 'device'])

/** What a stream says where the monitor had no time for it. */
const LATE: ReadonlySet<string> = new Set(['loop-late', 'late', 'stale'])

interface Monitor {
  variant: string
  state: MonitorState
  targets: Targets
  written: string
}

function hold<K extends Kind>(
  state: MonitorState,
  kind: K,
  create: CreateWatch<K, MeasurementsOf[K]>,
  targets: Targets,
): void {
  const failed = (error: unknown) => console.error(kind, error)
  const listener = { observed: () => {}, happened: () => {}, failed, unconfirmed: failed }
  const set = new WatchSet<K, MeasurementsOf[K]>({ kind, owner: kind, state, create, listener })
  set.flowsStarted()
  for (const [of, target] of targets) if (of === kind) set.handle({ action: 'watch', kind, target })
}

const monitors = options.variants.map(({ variant, targets }): Monitor => {
  const state = new MonitorState(variant, KINDS)
  const account = new VimeoAccount({
    clock: systemClock,
    access: async () => ({ token: options.token, address }),
    timeout: 4,
  })
  hold(state, 'ping', WATCHES.ping(state), targets)
  hold(state, 'service', WATCHES.service(state), targets)
  hold(state, 'encoder', WATCHES.encoder(state), targets)
  hold(state, 'platform', WATCHES.platform(state, account), targets)
  hold(state, 'stream', WATCHES.stream(state, options.ffprobe), targets)
  return { variant, state, targets, written: '' }
})

/** What is not well yet, of all that is watched. */
function unwell({ state, targets }: Monitor): string[] {
  return targets.flatMap(([kind, { name }]) => {
    const seen = state.newest.get(kind, String(name))?.observation
    if (seen === undefined || seen.state !== 'ok') return [`${kind} ${name} ${seen?.state ?? 'unseen'}`]
    const m = seen.measurements as Partial<MeasurementsOf['stream'] & MeasurementsOf['platform']>
    if (kind === 'stream' && (m.warmingUp !== false || m.window?.realtimeRatio == null)) return [`${name} is young`]
    if (kind === 'stream' && name === MAIN && m.content == null) return ['not looked at']
    if (kind === 'platform' && isReceiving(m.liveState ?? null, m.ingestState ?? null) !== true)
      return [`${name} ${m.liveState}`]
    return []
  })
}

let lastAt = performance.now()
/** Seconds by which this process was late at the most, since the last order to forget it. */
let late = 0
let elsewhereSuffered = false

setInterval(() => {
  late = Math.max(late, (performance.now() - lastAt) / 1000 - 0.5)
  lastAt = performance.now()
  for (const monitor of monitors) {
    const situation = situationOf(monitor.state, MAIN)
    const text = JSON.stringify(situation, (key, value: unknown) => (LEFT_OUT.has(key) ? undefined : value))
    const other = monitor.state.newest.get('stream', 'elsewhere')?.observation
    if (other !== undefined && other.state !== 'ok') elsewhereSuffered = true
    const own = monitor.state.newest.get('stream', MAIN)?.observation.error
    if (own !== undefined && LATE.has(own.code)) late = 60
    if (text === monitor.written) continue
    monitor.written = text
    out.write(`{"at":${Date.now()},"variant":"${monitor.variant}","situation":${text}}\n`)
  }
}, 500)

obey(options.control, {
  unwell: () => monitors.flatMap(unwell),
  /** From now on the run counts. */
  begin: () => {
    late = 0
    elsewhereSuffered = false
  },
  spoilt: () => ({ late, elsewhereSuffered }),
  /** Whether something fires that a person is told of, about the stream or what it needs. */
  fires: () =>
    monitors.map(({ state, targets }) =>
      targets
        .filter(([, { name }]) => name !== 'second' && name !== 'elsewhere')
        .some(([kind, { name }]) =>
          (state.newest.get(kind, String(name))?.observation.issues ?? []).some(
            ({ severity }) => severity === 'error' || severity === 'warning',
          ),
        ),
    ),
  /** Leaves no time to anything else: so many milliseconds of each second. */
  burn: (text) => {
    setInterval(() => {
      const until = performance.now() + Number(text)
      while (performance.now() < until);
    }, 1000)
  },
  flush: () => new Promise<void>((resolve) => out.end(() => resolve())),
})
console.log('ready')
