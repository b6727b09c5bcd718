import { atMost } from '../../node-red/editor/dialog.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'

RED.nodes.registerType<EditorNode>('hmonitor-vimeo-account', {
  category: 'config',
  defaults: {
    name: { value: '', validate: atMost('name', 64) },
    configVersion: { value: 1 },
  },
  credentials: {
    token: { type: 'password' },
  },
  paletteLabel: 'vimeo account',
  label() {
    return this.name || this._('unnamed')
  },
})
