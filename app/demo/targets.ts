import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../src/programs/child.ts'
import { ownerOf } from '../../src/targets/shard.ts'

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

export interface DemoTargetsOptions {
  /** The program to try. */
  ping?: string
  /** Monitors that share the targets, each of which is to have a stream. */
  shards?: number
}

/**
 * The demo's targets: those that are shipped, or a copy in DATA_DIR. Where ping cannot be run that is without the host,
 * because what cannot be measured would be a fault from the first second on.
 */
export async function demoTargets(
  dataDir: string,
  { ping = 'ping', shards = 1 }: DemoTargetsOptions = {},
): Promise<DemoTargets> {
  const hasPing = await canPing(ping)
  if (hasPing && shards === 1) return { file: SHIPPED, problem: null }
  const file = join(dataDir, 'demo-targets.json')
  const shipped = JSON.parse(readFileSync(SHIPPED, 'utf8')) as Lists
  const lists = withStreams(hasPing ? shipped : withoutHosts(shipped), shards)
  writeFileSync(file, `${JSON.stringify(lists, undefined, 2)}\n`, { mode: 0o600 })
  return { file, problem: hasPing ? null : NO_PING }
}

async function canPing(ping: string): Promise<boolean> {
  const options = { stdin: 'ignore', timeout: PING_LIMIT, killSignal: 'SIGKILL', reject: false } as const
  const { exitCode } = await startChild({ file: ping, args: ['-c', '1', '127.0.0.1'], memory: 'small' }, options)
    .process
  return exitCode === 0
}

type Lists = Record<string, { name: string; dependsOn?: string[]; platform?: string }[]>

/** With further readers of the one stream, of the first names by which each monitor has one. */
function withStreams({ streams = [], ...lists }: Lists, shards: number): Lists {
  const missing = new Set(Array.from({ length: shards }, (_, index) => index))
  for (const { name } of streams) missing.delete(ownerOf(name, shards))
  const { platform: _, ...main } = streams[0] ?? { name: '' }
  const shared = [...(lists.hosts ?? []), ...(lists.services ?? [])].map(({ name }) => name)
  const added: typeof streams = []
  for (let number = 2; missing.size > 0; number++) {
    const name = `demo-${number}`
    if (!missing.delete(ownerOf(name, shards))) continue
    added.push({ ...main, name, dependsOn: shared })
  }
  return { streams: [...streams, ...added], ...lists }
}

function withoutHosts({ hosts = [], ...lists }: Lists): Lists {
  const gone = new Set(hosts.map(({ name }) => name))
  for (const target of Object.values(lists).flat()) {
    if (target.dependsOn) target.dependsOn = target.dependsOn.filter((name) => !gone.has(name))
  }
  return lists
}
