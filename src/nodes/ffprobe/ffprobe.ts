import type { Node, NodeAPI, NodeDef } from 'node-red'
import { statusCodeOf } from '../../monitor/inspections.ts'
import { handleClose } from '../../node-red/close.ts'
import { onFlows } from '../../node-red/events.ts'
import { handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { followMonitor } from '../../node-red/monitors.ts'
import { usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import { MonitorError } from '../../observation/errors.ts'
import { parseCommand } from '../../targets/command.ts'
import type { FfprobeCredentials, FfprobeFields } from './ffprobe.types.ts'
import { StreamWatcher } from './stream-watcher.ts'

type FfprobeNode = Node<FfprobeCredentials>

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function Ffprobe(this: FfprobeNode, config: NodeDef & FfprobeFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    let watcher: StreamWatcher | MonitorError | null = null
    followMonitor(RED, this, config.monitor, (id) => {
      if (watcher instanceof StreamWatcher) watcher.close(true).catch((error: unknown) => this.error(String(error)))
      const usable = usableMonitor(RED, this, config, id, line)
      watcher = usable instanceof MonitorError ? usable : new StreamWatcher(RED, this, config, usable, line)
    })
    const starting = () => {
      if (watcher instanceof StreamWatcher) watcher.flowsStarting()
    }
    const started = () => {
      if (watcher instanceof StreamWatcher) watcher.flowsStarted()
    }
    this.on('close', onFlows(RED, 'starting', starting))
    this.on('close', onFlows(RED, 'started', started))

    const redact = (text: string) => (watcher instanceof StreamWatcher ? watcher.redact(text) : text)
    handleInput(
      this,
      (msg, { send, signal }) => {
        if (watcher instanceof MonitorError) throw watcher
        const command = parseCommand(msg.payload, 'stream')
        if (command.action !== 'inspect') return watcher?.handle(command)
        return watcher?.inspect(command, signal).then((answer) => {
          send([null, null, Object.assign(msg, { payload: answer, statusCode: statusCodeOf(answer) })])
        })
      },
      redact,
    )
    handleClose(this, (removed) => (watcher instanceof StreamWatcher ? watcher.close(removed) : undefined))
  }

  RED.nodes.registerType<FfprobeNode, NodeDef & FfprobeFields, object, FfprobeCredentials>(
    'hmonitor-ffprobe',
    Ffprobe,
    {
      credentials: { streamKey: { type: 'password' } },
    },
  )
}
