import type { NodeAPI } from 'node-red'
import { dataPath } from '../../node-red/data-file.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { MonitorError } from '../../observation/errors.ts'
import { LogWriter } from './log-writer.ts'
import type { LogFields } from './settings.ts'
import { settingsFrom } from './settings.ts'

export default function register(RED: NodeAPI): void {
  registerMonitorNode<LogFields>(RED, 'hmonitor-log', ({ node, config, line }) => {
    let writer: LogWriter | null = null
    return {
      begin(state, atEnd) {
        if (writer === null) {
          const settings = settingsFrom(config)
          const path = dataPath(RED, 'logs', settings.file)
          if (path === null) throw new MonitorError('invalid-log', RED._('noFolder'))
          writer = new LogWriter(RED, node, line, settings, path, state)
        } else writer.follow(state)
        atEnd(state.problemLog.show(node.id, { problems: () => writer?.problems ?? [] }))
      },
      take(msg, { send }) {
        writer?.take(msg.payload)
        send(msg)
      },
      close: () => writer?.close(),
    }
  })
}
