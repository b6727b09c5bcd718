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
  siteTimezone,
} from '../../node-red/monitors.ts'
import { machineTimezone } from '../../observation/local-time.ts'

/** What the dialog saves. */
interface MonitorFields {
  site?: unknown
  timezone?: unknown
}

/** A mistyped zone must not keep people from being told: it is said, and the times are those of this computer. */
function timezoneOf(said: string, node: MonitorNode): string {
  try {
    return siteTimezone(said, process.env)
  } catch (error) {
    node.error(error instanceof Error ? error.message : String(error))
    return machineTimezone()
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
    state.timezone = timezoneOf(textIn(config.timezone), this)
    state.remembered.tokenIs(Boolean(this.credentials?.token))
    handleClose(this, (removed) => (removed ? removeMonitor(this.id) : settleHistory(state)))
  }

  RED.nodes.registerType<MonitorNode, NodeDef & MonitorFields, object, MonitorCredentials>(MONITOR_TYPE, Monitor, {
    credentials: { token: { type: 'password' } },
  })
}
