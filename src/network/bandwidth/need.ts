import type { BandwidthNeed } from '../../observation/bandwidth.ts'
import type { State } from '../../observation/observation.ts'
import type { StreamMeasurements } from '../../observation/stream.ts'

/** A stream that a bandwidth target and it say belong together. */
export interface DependentStream {
  name: string
  /** Null where nothing has been observed of it lately. */
  newest: { state: State; measurements: StreamMeasurements } | null
}

/**
 * Why no test may run now, as one clause: a stream is on the air, should be, or it is not known whether it is. A test
 * takes the whole connection for some seconds, which a live stream would not survive. Null where one may run. Pure.
 */
export function reasonToPostpone(streams: readonly DependentStream[]): string | null {
  for (const { name, newest } of streams) {
    if (newest === null || newest.state === 'unknown') return `it is not known whether ${name} is on air`
    if (newest.state === 'ok' || newest.state === 'degraded') return `${name} is on air`
    if (newest.state === 'down') return `${name} should be on air`
  }
  return null
}

/**
 * What the streams need that are on the air now: the larger of what each declares and what it sends. A stream that is
 * not on the air keeps in `known` what it was seen to need. Pure.
 */
export function streamNeeds(
  streams: readonly DependentStream[],
  known: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const needs = new Map<string, number>()
  for (const { name, newest } of streams) {
    const seen = newest === null ? 0 : bytesPerSecondOf(newest.measurements)
    const need = seen > 0 ? seen : known.get(name)
    if (need !== undefined) needs.set(name, need)
  }
  return needs
}

/** All of them together; null where none is known. Pure. */
export function needOf(needs: ReadonlyMap<string, number>): BandwidthNeed | null {
  if (needs.size === 0) return null
  return { bytesPerSecond: [...needs.values()].reduce((sum, need) => sum + need, 0), streams: [...needs.keys()] }
}

function bytesPerSecondOf({ last10s, parameters }: StreamMeasurements): number {
  const measured = (last10s.videoBytesPerSecond ?? 0) + (last10s.audioBytesPerSecond ?? 0)
  const tracks = [parameters?.video[0], parameters?.audio[0]]
  const declared = tracks.reduce((sum, track) => sum + (track?.declaredBytesPerSecond ?? 0), 0)
  return Math.max(measured, declared)
}

/** Bytes per second that a number of megabits per second is. */
export const BYTES_PER_MEGABIT = 125_000
