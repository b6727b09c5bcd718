import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../fixtures/ports.ts'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { until } from '../fixtures/wait.ts'

type Json = Record<string, unknown>

const newFolder = () => mkdtemp(join(tmpdir(), 'hmonitor-opensearch-'))

/** Seconds: it takes 15 on a quiet machine. */
const STARTS_WITHIN = 240

/** One node of a real OpenSearch, whose data stays while it is killed and started again. */
export class Engine {
  readonly url: string
  readonly #folder: string
  readonly #settings: readonly string[]
  #process: OwnedProcess | null = null

  static async make(): Promise<Engine> {
    return new Engine(await newFolder(), await freePort(), await freePort(), ['discovery.type', 'single-node'])
  }

  /** Nodes that are one cluster once more than half of them are started: each is a process of its own. */
  static async cluster(count: number): Promise<Engine[]> {
    const nodes: { name: string; transport: number }[] = []
    for (let at = 1; at <= count; at += 1) nodes.push({ name: `node-${at}`, transport: await freePort() })
    const together = [
      ...['discovery.seed_hosts', nodes.map(({ transport }) => `127.0.0.1:${transport}`).join()],
      ...['cluster.initial_cluster_manager_nodes', nodes.map(({ name }) => name).join(), 'cluster.name', 'three'],
    ]
    const engines: Engine[] = []
    for (const { name, transport } of nodes) {
      engines.push(new Engine(await newFolder(), await freePort(), transport, [...together, 'node.name', name]))
    }
    return engines
  }

  private constructor(folder: string, port: number, transport: number, settings: readonly string[]) {
    this.url = `http://127.0.0.1:${port}`
    this.#folder = folder
    this.#settings = [
      ...settings,
      ...['node.roles', 'cluster_manager,data,ingest'],
      ...['http.port', `${port}`, 'transport.port', `${transport}`],
      // How full somebody's disk is is not what is tested.
      ...['cluster.routing.allocation.disk.threshold_enabled', 'false', 'path.repo', join(folder, 'snapshots')],
    ]
  }

  async start(): Promise<void> {
    const lib = process.env.HMONITOR_OPENSEARCH
    if (lib === undefined) throw new Error('The test needs a real OpenSearch: npm run test:elk')
    const source = fileURLToPath(new URL('Node.java', import.meta.url))
    const args = ['-Xmx512m', '-cp', join(lib, '*'), source, this.#folder, ...this.#settings]
    const running = await startProcess('java', args, { install: 'apt-get install default-jdk-headless' })
    this.#process = running
    const isReady = async () => {
      if (!running.running) throw new Error(`OpenSearch has ended: ${running.output()}`)
      return await fetch(`${this.url}/_cluster/health?wait_for_status=yellow&timeout=1s`).then(
        ({ ok }) => ok,
        () => false,
      )
    }
    await until(isReady, STARTS_WITHIN, () => `OpenSearch is up: ${running.output()}`)
  }

  /** It is there, takes connections, and answers nothing. */
  freeze(): void {
    this.#process?.freeze()
  }

  /** As when its machine loses power. */
  async kill(): Promise<void> {
    await this.#process?.kill()
  }

  async remove(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  get snapshots(): string {
    return join(this.#folder, 'snapshots')
  }

  /** The answer to a request that has to succeed. */
  async ask(path: string, method = 'GET', body?: string): Promise<Json> {
    const answer = await this.try(path, method, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`)
    return answer.json
  }

  async try(path: string, method = 'GET', body?: string): Promise<{ status: number; json: Json }> {
    const headers = { 'content-type': /_bulk|_msearch/.test(path) ? 'application/x-ndjson' : 'application/json' }
    const answer = await fetch(`${this.url}${path}`, { method, headers, ...(body !== undefined && { body }) })
    return { status: answer.status, json: (await answer.json()) as Json }
  }
}
