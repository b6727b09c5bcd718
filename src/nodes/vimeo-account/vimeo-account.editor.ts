import type { EditorNode } from '../../node-red/editor/editor.ts'
import { atMost } from '../../node-red/editor/validators.ts'

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
