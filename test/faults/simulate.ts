/**
 * Hours of generated packets in seconds: the meter and the judge of a stream with clocks of the test's own. Runs in a
 * worker, because the rows that are played meanwhile need this process to be on time.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Simulated, Simulation } from './simulation.ts'

export async function simulate(simulation: Simulation): Promise<Simulated> {
  const worker = new Worker(new URL('./simulate.worker.ts', import.meta.url), { workerData: simulation })
  const [result] = await once(worker, 'message')
  await worker.terminate()
  return result as Simulated
}
