import { chooseIfEmpty, inputLabels, labelStyle, outputLabels } from '../../node-red/editor/dialog.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'

interface ServeNode extends EditorNode {
  what: string
  page: string
}

RED.nodes.registerType<ServeNode>('hmonitor-serve', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/serve:common.category',
  color: '#E6AC97',
  icon: 'serve.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: '' },
    what: { value: 'auto' },
    page: { value: '' },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    configVersion: { value: 1 },
  },
  paletteLabel: 'serve (HTTP, metrics)',
  label() {
    return this.name || this._(`label.${this.what || 'auto'}`)
  },
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output.response', 'output.alerts'),
  oneditprepare() {
    chooseIfEmpty('#node-input-what', 'auto')
    chooseIfEmpty('#node-input-page', 'overview')
    const what = $('#node-input-what')
    const show = () => $('#serve-page-row').toggle(what.val() === 'view')
    what.on('change', show)
    show()
  },
})
