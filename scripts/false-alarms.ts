import { type Baseline, endOfBroadcast, KEPT, NOTHING_KNOWN, take } from '../src/baselines/baseline.ts'
import { FLOORS } from '../src/baselines/floors.ts'
import type { Floors } from '../src/baselines/usual-range.ts'
import { normal } from '../test/baselines/noise.ts'
import type { Recorded } from '../test/baselines/recorded.ts'

/** How often something was said to be unusual that was not. */
export interface FalseAlarms {
  level: number
  shift: number
  /** That were judged. */
  hours: number
}

/** Seconds of a sample. */
const SAMPLE = 10
/** Samples: 90 minutes, and as many broadcasts as make a day. */
const BROADCAST = 540
const BROADCASTS = 16
/** Samples of the shortest broadcast that counts: 5 minutes. */
const SHORTEST = 30

/** Made noise: of a measure, about a level, in its unit. */
export interface Noise {
  measure: string
  level: number
  /** Standard deviation. */
  spread: number
}

export const NOISES: readonly Noise[] = [
  { measure: 'videoBytesPerSecond', level: 750_000, spread: 37_500 },
  { measure: 'videoBytesPerSecond', level: 750_000, spread: 112_500 },
  { measure: 'roundTrip', level: 0.02, spread: 0.006 },
  { measure: 'drift', level: 0.3, spread: 0.1 },
]

/** Of days of made noise, each with a seed of its own from 1 on: normally distributed, each sample independent. */
export function inNoise({ measure, level, spread }: Noise, days: number, isEndless: boolean): FalseAlarms {
  const floors = floorsOf(measure)
  const alarms = { level: 0, shift: 0, hours: days * 24 }
  for (let seed = 1; seed <= days; seed++) {
    const noise = normal(seed)
    let baseline = NOTHING_KNOWN
    for (let sample = 1; sample <= BROADCASTS * BROADCAST; sample++) {
      baseline = counted(alarms, baseline, level + spread * noise(), floors, isEndless)
      if (!isEndless && sample % BROADCAST === 0) baseline = endOfBroadcast(baseline, KEPT.broadcasts)
    }
  }
  return alarms
}

/** Of a stream that was healthy: each five minutes of it judged by the others, as if they had been broadcasts before it. */
export function inRecorded({ values }: Recorded): FalseAlarms {
  const alarms = { level: 0, shift: 0, hours: 0 }
  for (const [measure, all] of Object.entries(values)) {
    const floors = floorsOf(measure)
    const parts = Array.from({ length: Math.floor(all.length / SHORTEST) }, (_, index) =>
      all.slice(index * SHORTEST, (index + 1) * SHORTEST),
    )
    for (const judged of parts) {
      let baseline = NOTHING_KNOWN
      const ignored = { level: 0, shift: 0 }
      for (const part of parts) {
        if (part === judged) continue
        for (const value of part) baseline = counted(ignored, baseline, value, floors, false)
        baseline = endOfBroadcast(baseline, KEPT.broadcasts)
      }
      for (const value of judged) baseline = counted(alarms, baseline, value, floors, false)
      alarms.hours += (judged.length * SAMPLE) / 3600
    }
  }
  return alarms
}

function counted(
  alarms: Pick<FalseAlarms, 'level' | 'shift'>,
  before: Baseline,
  value: number,
  floors: Floors,
  isEndless: boolean,
): Baseline {
  const { baseline } = take(before, value, floors, isEndless)
  const { unusual } = baseline.detector
  if (unusual !== null && before.detector.unusual === null) alarms[unusual] += 1
  return baseline
}

function floorsOf(measure: string): Floors {
  const floors = FLOORS[measure]
  if (floors === undefined) throw new Error(`${measure} has no baseline`)
  return floors
}
