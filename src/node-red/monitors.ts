import type { Node, NodeAPI, NodeDef } from 'node-red'
import { Cluster } from '../cluster/cluster.ts'
import { PEER_TOKEN, parsePeers } from '../cluster/peer-settings.ts'
import type { MonitorState } from '../monitor/state.ts'
import { type Language, parseLanguage } from '../observation/language.ts'
import { machineTimezone, parseTimezone } from '../observation/local-time.ts'
import { type Environment, readSecretVariable, variable } from '../secrets/variables.ts'
import { parseShard } from '../targets/shard.ts'
import { filePath } from './data-file.ts'
import { endedRuntime } from './ended-runtime.ts'
import { areStarted, onFlows } from './events.ts'
import { openHistory } from './history.ts'
import { monitorState } from './monitor-states.ts'

export const MONITOR_TYPE = 'hmonitor-monitor'

/** The monitor of a runtime that has no `monitor` config node. */
const DEFAULT_MONITOR = 'default'

export interface MonitorCredentials {
  token?: string
}

/** A `monitor` config node. */
export interface MonitorNode extends Node<MonitorCredentials> {
  /** As its dialog says, else SITE of the environment; empty where both say nothing. */
  site: string
}

/**
 * Which monitor a node belongs to: the one its dialog names, else the first one that is not bound to a tab, else
 * `default`. Null where the dialog names one that is not there or is switched off.
 */
export function monitorIdOf(RED: NodeAPI, configured: unknown): string | null {
  if (typeof configured === 'string' && configured !== '' && configured !== '_ADD_') {
    return monitorNode(RED, configured) ? configured : null
  }
  let first: string | undefined
  RED.nodes.eachNode((definition: NodeDef & { d?: boolean }) => {
    if (definition.type === MONITOR_TYPE && !definition.z && definition.d !== true) first ??= definition.id
  })
  return first ?? DEFAULT_MONITOR
}

/** The config node of a monitor, where there is one. */
export function monitorNode(RED: NodeAPI, id: string): MonitorNode | null {
  const node: Node | null | undefined = RED.nodes.getNode(id)
  return node?.type === MONITOR_TYPE ? (node as MonitorNode) : null
}

/** The state of a monitor, with what it remembers from before a restart. */
export function openMonitor(RED: NodeAPI, id: string): MonitorState {
  const state = monitorState(id)
  const isFirst = state.remembered.open(filePath(RED, 'state', id), (message) =>
    RED.log.warn(`[rtmp-hmonitor] ${message}`),
  )
  state.baselines.open(filePath(RED, 'baselines', id), (file) =>
    state.remembered.lose(file, 'what is usual for the targets: it is learned again'),
  )
  state.eventTimes.open(filePath(RED, 'events', id), (file) =>
    state.remembered.lose(file, 'what the events of the streams have missed so far: it is counted from now on'),
  )
  // A monitor that a later deploy makes was not there when it ended.
  const ended = isFirst && !areStarted(RED) ? endedRuntime(process.env) : null
  if (ended) state.remembered.restarted(ended)
  openHistory(RED, state)
  if (isFirst && id === DEFAULT_MONITOR) {
    state.timezone = timezoneWithoutNode(RED)
    joinCluster(state, (message) => RED.log.error(`[rtmp-hmonitor] ${message}`))
  }
  return state
}

/** Of the monitor that no config node describes. A mistyped zone must not keep people from being told. */
function timezoneWithoutNode(RED: NodeAPI): string {
  try {
    return siteTimezone('', process.env)
  } catch (error) {
    RED.log.error(`[rtmp-hmonitor] ${error instanceof Error ? error.message : String(error)}`)
    return machineTimezone()
  }
}

/**
 * Tells a node its monitor: now, and again when a deploy that left the node alone has changed the answer, because the
 * first monitor was added or removed.
 */
export function followMonitor(RED: NodeAPI, node: Node, configured: unknown, use: (id: string | null) => void): void {
  let current: string | null | undefined
  const follow = () => {
    const id = monitorIdOf(RED, configured)
    if (id === current) return
    current = id
    if (id !== null) openMonitor(RED, id)
    use(id)
  }
  follow()
  node.on('close', onFlows(RED, 'started', follow))
}

/**
 * The language of the site: what a monitor's dialog says, else SITE_LANGUAGE of the environment, else English. `LANGUAGE` is
 * a name that systems set for programs, whoever reads the messages.
 *
 * @param said `en` or `de`; empty: nothing
 * @throws MonitorError `invalid-language` that says where it stands
 */
export function siteLanguage(said: string, environment: Environment): Language {
  if (said !== '') return parseLanguage(said, 'The language of the monitor')
  const set = variable(environment, 'SITE_LANGUAGE')
  return set === '' ? 'en' : parseLanguage(set, 'SITE_LANGUAGE')
}

/**
 * The time zone of the site: what a monitor's dialog says, else TIMEZONE of the environment, else that of this computer.
 *
 * @param said IANA name; empty: nothing
 * @throws MonitorError `invalid-timezone` that says where it stands
 */
export function siteTimezone(said: string, environment: Environment): string {
  if (said !== '') return parseTimezone(said, 'The time zone of the monitor')
  const set = variable(environment, 'TIMEZONE')
  return set === '' ? machineTimezone() : parseTimezone(set, 'TIMEZONE')
}

/** What a cluster is called whose monitors have no name. */
const DEFAULT_CLUSTER = 'RTMP HMonitor'

/**
 * Makes a monitor one shard of several where SHARD says so, and tells it where the others are where PEERS does. What is
 * wrong with them is only said here: with SHARD it keeps the `targets` nodes from watching anything, with PEERS the
 * others are not asked.
 */
export function joinCluster(state: MonitorState, say: (message: string) => void): void {
  try {
    const shard = parseShard(process.env)
    if (shard !== null) state.joinCluster(shard, state.name || DEFAULT_CLUSTER)
    const origins = parsePeers(process.env)
    const token = () => readSecretVariable(process.env, PEER_TOKEN)
    if (origins.length > 0) state.part(Cluster).join({ origins, token })
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
  }
}
