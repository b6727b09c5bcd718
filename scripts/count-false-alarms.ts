/**
 * Counts how often a baseline takes what is usual for something unusual, for docs/baselines.md: `node
 * scripts/count-false-alarms.ts`. Half a minute.
 */
import { recordedHealthy } from '../test/baselines/recorded.ts'
import { type FalseAlarms, inNoise, inRecorded, NOISES } from './false-alarms.ts'

/** Days of each noise. */
const DAYS = 20

const say = (what: string, { level, shift, hours }: FalseAlarms) =>
  console.log(`${what}, ${hours.toFixed(1)} h: ${level} by level, ${shift} by shift`)

for (const noise of NOISES) {
  for (const isEndless of [false, true]) {
    const kind = isEndless ? 'without broadcasts' : 'with broadcasts'
    say(`${noise.measure}, spread ${noise.spread}, ${kind}`, inNoise(noise, DAYS, isEndless))
  }
}
for (const recorded of recordedHealthy()) say(`healthy stream ${recorded.name}`, inRecorded(recorded))
