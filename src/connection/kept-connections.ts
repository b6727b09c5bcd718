import type http from 'node:http'
import type { NetworkAddress } from './connect.ts'

/** Servers to which connections are kept: the playlist's, that of its segments, and those of a change-over. */
const MOST_SERVERS = 4
/** Connections to one server: a playlist and its segment, of picture and of sound. */
export const MOST_CONNECTIONS = 2
/** Seconds after which a server is looked up again, since its name may lead elsewhere by then. */
const KEPT_FOR = 300

/** Makes an agent for one server whose addresses are known. */
export type MakeAgent = (addresses: readonly [NetworkAddress, ...NetworkAddress[]]) => http.Agent

interface Kept {
  readonly agent: http.Agent
  readonly since: number
}

/**
 * Connections that stay open from one request to the next, of one session, which ends them: without them a stream of short
 * segments opens one or two in every second. A server may close one when it likes, and is then asked over a new one.
 */
export class KeptConnections {
  readonly #servers = new Map<string, Kept>()
  readonly #now: () => number
  #isOver = false

  /** @param now monotonic seconds */
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now
  }

  /** Whether the next request to a server may go over a connection that another one has used. */
  has({ origin }: URL): boolean {
    return this.#servers.has(origin)
  }

  /** The agent for a server; null where there are too many of them already, so that the caller has one of its own. */
  async agent(
    { origin }: URL,
    lookUp: () => Promise<readonly [NetworkAddress, ...NetworkAddress[]]>,
    make: MakeAgent,
  ): Promise<http.Agent | null> {
    this.#forgetOld()
    const known = this.#servers.get(origin)
    if (known !== undefined) return known.agent
    if (this.#isOver || this.#servers.size >= MOST_SERVERS) return null
    const addresses = await lookUp()
    const meanwhile = this.#servers.get(origin)
    if (meanwhile !== undefined) return meanwhile.agent
    if (this.#isOver || this.#servers.size >= MOST_SERVERS) return null
    const agent = make(addresses)
    this.#servers.set(origin, { agent, since: this.#now() })
    return agent
  }

  /** Nothing goes over the connections to a server any more; what is under way on them ends as it will. */
  forget({ origin }: URL): void {
    const known = this.#servers.get(origin)
    if (known === undefined) return
    this.#servers.delete(origin)
    endUnused(known.agent)
  }

  /** Ends all of them. */
  end(): void {
    this.#isOver = true
    for (const { agent } of this.#servers.values()) agent.destroy()
    this.#servers.clear()
  }

  #forgetOld(): void {
    for (const [origin, { agent, since }] of this.#servers) {
      if (this.#now() - since < KEPT_FOR || isBusy(agent)) continue
      this.#servers.delete(origin)
      agent.destroy()
    }
  }
}

function isBusy({ sockets, requests }: http.Agent): boolean {
  return Object.keys(sockets).length + Object.keys(requests).length > 0
}

function endUnused(agent: http.Agent): void {
  if (!isBusy(agent)) {
    agent.destroy()
    return
  }
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
  agent.maxFreeSockets = 0
}
