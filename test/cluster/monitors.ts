/** Monitors of one cluster in this process, which ask each other over HTTP as their `serve` nodes do. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Cluster } from '../../src/cluster/cluster.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Answer } from '../../src/nodes/serve/answer.ts'
import { answerAny } from '../../src/nodes/serve/answer-any.ts'
import { admit } from '../../src/nodes/serve/bearer-auth.ts'
import type { Kind, State } from '../../src/observation/observation.ts'

export const TOKEN = 'token-of-all-peers'

export interface TestMonitor {
  readonly state: MonitorState
  readonly cluster: Cluster
  readonly url: string
  /** Questions of peers so far. */
  asked(): number
  /** Watches a target, and has seen it like this. */
  watch(kind: Kind, name: string, state: State): void
  /** Answers nothing any more, but keeps the connection open. */
  hang(): void
  stop(): Promise<void>
}

/** Starts so many shards of the cluster "hall". @param token of the one with this index, which may be another */
export async function startMonitors(count: number, token: (index: number) => string = () => TOKEN) {
  const servers = await Promise.all(Array.from({ length: count }, listening))
  const origins = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const monitors = servers.map((server, index) =>
    monitorOn(server, index, { count, origins, token: token(index), url: origins[index] ?? '' }),
  )
  // What asks is loaded by the first question, which on a busy machine takes longer than an answer may.
  for (const { cluster } of monitors) await cluster.status(0)
  return { monitors, stop: () => Promise.all(monitors.map((monitor) => monitor.stop())) }
}

async function listening(): Promise<Server> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function monitorOn(
  server: Server,
  index: number,
  { count, origins, token, url }: { count: number; origins: string[]; token: string; url: string },
): TestMonitor {
  const state = new MonitorState(`monitor-${index}`, KINDS)
  state.joinCluster({ index, count }, 'hall')
  const cluster = state.part(Cluster)
  cluster.join({ origins, token: async () => token })
  let [asked, hangs] = [0, false]
  server.on('request', async (request: IncomingMessage, response) => {
    asked += 1
    if (hangs) return
    const payload: unknown = JSON.parse((await text(request)) || 'null')
    const admitted = await admit(request, '', { PEER_TOKEN: token }, 'peer')
    const signal = new AbortController().signal
    const answer: Answer =
      typeof admitted === 'string'
        ? await answerAny('peer', state, { request, payload, isStarted: true, signal })
        : admitted
    response.writeHead(answer.statusCode, answer.headers).end(answer.payload)
  })
  const watch: TestMonitor['watch'] = (kind, name, seen) => {
    state.directory.enter(kind, name, 'test', 1)
    state.newest.put({
      ...{ kind, target: name, labels: {}, time: new Date().toISOString(), sequence: 1, state: seen, expected: true },
      ...{ score: null, measurements: {}, issues: [] },
    })
  }
  return {
    ...{ state, cluster, url, watch, asked: () => asked },
    hang() {
      hangs = true
    },
    async stop() {
      server.closeAllConnections()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Of a list that a test has made as long. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`There is no ${index}`)
  return found
}
