import type { Node, NodeAPI, NodeDef } from 'node-red'
import { handleClose } from '../../node-red/close.ts'
import { dataPath } from '../../node-red/data-file.ts'
import { handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { monitorState } from '../../node-red/monitor-states.ts'
import { followMonitor } from '../../node-red/monitors.ts'
import { refuse, usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import { MonitorError } from '../../observation/errors.ts'
import type { LogFields } from './log.types.ts'
import { LogWriter } from './log-writer.ts'
import { settingsFrom } from './settings.ts'

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function Log(this: Node, config: NodeDef & LogFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    let writer: LogWriter | null = null
    let refusal: MonitorError | null = null
    let takeDown = () => {}

    const begin = (monitorId: string): LogWriter => {
      const settings = settingsFrom(config)
      const path = dataPath(RED, 'logs', settings.file)
      if (path === null) throw new MonitorError('invalid-log', RED._('noFolder'))
      return new LogWriter(RED, this, line, settings, path, monitorState(monitorId))
    }

    followMonitor(RED, this, config.monitor, (id) => {
      takeDown()
      const usable = usableMonitor(RED, this, config, id, line)
      refusal = usable instanceof MonitorError ? usable : null
      if (usable instanceof MonitorError) return
      try {
        if (writer === null) writer = begin(usable)
        else writer.follow(monitorState(usable))
      } catch (error) {
        if (!(error instanceof MonitorError)) throw error
        refusal = error
        return refuse(this, line, RED._('status.invalid'), error.message)
      }
      takeDown = monitorState(usable).noticeboard.show(this.id, { problems: () => writer?.problems ?? [] })
    })

    handleInput(this, (msg, { send }) => {
      if (refusal !== null) throw refusal
      writer?.take(msg.payload)
      send(msg)
    })

    handleClose(this, async () => {
      takeDown()
      await writer?.close()
    })
  }

  RED.nodes.registerType('hmonitor-log', Log)
}
