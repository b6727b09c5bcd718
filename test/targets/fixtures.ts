import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { SecretStore } from '../../src/secrets/secrets.ts'
import type { Environment } from '../../src/secrets/variables.ts'
import { newTargetsMemory, type TargetsMemory } from '../../src/targets/memory.ts'
import { type TargetsSnapshot, TargetsSource } from '../../src/targets/source.ts'
import type { Target } from '../../src/targets/target.ts'
import { until } from '../fixtures/wait.ts'

/** A folder of the test file's own, removed after it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-targets-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Milliseconds between two looks at a file: so that tests are quick. */
export const LOOK = 10

/** A source with everything that it told. `stop` it. */
export class Told {
  readonly snapshots: TargetsSnapshot[] = []
  readonly secrets: SecretStore
  readonly memory: TargetsMemory
  readonly source: TargetsSource

  constructor(
    environment: Environment,
    {
      file,
      memory = newTargetsMemory(),
      secrets = new SecretStore(),
    }: { file?: string; memory?: TargetsMemory; secrets?: SecretStore } = {},
  ) {
    this.secrets = secrets
    this.memory = memory
    const path = file === undefined ? {} : { file }
    this.source = new TargetsSource({
      kinds: KINDS,
      owner: 'node',
      environment,
      secrets,
      memory,
      interval: LOOK,
      ...path,
    })
  }

  async start(): Promise<this> {
    await this.source.start((snapshot) => this.snapshots.push(snapshot))
    return this
  }

  stop(): void {
    this.source.stop()
  }

  get newest(): TargetsSnapshot {
    const newest = this.snapshots.at(-1)
    if (newest === undefined) throw new Error('nothing was told')
    return newest
  }

  get names(): string[] {
    return this.newest.watches.map(({ target }) => (target as Target).name)
  }

  /** The addresses as a probe would use them. */
  get addresses(): string[] {
    return this.newest.watches.map(({ target }) => this.secrets.expand((target as { url: string }).url))
  }

  get rejections(): string[] {
    return this.newest.rejected.map(({ message }) => message)
  }

  async next(what: string, condition: () => boolean): Promise<void> {
    await until(condition, 2, () => `${what}, not ${JSON.stringify(this.snapshots.at(-1))}`)
  }
}

/** A file's content with these streams, each as `name: url`. */
export function streams(urls: Record<string, string>): string {
  return JSON.stringify({ streams: Object.entries(urls).map(([name, url]) => ({ name, url })) })
}
