import type { EditorNode } from '../../node-red/editor/editor.ts'

interface TargetsNode extends EditorNode {
  file: string
}

RED.nodes.registerType<TargetsNode>('hmonitor-targets', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/targets:common.category',
  color: '#A9C4DE',
  icon: 'targets.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: '' },
    file: { value: '' },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    configVersion: { value: 1 },
  },
  paletteLabel: 'targets',
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
    return this._(index === 0 ? 'output.watch' : 'output.rejected')
  },
})
