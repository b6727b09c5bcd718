import { inputLabels, labelStyle, nameOrPalette, outputLabels } from '../../node-red/editor/dialog.ts'
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
  label: nameOrPalette,
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output.watch', 'output.rejected'),
})
