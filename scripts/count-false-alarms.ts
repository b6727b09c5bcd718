/**
 * Counts how often a baseline takes noise for something unusual, for docs/baselines.md: `node
 * scripts/count-false-alarms.ts`. Half a minute.
 */
import { type Baseline, endOfBroadcast, KEPT, NOTHING_KNOWN, take } from '../src/baselines/baseline.ts'
import { FLOORS } from '../src/baselines/floors.ts'
import { normal } from '../test/baselines/noise.ts'

const RUNS = 20
/** Samples of ten seconds: 90 minutes, and as many broadcasts as make a day. */
const BROADCAST = 540
const BROADCASTS = 16

const CASES = [
  { measure: 'videoBytesPerSecond', level: 750_000, spread: 37_500 },
  { measure: 'videoBytesPerSecond', level: 750_000, spread: 112_500 },
  { measure: 'roundTrip', level: 0.02, spread: 0.006 },
  { measure: 'drift', level: 0.3, spread: 0.1 },
]

for (const { measure, level, spread } of CASES) {
  const floors = FLOORS[measure]
  if (floors === undefined) throw new Error(`${measure} has no baseline`)
  for (const isEndless of [false, true]) {
    const alarms = { level: 0, shift: 0 }
    for (let seed = 1; seed <= RUNS; seed++) {
      const noise = normal(seed)
      let baseline: Baseline = NOTHING_KNOWN
      for (let sample = 1; sample <= BROADCASTS * BROADCAST; sample++) {
        const before = baseline.detector.unusual
        baseline = take(baseline, level + spread * noise(), floors, isEndless).baseline
        const { unusual } = baseline.detector
        if (unusual !== null && before === null) alarms[unusual] += 1
        if (!isEndless && sample % BROADCAST === 0) baseline = endOfBroadcast(baseline, KEPT.broadcasts)
      }
    }
    const what = isEndless ? 'without broadcasts' : 'with broadcasts'
    console.log(
      `${measure}, spread ${spread}, ${RUNS * 24} h ${what}: ${alarms.level} by level, ${alarms.shift} by shift`,
    )
  }
}
