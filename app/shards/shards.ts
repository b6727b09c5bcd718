/** What `--shards` starts: several monitors of one computer that share the targets, behind one balancer. */
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { checkPort } from '../port.ts'
import { Failure } from '../prepare/failure.mjs'
import { makeToken } from '../secrets.ts'

/** Monitors of one computer: more would show nothing more. */
const MOST = 8

/** All of them are reached through the balancer, which passes on for whom it asks. */
export const LOOPBACK = '127.0.0.1'

/** What to ask on this computer for what listens at an address. */
export function reachable(host: string): string {
  return { '0.0.0.0': LOOPBACK, '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
}

/** One of the monitors. */
export interface ShardPlan {
  readonly port: number
  readonly dataDir: string
  /** What its environment has beside that of all. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * @param option of the command line; undefined where it is not there
 * @returns how many monitors; null for one that is none of several
 * @throws Failure for what is no such number, and where the environment says which shard this one is
 */
export function shardCount(
  option: string | undefined,
  environment: { readonly shard: object | null; readonly peers: readonly string[] },
): number | null {
  if (option === undefined) return null
  const count = /^\d{1,3}$/.test(option) ? Number(option) : 0
  if (count < 2 || count > MOST) throw new Failure(`--shards is "${option}" and must be 2 to ${MOST}.`, [])
  if (environment.shard !== null || environment.peers.length > 0) {
    throw new Failure('--shards gives each of its monitors SHARD and PEERS, and one of them is set already.', [
      'Unset it, here and in .env. Monitors on several computers: docs/scale.md',
    ])
  }
  return count
}

/**
 * Where each monitor listens: the ports after that of the balancer, or any free ones.
 *
 * @param port of the balancer; 0 for any free one
 * @returns the port of the balancer, and those of the monitors
 * @throws Failure where one of them is in use
 */
export async function shardPorts(port: number, count: number): Promise<{ port: number; monitors: number[] }> {
  if (port === 0) {
    const [first = 0, ...monitors] = await freePorts(count + 1)
    return { port: first, monitors }
  }
  const monitors = Array.from({ length: count }, (_, index) => port + 1 + index)
  for (const each of monitors) await checkPort(LOOPBACK, each)
  return { port, monitors }
}

/** Free just now: nginx and the peers have to know them before anybody listens. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, LOOPBACK))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  for (const server of servers) server.close()
  return ports
}

/** @param url of the balancer, where people look @param user the environment of all */
export function planShards(
  ports: readonly number[],
  { dataDir, url, user }: { dataDir: string; url: string; user: NodeJS.ProcessEnv },
): ShardPlan[] {
  const peers = ports.map((port) => `http://${LOOPBACK}:${port}`).join()
  const hasToken = Boolean(user.PEER_TOKEN?.trim() || user.PEER_TOKEN_FILE?.trim())
  const common = {
    PEERS: peers,
    ...(hasToken ? {} : { PEER_TOKEN: makeToken() }),
    TRUSTED_PROXIES: [user.TRUSTED_PROXIES?.trim(), LOOPBACK].filter(Boolean).join(),
    DASHBOARD_URL: user.DASHBOARD_URL?.trim() || `${url}/dashboard`,
  }
  return ports.map((port, index) => {
    const own = join(dataDir, `shard-${index}`)
    return { port, dataDir: own, variables: { ...common, DATA_DIR: own, SHARD: `${index}/${ports.length}` } }
  })
}

export function makeFolders(shards: readonly ShardPlan[]): void {
  for (const { dataDir } of shards) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
}
