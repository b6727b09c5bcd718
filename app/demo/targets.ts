import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../src/programs/child.ts'

/** What the demo has the monitor watch. */
const SHIPPED = fileURLToPath(new URL('targets.json', import.meta.url))

/** Milliseconds: this computer answers itself at once, or never. */
const PING_LIMIT = 3000

/** What a person reads where the demo has no host. */
const NO_PING = 'Without a host: ping cannot be run here. Debian: apt-get install iputils-ping'

export interface DemoTargets {
  /** The targets file. */
  file: string
  /** What the demo lacks and how to get it; null where it lacks nothing. */
  problem: string | null
}

/**
 * The demo's targets: those that are shipped, or where ping cannot be run a copy in DATA_DIR without the host, because
 * what cannot be measured would be a fault from the first second on.
 *
 * @param ping the program to try
 */
export async function demoTargets(dataDir: string, ping = 'ping'): Promise<DemoTargets> {
  if (await canPing(ping)) return { file: SHIPPED, problem: null }
  const file = join(dataDir, 'demo-targets.json')
  writeFileSync(file, `${JSON.stringify(withoutHosts(readFileSync(SHIPPED, 'utf8')), undefined, 2)}\n`, { mode: 0o600 })
  return { file, problem: NO_PING }
}

async function canPing(ping: string): Promise<boolean> {
  const options = { stdin: 'ignore', timeout: PING_LIMIT, killSignal: 'SIGKILL', reject: false } as const
  const { exitCode } = await startChild({ file: ping, args: ['-c', '1', '127.0.0.1'], memory: 'small' }, options)
    .process
  return exitCode === 0
}

type Lists = Record<string, { name: string; dependsOn?: string[] }[]>

function withoutHosts(text: string): Lists {
  const { hosts = [], ...lists } = JSON.parse(text) as Lists
  const gone = new Set(hosts.map(({ name }) => name))
  for (const target of Object.values(lists).flat()) {
    if (target.dependsOn) target.dependsOn = target.dependsOn.filter((name) => !gone.has(name))
  }
  return lists
}
