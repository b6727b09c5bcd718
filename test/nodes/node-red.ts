import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { NodeAPI, NodeInitializer } from 'node-red'
import helper from 'node-red-node-test-helper'
import { flowListenerCount } from '../../src/node-red/events.ts'
import { closeHistories } from '../../src/node-red/history.ts'
import alert from '../../src/nodes/alert/alert.ts'
import bandwidth from '../../src/nodes/bandwidth/bandwidth.ts'
import ffprobe from '../../src/nodes/ffprobe/ffprobe.ts'
import incident from '../../src/nodes/incident/incident.ts'
import log from '../../src/nodes/log/log.ts'
import metric from '../../src/nodes/metric/metric.ts'
import monitor from '../../src/nodes/monitor/monitor.ts'
import notify from '../../src/nodes/notify/notify.ts'
import ping from '../../src/nodes/ping/ping.ts'
import receiver from '../../src/nodes/receiver/receiver.ts'
import record from '../../src/nodes/record/record.ts'
import report from '../../src/nodes/report/report.ts'
import serve from '../../src/nodes/serve/serve.ts'
import service from '../../src/nodes/service/service.ts'
import targets from '../../src/nodes/targets/targets.ts'
import vimeo from '../../src/nodes/vimeo/vimeo.ts'
import vimeoAccount from '../../src/nodes/vimeo-account/vimeo-account.ts'
import webPresenter from '../../src/nodes/web-presenter/web-presenter.ts'
import type { FlowNode } from '../runtime.ts'

const require = createRequire(import.meta.url)
const nodeRed = require.resolve('node-red')
const requireOfNodeRed = createRequire(nodeRed)
const { events, hooks } = requireOfNodeRed('@node-red/util') as {
  events: NodeJS.EventEmitter
  hooks: { add(id: string, hook: (sends: Send[]) => void): void; remove(id: string): void }
}
const runtimeNodes = requireOfNodeRed('@node-red/runtime/lib/nodes') as {
  setFlows(flow: FlowNode[], credentials: object, type: string): Promise<unknown>
}

helper.init(nodeRed, { logging: { console: { level: 'off' } } } as never)

interface Send {
  source: { id: string; port: number }
  msg: Record<string, unknown>
}

interface Status {
  fill?: string
  shape?: string
  text?: string
}

export type Credentials = Record<string, Record<string, string>>

const NODES = {
  monitor,
  targets,
  ffprobe,
  ping,
  service,
  record,
  metric,
  serve,
  bandwidth,
  vimeo,
  'vimeo-account': vimeoAccount,
  'web-presenter': webPresenter,
  alert,
  incident,
  notify,
  receiver,
  log,
  report,
}

const OURS: NodeInitializer[] = Object.entries(NODES).map(([name, register]) => (RED) => {
  register(Object.create(RED, { _: { value: catalogueOf(name) } }) as NodeAPI)
})

/** The texts of a node, because the helper loads none. */
export function catalogueOf(
  name: string,
  language = 'en-US',
): (key: string, values?: Record<string, string | number>) => string {
  const read = (path: string) => JSON.parse(readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8'))
  const texts: unknown = {
    ...read(`nodes/${name}/locales/${language}/${name}.json`),
    common: read(`node-red/editor/locales/${language}.json`),
  }
  const find = (key: string) =>
    key.split('.').reduce<unknown>((level, part) => (level as Record<string, unknown> | undefined)?.[part], texts)
  return (key, values = {}) => {
    const text = find(`${key}_${values.count === 1 ? 'one' : 'other'}`) ?? find(key) ?? key
    return String(text).replace(/__(\w+?)__/g, (_, value: string) => String(values[value]))
  }
}

/** A Node-RED runtime within the test's own process, with our nodes from their sources. One at a time. */
export class TestRuntime {
  readonly #sends: Send[] = []
  readonly #statuses = new Map<string, Status[]>()
  readonly #onStatus = ({ id, status }: { id: string; status?: Status }) => {
    this.#statuses.set(id, [...(this.#statuses.get(id) ?? []), status ?? {}])
  }

  /** Starts it with a flow. */
  static async start(flow: FlowNode[], credentials: Credentials = {}): Promise<TestRuntime> {
    const runtime = new TestRuntime()
    hooks.add('onSend.test', (sends) => void runtime.#sends.push(...sends))
    events.on('node-status', runtime.#onStatus)
    await helper.load(OURS as never, flow as never, credentials as never)
    return runtime
  }

  async deploy(
    flow: FlowNode[],
    type: 'full' | 'nodes' | 'flows' = 'full',
    credentials: Credentials = {},
  ): Promise<void> {
    const started = once(events, 'flows:started')
    await runtimeNodes.setFlows(flow, credentials, type)
    await started
  }

  /** Sends a message into a node. */
  receive(id: string, msg: Record<string, unknown>): void {
    helper.getNode(id).receive(msg)
  }

  /** What a node has sent on an output, oldest first. */
  sent(id: string, port = 0): Record<string, unknown>[] {
    return this.#sends.filter(({ source }) => source.id === id && source.port === port).map(({ msg }) => msg)
  }

  /** What a Catch node of the flow was handed. */
  caught(id = 'errors'): { code?: string; message: string; source: { id: string } }[] {
    return this.sent(id).map(({ error }) => error as { code?: string; message: string; source: { id: string } })
  }

  status(id: string): Status {
    return this.#statuses.get(id)?.at(-1) ?? {}
  }

  statuses(id: string): Status[] {
    return this.#statuses.get(id) ?? []
  }

  /** What a node has warned of since it was made, in its order. */
  warnings(id: string): string[] {
    const { warn } = helper.getNode(id) as unknown as { warn: { args: unknown[][] } }
    return warn.args.map(([text]) => String(text))
  }

  /** What it has logged as an error since it was made. */
  errors(id: string): string[] {
    const { error } = helper.getNode(id) as unknown as { error: { args: unknown[][] } }
    return error.args.map(([text]) => String(text))
  }

  /** Listeners on the runtime's events, by event, and those of our nodes: what deploys must not let grow. */
  listeners(): Record<string, number> {
    const ofRuntime = events.eventNames().map((name) => [String(name), events.listenerCount(name)])
    return { ...Object.fromEntries(ofRuntime), ours: flowListenerCount({ events }) }
  }

  async stop(): Promise<void> {
    hooks.remove('onSend.test')
    events.off('node-status', this.#onStatus)
    await helper.unload()
    // Who removes the folder of a history must not meet the thread that writes it.
    await closeHistories()
  }
}

/** A flow on one tab with a Catch node, so that errors can be seen. Wires lead to a node that takes everything. */
export function flowOf(...nodes: FlowNode[]): FlowNode[] {
  return [
    { id: 'tab', type: 'tab', label: 'test' },
    ...nodes.map((node) => ({ z: 'tab', x: 0, y: 0, wires: [['sink'], ['sink'], ['sink']], ...node })),
    { id: 'errors', type: 'catch', z: 'tab', x: 0, y: 0, scope: null, uncaught: false, wires: [['sink']] },
    { id: 'sink', type: 'helper', z: 'tab', x: 0, y: 0, wires: [] },
  ]
}
