import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where what was measured of healthy streams is kept: `scripts/record-healthy.ts` makes it. */
export const RECORDED = fileURLToPath(new URL('recorded', import.meta.url))

/** Of one healthy stream: the mean of each ten seconds, by measure, in the order in which they were. */
export interface Recorded {
  name: string
  machine: { cores: number; load: number; date: string }
  values: Record<string, number[]>
}

export function recordedHealthy(): Recorded[] {
  return readdirSync(RECORDED).map((file) => JSON.parse(readFileSync(`${RECORDED}/${file}`, 'utf8')) as Recorded)
}
