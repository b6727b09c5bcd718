import type { Observation } from '../../src/observation/observation.ts'
import type { PingMeasurements } from '../../src/observation/ping.ts'
import type { ServiceMeasurements } from '../../src/observation/service.ts'
import type { OwnedProcess } from '../fixtures/process.ts'
import { until } from '../fixtures/wait.ts'

export type Watched = Observation<'ping' | 'service', PingMeasurements & ServiceMeasurements>

type Start = (args: readonly string[], onOutput: (text: string) => void) => Promise<OwnedProcess>

export interface NetworkWatch {
  /** The newest of a target. */
  newest(target: string): Watched | undefined
  /** All of a target, oldest first. */
  all(target: string): Watched[]
  /** Waits until the newest observation of a target is so. */
  until(target: string, is: (observation: Watched) => boolean, seconds: number, what: string): Promise<Watched>
  stop(): Promise<void>
}

/** Watches targets in a process of its own, which `start` starts where it is to be. */
export async function startNetworkWatch(
  targets: readonly { kind: 'ping' | 'service'; target: object }[],
  start: Start,
): Promise<NetworkWatch> {
  const observations: Watched[] = []
  let rest = ''
  const script = new URL('network-watch.child.ts', import.meta.url).pathname
  const child = await start([script, JSON.stringify(targets)], (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    observations.push(...lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Watched))
  })
  const newest = (target: string) => observations.findLast((observation) => observation.target === target)
  return {
    newest,
    all: (target) => observations.filter((observation) => observation.target === target),
    until: async (target, is, seconds, what) => {
      const so = () => {
        const observation = newest(target)
        return observation !== undefined && is(observation)
      }
      await until(
        so,
        seconds,
        () => `${target} ${what}: ${JSON.stringify(newest(target))} ${child.output().slice(-300)}`,
      )
      return newest(target) as Watched
    },
    stop: () => child.kill(),
  }
}

/** Types of the issues that are active. */
export function typesOf(observation: Watched | undefined): string[] {
  return (observation?.issues ?? []).map(({ type }) => type)
}
