import type { EditorNode } from '../../node-red/editor/editor.ts'

interface RecordNode extends EditorNode {
  samples: boolean
}

RED.nodes.registerType<RecordNode>('hmonitor-record', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/record:common.category',
  color: '#C6AEDB',
  icon: 'record.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: '' },
    samples: { value: false },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    configVersion: { value: 1 },
  },
  paletteLabel: 'record (metrics)',
  label() {
    return this.name || this._('palette')
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : ''
  },
  inputLabels() {
    return this._('input')
  },
  outputLabels(index) {
    return this._(index === 0 ? 'output.same' : 'output.samples')
  },
})
