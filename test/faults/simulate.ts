/**
 * Hours of generated packets in seconds: the meter and the judge of a stream with clocks of the test's own. Runs in a
 * process that gives way to all others, because the rows that are played meanwhile need the processors on time.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Simulated, Simulation } from './simulation.ts'

const CHILD = fileURLToPath(new URL('simulate.child.ts', import.meta.url))

export async function simulate(simulation: Simulation): Promise<Simulated> {
  const args = [CHILD, JSON.stringify(simulation)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 })
  return JSON.parse(stdout) as Simulated
}
