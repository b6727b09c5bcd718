import { inputLabels, labelStyle, nameOrPalette, outputLabels } from '../../node-red/editor/dialog.ts'
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
  label: nameOrPalette,
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output.same', 'output.samples'),
})
