import { inputLabels, labelStyle, nameOrPalette, outputLabels } from '../../node-red/editor/dialog.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'

interface NotifyNode extends EditorNode {
  receiver: string
}

RED.nodes.registerType<NotifyNode>('hmonitor-notify', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/notify:common.category',
  color: '#E8C57F',
  icon: 'notify.svg',
  align: 'right',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: '' },
    receiver: { value: '', type: 'hmonitor-receiver', required: true },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    configVersion: { value: 1 },
  },
  paletteLabel: 'notify (email, phone, chat)',
  label: nameOrPalette,
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output.delivered', 'output.givenUp'),
})
