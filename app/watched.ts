import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { KINDS } from '../src/kinds/kinds.ts'
import { countNotWatched, tell } from '../src/monitor/rejections.ts'
import { SecretStore } from '../src/secrets/secrets.ts'
import { newTargetsMemory } from '../src/targets/memory.ts'
import { TargetsSource } from '../src/targets/source.ts'
import type { Environment } from './environment.ts'

/** Where the targets come from. */
export type Watched =
  /** `exists` is false only for a file that TARGETS_FILE names. */
  | { from: 'file'; file: string; exists: boolean; ignored: string[] }
  | { from: 'environment'; variables: string[] }
  | { from: 'demo' }
  | { from: 'nothing' }

/**
 * The targets file goes before the environment, and both before the demo. Without TARGETS_FILE a `targets.json`
 * counts that lies in DATA_DIR, else one in the folder from which the monitor was started.
 */
export function whatToWatch(environment: Environment): Watched {
  const { targetsFile, targetLists: variables, dataDir, demo } = environment
  if (targetsFile !== null) {
    return { from: 'file', file: targetsFile, exists: existsSync(targetsFile), ignored: variables }
  }
  const file = [join(dataDir, 'targets.json'), resolve('targets.json')].find((each) => existsSync(each))
  if (file !== undefined) return { from: 'file', file, exists: true, ignored: variables }
  if (variables.length > 0) return { from: 'environment', variables }
  return { from: demo === 'off' ? 'nothing' : 'demo' }
}

/** What is watched of what is written, for whoever starts the monitor. */
export interface Taken {
  watched: number
  refused: number
  /** A sentence for each mistake. Without secrets. */
  mistakes: string[]
}

/** Reads the targets as the `targets` node will. @param variables as Node-RED gets them */
export async function readTargets(variables: NodeJS.ProcessEnv): Promise<Taken> {
  const secrets = new SecretStore()
  const source = new TargetsSource({
    kinds: KINDS,
    owner: 'start',
    environment: variables,
    secrets,
    memory: newTargetsMemory(),
  })
  try {
    const { watches, rejected } = await source.start(() => {})
    const mistakes = rejected.map(tell).map(({ entry, summary }) => `${entry}: ${summary}`)
    return { watched: watches.length, refused: countNotWatched(rejected), mistakes }
  } finally {
    source.stop()
  }
}
