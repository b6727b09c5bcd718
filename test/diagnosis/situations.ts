import type { MonitorPlace, Place, Seen, Situation } from '../../src/diagnosis/situation.ts'
import type { DeviceState } from '../../src/observation/encoder.ts'
import { NO_ENCODER } from '../../src/observation/encoder.ts'
import type { Issue, Kind, MeasurementsOf, Observation, State } from '../../src/observation/observation.ts'
import { NO_EVENT } from '../../src/observation/platform.ts'
import { content, measurements } from '../metrics/observations.ts'

const TIME = '2026-11-29T10:00:00.000Z'

export function issue(type: string, summary = type): Issue {
  return { type, severity: 'error', since: TIME, summary, remedy: [] }
}

function seen<K extends Kind>(
  kind: K,
  target: string,
  state: State,
  found: Partial<MeasurementsOf[K]>,
  more: Partial<Omit<Observation, 'kind'>> = {},
): Seen<K> {
  const frame = { labels: {}, time: TIME, sequence: 1, expected: true, score: null, issues: [] }
  return { kind, target, state, ...frame, ...more, measurements: found as MeasurementsOf[K] }
}

/** A stream in one of the ways in which it is seen. */
export const STREAMS = {
  well: () => seen('stream', 'main', 'ok', measurements({ content: content() })),
  /** Its content is not looked at. */
  unseen: () => seen('stream', 'main', 'ok', measurements()),
  troubled: (...types: string[]) =>
    seen('stream', 'main', 'degraded', measurements(), { issues: types.map((type) => issue(type)) }),
  late: () =>
    seen('stream', 'main', 'degraded', measurements({ window: { ...measurements().window, realtimeRatio: 0.6 } }), {
      issues: [issue('videoIngestionStarved')],
    }),
  ended: () => away('ended'),
  silent: () => away('stalled'),
  refused: () => away('refused'),
  unreachable: () => away('unreachable', true),
  closedDoor: () => away('refused', true),
  unmeasured: (code: string) =>
    seen('stream', 'main', 'unknown', measurements({ up: null }), { error: { code, message: code } }),
} as const

function away(reason: 'ended' | 'stalled' | 'refused' | 'unreachable', beforeStream = false): Seen<'stream'> {
  const nothing = { videoBytesPerSecond: 0, audioBytesPerSecond: 0, framesPerSecond: null, realtimeRatio: null }
  const found = measurements({ up: false, warmingUp: true, window: nothing, lastPacketAge: 20 })
  const absence = { reason, ...(beforeStream && { beforeStream: true as const }) }
  return seen('stream', 'main', 'down', found, { absence, issues: [issue('streamOffline')] })
}

export function encoder(deviceState: DeviceState | 'away', cacheUsedRatio: number | null = 0.02): Seen<'encoder'> {
  if (deviceState === 'away') return seen('encoder', 'encoder', 'down', { ...NO_ENCODER, up: false })
  const found = { ...NO_ENCODER, up: true, deviceState, cacheUsedRatio, bytesPerSecond: 500_000 }
  const issues = (cacheUsedRatio ?? 0) > 0.5 ? [issue('encoderCacheHigh')] : []
  return seen('encoder', 'encoder', 'ok', found, { issues })
}

/** One that sends less than before, though its cache is empty. */
export function throttled(): Seen<'encoder'> {
  return { ...encoder('streaming'), state: 'degraded', issues: [issue('encoderBitrateLow')] }
}

/** `lost`: of 40 echoes in the last minute. */
export function host(place: Place, state: 'up' | 'down' | 'lossy' | 'cut', lost = 0): Situation['hosts'][number] {
  const isUp = state === 'up' || state === 'lossy'
  const recent = { sent: 40, received: 40 - lost }
  const found = { up: isUp, answered: isUp, recent, loss: state === 'up' ? 0 : state === 'lossy' ? 0.2 : 1 }
  const types = { up: [], down: ['noReply'], lossy: ['packetLoss'], cut: ['observerNetwork'] }[state]
  return { place, seen: seen('ping', place, 'ok', found, { issues: types.map((type) => issue(type)) }) }
}

export function service(fault: string | null): Situation['services'][number] {
  const certificate = { expires: 0, secondsLeft: 1e7, subject: '', issuer: '', protocol: null }
  const found = { up: fault === null, certificate: fault === null ? certificate : null }
  const issues = fault === null ? [] : [issue(fault)]
  return { place: 'server', seen: seen('service', 'ingest', fault === null ? 'ok' : 'down', found, { issues }) }
}

export function platform(state: 'receives' | 'waits' | 'silent'): Seen<'platform'> {
  const receives = { ...NO_EVENT, up: true, liveState: 'streaming', ingestState: 'receiving' } as const
  const waits = { ...NO_EVENT, up: true, liveState: 'ready', ingestState: 'waiting' } as const
  if (state === 'receives') return seen('platform', 'vimeo', 'ok', receives)
  if (state === 'waits') return seen('platform', 'vimeo', 'degraded', waits, { issues: [issue('ingestNotReceiving')] })
  return seen('platform', 'vimeo', 'unknown', NO_EVENT, { issues: [issue('platformUnreachable')] })
}

/** Another stream on the same server, and one elsewhere, where there are any. */
type Shown = 'well' | 'late' | 'down' | null
export function others(onServer: Shown, elsewhere: Shown): Situation['others'] {
  const one = (shows: Shown) => ({
    ...{ known: Number(shows !== null), well: Number(shows === 'well') },
    ...{ late: Number(shows === 'late'), down: Number(shows === 'down') },
  })
  return { onServer: one(onServer), elsewhere: one(elsewhere) }
}

/** Nothing but the stream is configured, unless it is said. */
export function situation(monitorAt: MonitorPlace, stream: Seen<'stream'>, more: Partial<Situation> = {}): Situation {
  return {
    ...{
      monitorAt,
      stream,
      encoders: [],
      hosts: [],
      services: [],
      bandwidth: [],
      platforms: [],
      others: others(null, null),
    },
    ...more,
  }
}
