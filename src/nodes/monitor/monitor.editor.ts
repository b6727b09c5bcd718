import { atMost, validTimezone } from '../../node-red/editor/dialog.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'

interface MonitorNode extends EditorNode {
  site: string
  timezone: string
  language: string
}

RED.nodes.registerType<MonitorNode>('hmonitor-monitor', {
  category: 'config',
  defaults: {
    name: { value: '' },
    site: { value: '', validate: atMost('site', 128) },
    timezone: { value: '', validate: validTimezone },
    language: { value: '' },
    configVersion: { value: 1 },
  },
  credentials: {
    token: { type: 'password' },
  },
  paletteLabel: 'monitor',
  label() {
    return this.name || this.site || this._('unnamed')
  },
})
