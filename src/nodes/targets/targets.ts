import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import type { MonitorState } from '../../monitor/state.ts'
import { Batches } from '../../node-red/batches.ts'
import { handleClose } from '../../node-red/close.ts'
import { textIn } from '../../node-red/config.ts'
import { onFlows } from '../../node-red/events.ts'
import { handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { monitorState } from '../../node-red/monitor-states.ts'
import { followMonitor, monitorNode } from '../../node-red/monitors.ts'
import { usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import { hiddenVariables } from '../../node-red/variable.ts'
import { MonitorError } from '../../observation/errors.ts'
import type { Kind } from '../../observation/observation.ts'
import type { WatchCommand } from '../../targets/command.ts'
import { type TargetsSnapshot, TargetsSource } from '../../targets/source.ts'
import { targetsStatus } from './status-text.ts'
import type { TargetsFields } from './targets.types.ts'

/** Lines of the log that a file full of mistakes may take. */
const MOST_WARNINGS = 20

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function Targets(this: Node, config: NodeDef & TargetsFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    let open: { source: TargetsSource; state: MonitorState; started: boolean } | null = null
    let refusal: MonitorError | null = null
    let warned = ''
    const batches = new Batches<(NodeMessage | null)[]>((outputs) => this.send(outputs))

    const take = (snapshot: TargetsSnapshot) => {
      const { fill, shape, key, values } = targetsStatus(snapshot)
      line.show(fill, shape, RED._(`status.${key}`, values))
      const sent = () => {
        if (open)
          open.state.targetsMemory(this.id).sent = { at: open.state.clock.monotonic(), targets: sentBy(snapshot) }
      }
      const outputs = [
        ...messagesOf(snapshot).map((message) => [message]),
        ...snapshot.rejected.map((payload) => [null, { topic: payload.entry, payload }]),
      ]
      batches.send(outputs, sent)
      const more = snapshot.rejected.length - MOST_WARNINGS
      const warnings = [
        ...snapshot.rejected.slice(0, MOST_WARNINGS).map(({ message }) => message),
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join('\n')
      if (warnings !== warned && warnings !== '') this.warn(warnings)
      warned = warnings
      if (open && snapshot.site !== null && !monitorNode(RED, open.state.id)?.site) open.state.site = snapshot.site
    }
    const sendAll = async () => {
      if (refusal) throw refusal
      if (!open) return
      if (open.started) await open.source.reload()
      else {
        open.started = true
        await open.source.start(take)
      }
    }
    const close = (removed: boolean) => {
      batches.stop()
      open?.source.stop()
      if (removed) open?.state.forgetTargets(this.id)
      open = null
    }

    followMonitor(RED, this, config.monitor, (id) => {
      close(true)
      const usable = usableMonitor(RED, this, config, id, line)
      refusal = usable instanceof MonitorError ? usable : null
      if (usable instanceof MonitorError) return
      const state = monitorState(usable)
      const source = new TargetsSource({
        kinds: state.kinds,
        owner: this.id,
        file: textIn(config.file),
        environment: process.env,
        hidden: hiddenVariables(RED),
        secrets: state.secrets,
        memory: state.targetsMemory(this.id),
      })
      open = { source, state, started: false }
    })
    const sendAtStart = () => {
      if (open) sendAll().catch((error: unknown) => this.error(error instanceof Error ? error.message : error))
    }
    this.on('close', onFlows(RED, 'started', sendAtStart))

    handleInput(this, sendAll)
    handleClose(this, close)
  }

  RED.nodes.registerType('hmonitor-targets', Targets)
}

/** What is to be watched, then what is to be kept: a probe ends what is not in the list only when it has the rest. */
function messagesOf({ watches, keeps }: TargetsSnapshot) {
  return [
    ...watches.map((payload) => ({ topic: nameOf(payload), payload })),
    ...keeps.map((payload) => ({ topic: payload.kind, payload })),
  ]
}

function sentBy({ watches }: TargetsSnapshot): { kind: Kind; name: string }[] {
  return watches.map((watch) => ({ kind: watch.kind, name: nameOf(watch) }))
}

function nameOf({ target }: WatchCommand): string {
  return (target as { name: string }).name
}
