import { createStreamJudge } from '../../src/health/judge.ts'
import { createProfiles } from '../../src/health/profile-lookup.ts'
import type { Issue, State } from '../../src/observation/observation.ts'
import { PacketMeter } from '../../src/stream/meter.ts'
import { parameters } from '../health/readings.ts'
import { generate } from '../stream/generate-packets.ts'

/** A stream of generated packets, and what the clocks do meanwhile. */
export interface Simulation {
  /** Hours of media. */
  hours: number
  /** First time stamp, seconds. */
  from?: number
  /** Seconds after which the time stamps begin again at 0. */
  wrap?: number
  /** When the clock of the host is set, hours from the start, and by how many seconds. */
  clockSteps?: readonly { at: number; by: number }[]
  /** When media stops for ever, hours from the start. */
  stopsAt?: number
}

export interface Simulated {
  raised: { issue: Issue; at: number }[]
  state: State
  /** Where media stopped, else 0. Seconds from the start, as `at` of what was raised. */
  stoppedAt: number
  /** Whether what was measured at the end is within 1 % of what was generated. */
  accurate: boolean
}

const STALL_AFTER = 2

/** Pure but for the time that it takes. */
export function run(simulation: Simulation): Simulated {
  const { hours, from = 0, wrap = Number.MAX_VALUE, clockSteps = [], stopsAt = hours } = simulation
  const profile = createProfiles().get('youtube')
  const judge = createStreamJudge({ target: 'main', media: 'both', profile })
  const meter = new PacketMeter({ stallAfter: STALL_AFTER })
  meter.beginSession(0)
  meter.setParameters(parameters({ declaredFrameRate: 25 }))
  const raised: Simulated['raised'] = []
  const stoppedAt = stopsAt * 3600
  const end = hours * 3600
  let state: State = 'unknown'
  let accurate = true
  for (let second = 0; second < end; second += 1) {
    if (second < stoppedAt) {
      const source = { seconds: 1, fps: 25, gop: 2, audioRate: 44_100 / 1024, keyframeSize: 100_000, frameSize: 24_000 }
      const stamp = (t: number) => (from + second + t) % wrap
      for (const { packet, at } of generate({ ...source, at: second, stamp })) {
        meter.add({ ...packet, keyframe: packet.media === 'audio' || (packet.keyframe && second % 2 === 0) }, at)
      }
    }
    const at = second + 1
    const stepped = clockSteps.filter((step) => step.at * 3600 <= at).reduce((sum, { by }) => sum + by, 0)
    const measurements = meter.measure(at)
    const flowing = meter.isFlowing(at)
    const reading = flowing
      ? { outcome: 'present' as const, measurements: { ...measurements, up: true } }
      : { outcome: 'absent' as const, reason: 'stalled' as const, measurements: { ...measurements, up: false } }
    const wall = Date.parse('2026-03-01T10:00:00Z') + (at + stepped) * 1000
    const verdict = judge.judge({ reading, expected: true, at: { wall, monotonic: at }, interval: 1 })
    for (const issue of verdict.raised) raised.push({ issue, at })
    state = verdict.state
    if (flowing && second > 30)
      accurate &&= isAccurate(measurements.window.framesPerSecond, measurements.keyframeInterval)
  }
  return { raised, state, stoppedAt, accurate }
}

function isAccurate(framesPerSecond: number | null, keyframeInterval: number | null): boolean {
  return Math.abs((framesPerSecond ?? 0) / 25 - 1) <= 0.01 && Math.abs((keyframeInterval ?? 0) / 2 - 1) <= 0.01
}
