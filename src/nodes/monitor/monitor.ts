import type { NodeAPI, NodeDef } from 'node-red'
import { textIn } from '../../node-red/config.ts'
import { createNode } from '../../node-red/config-version.ts'
import { settleHistory } from '../../node-red/history.ts'
import { handleClose, tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { removeMonitor } from '../../node-red/monitor-states.ts'
import {
  joinCluster,
  MONITOR_TYPE,
  type MonitorCredentials,
  type MonitorNode,
  openMonitor,
  siteLanguage,
  siteTimezone,
} from '../../node-red/monitors.ts'
import { machineTimezone } from '../../observation/local-time.ts'

/** What the dialog saves. */
interface MonitorFields {
  site?: unknown
  timezone?: unknown
  language?: unknown
}

/** A mistyped zone or language must not keep people from being told: it is said, and another one is taken. */
function readOr<T>(otherwise: T, node: MonitorNode, read: () => T): T {
  try {
    return read()
  } catch (error) {
    node.error(error instanceof Error ? error.message : String(error))
    return otherwise
  }
}

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function Monitor(this: MonitorNode, saved: NodeDef & MonitorFields): void {
    const config = createNode(RED, this, saved)
    // SITE is also what the stack gives to Prometheus: both must name the same place.
    this.site = textIn(config.site) || textIn(process.env.SITE)
    const state = openMonitor(RED, this.id)
    state.name = textIn(config.name)
    state.site = this.site
    joinCluster(state, (message) => this.error(message))
    state.timezone = readOr(machineTimezone(), this, () => siteTimezone(textIn(config.timezone), process.env))
    state.language = readOr('en', this, () => siteLanguage(textIn(config.language), process.env))
    state.remembered.tokenIs(Boolean(this.credentials?.token))
    handleClose(this, (removed) => (removed ? removeMonitor(this.id) : settleHistory(state)))
  }

  RED.nodes.registerType<MonitorNode, NodeDef & MonitorFields, object, MonitorCredentials>(MONITOR_TYPE, Monitor, {
    credentials: { token: { type: 'password' } },
  })
}
