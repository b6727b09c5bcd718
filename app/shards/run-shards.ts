import type { Environment } from '../environment.ts'
import type { FlowsOutcome } from '../flow-store.ts'
import type { Up } from '../node-red.ts'
import type { Shutdown } from '../shutdown.ts'
import { Balancer } from './balancer.ts'
import { LOOPBACK, makeFolders, planShards, reachable, shardPorts } from './shards.ts'

/** Where one monitor listens and keeps its own, and what its environment has beside that of all. */
export interface Place {
  host: string
  port: number
  dataDir: string
  variables: Readonly<Record<string, string>>
}

export interface RunOptions {
  environment: Environment
  shutdown: Shutdown
  say(line: string): void
  /** Resolves when the monitor is up. */
  run(place: Place): Promise<Running>
}

type Running = Up & { flows: FlowsOutcome }

/** Several monitors and the balancer before them. The first stands for all in what is shown of flows and problems. */
export async function runShards(
  nginx: string,
  count: number,
  { environment, shutdown, say, run }: RunOptions,
): Promise<Running & { monitors: string[] }> {
  const { host, dataDir } = environment
  const { port, monitors } = await shardPorts(environment.port, count)
  const url = `http://${reachable(host)}:${port}`
  const shards = planShards(monitors, { dataDir, url, user: process.env })
  makeFolders(shards)
  const [first, ...others] = await Promise.all(shards.map((shard) => run({ host: LOOPBACK, ...shard })))
  if (first === undefined) throw new Error('There is no monitor')
  const balancer = new Balancer({ nginx, dataDir, host, port, monitors }, url, say)
  shutdown.add(balancer)
  await balancer.up()
  return { ...first, url, monitors: [first, ...others].map((each) => each.url) }
}
