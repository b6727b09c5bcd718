import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Observation } from '../src/observation/observation.ts'
import type { StreamMeasurements } from '../src/observation/stream.ts'
import { parseExposition, type Sample, valuesOf } from './exposition.ts'
import { until } from './fixtures/wait.ts'
import { type FlowNode, type Runtime, type RuntimeOptions, root, startRuntime } from './runtime.ts'

/** The flow that a user gets, as a new copy. */
export function shippedFlow(): FlowNode[] {
  return JSON.parse(readFileSync(join(root, 'flows/rtmp-hmonitor.json'), 'utf8')) as FlowNode[]
}

/** The one node of a type in a flow. */
export function nodeOf(flows: FlowNode[], type: string): FlowNode {
  const [node, another] = flows.filter((candidate) => candidate.type === type)
  if (node === undefined || another !== undefined) throw new Error(`The flow has not exactly one ${type}`)
  return node
}

/** A real Node-RED with the shipped flow, and what its routes say. */
export class Watching {
  readonly runtime: Runtime
  constructor(runtime: Runtime) {
    this.runtime = runtime
  }

  async text(path: string, accept = 'text/plain'): Promise<string> {
    const response = await this.runtime.fetch(path, { headers: { accept } })
    const body = await response.text()
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${body.slice(0, 200)}`)
    return body
  }

  async samples(): Promise<Sample[]> {
    return parseExposition(await this.text('/metrics'))
  }

  /** The value of a series, undefined when there is none. */
  async value(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
    return valuesOf(await this.samples(), name, labels)[0]
  }

  /** Waits until `/metrics` says so, and returns the seconds it took. */
  untilUp(target: string, up: 0 | 1, seconds: number): Promise<number> {
    const isSo = async () => (await this.value('hmonitor_stream_up', { target })) === up
    return until(isSo, seconds, () => `hmonitor_stream_up{target="${target}"} is ${up}\n${this.described()}`)
  }

  /** Newest observation of a target as the API gives it; undefined while it is not watched. */
  async status(target: string): Promise<Observation<'stream', StreamMeasurements> | undefined> {
    const response = await this.runtime.fetch(`/api/v1/status?target=${target}`)
    const answer = (await response.json()) as { targets?: Observation<'stream', StreamMeasurements>[] }
    return answer.targets?.find((observation) => observation.target === target)
  }

  /** For the message of a failed wait. */
  described(): string {
    const lines = this.runtime.complaints().map(({ level, text }) => `${level}: ${text}`)
    const statuses = [...this.runtime.status].map(([id, { text }]) => `${id}: ${text}`)
    return [...lines.slice(-5), ...statuses].join('\n')
  }

  stop(): Promise<void> {
    return this.runtime.stop()
  }
}

/** Starts the shipped flow, or `flows`, in a Node-RED of its own with the given environment. */
export async function startWatching(options: RuntimeOptions = {}): Promise<Watching> {
  return new Watching(await startRuntime({ flows: shippedFlow(), ...options }))
}

/** `RTMP_STREAMS` for these streams, by name. */
export function streamList(streams: Record<string, string>): string {
  return Object.entries(streams)
    .map(([name, url]) => `${name}=${url}`)
    .join(',')
}
