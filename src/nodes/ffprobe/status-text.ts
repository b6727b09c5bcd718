import type { NodeStatusFill, NodeStatusShape } from 'node-red'
import type { Observation, State } from '../../observation/observation.ts'
import type { StreamMeasurements } from '../../observation/stream.ts'

type StreamObservation = Observation<'stream', StreamMeasurements>

/** What stands under an `ffprobe` node. `say` is the catalogue of the node's labels. */
export interface ProbeStatus {
  fill: NodeStatusFill
  shape: NodeStatusShape
  text: string
}

type Say = (key: string, values?: Record<string, string | number>) => string

const LOOKS: Readonly<Record<State, Pick<ProbeStatus, 'fill' | 'shape'>>> = {
  ok: { fill: 'green', shape: 'dot' },
  degraded: { fill: 'yellow', shape: 'dot' },
  down: { fill: 'red', shape: 'dot' },
  unknown: { fill: 'yellow', shape: 'ring' },
  off: { fill: 'grey', shape: 'ring' },
}

/** What is said by itself, whatever the streams: nothing of them is known without it. */
const MISSING = [
  { code: 'no-ffprobe', says: 'status.noFfprobe' },
  { code: 'no-ffmpeg', says: 'status.noFfmpeg' },
] as const

/** In the order in which they are counted, and the worst of them gives the colour. */
const COUNTED: readonly State[] = ['ok', 'down', 'unknown', 'degraded', 'off']
const WORST_FIRST: readonly State[] = ['down', 'degraded', 'unknown', 'ok', 'off']

/** @param newest of every stream that is watched; null where nothing has been observed yet */
export function probeStatus(newest: readonly (StreamObservation | null)[], say: Say): ProbeStatus {
  const lacking = MISSING.find(({ code }) => newest.some((observation) => observation?.error?.code === code))
  if (lacking) return { fill: 'red', shape: 'ring', text: say(lacking.says) }
  const [only, another] = newest
  if (only === undefined) return { fill: 'grey', shape: 'ring', text: say('status.idle') }
  return another === undefined ? statusOfOne(only, say) : statusOfMany(newest, say)
}

function statusOfOne(observation: StreamObservation | null, say: Say): ProbeStatus {
  if (observation === null) return { ...LOOKS.unknown, text: say('status.waiting') }
  return { ...LOOKS[observation.state], text: textOfOne(observation, say) }
}

function textOfOne({ state, error, issues, measurements }: StreamObservation, say: Say): string {
  if (state === 'unknown') return error?.code ?? say('status.waiting')
  if (state === 'degraded') {
    const { type } = issues.find(({ severity }) => severity === 'error') ?? issues[0] ?? {}
    return type ?? say('state.degraded')
  }
  if (state !== 'ok') return say(`state.${state}`)
  const { videoBytesPerSecond: video, audioBytesPerSecond: audio, framesPerSecond } = measurements.last1s
  if (video === null && audio === null) return say('state.ok')
  const values = { state: say('state.ok'), megabits: megabits((video ?? 0) + (audio ?? 0)) }
  if (framesPerSecond === null || video === null) return say('status.bitrate', values)
  return say('status.bitrateAndFrames', { ...values, frames: Math.round(framesPerSecond) })
}

function statusOfMany(newest: readonly (StreamObservation | null)[], say: Say): ProbeStatus {
  const states = newest.map((observation) => observation?.state ?? 'unknown')
  const counts = COUNTED.map((state) => ({ state, count: states.filter((other) => other === state).length }))
  const worst = WORST_FIRST.find((state) => states.includes(state)) ?? 'unknown'
  const words = counts
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => say('status.count', { count, state: say(`state.${state}`) }))
  return { ...LOOKS[worst], text: words.join(', ') }
}

/** One decimal below 100 Mb/s. */
function megabits(bytesPerSecond: number): string {
  const value = (bytesPerSecond * 8) / 1e6
  return value.toFixed(value < 99.95 ? 1 : 0)
}
