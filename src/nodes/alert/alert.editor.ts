import {
  inputLabels,
  labelStyle,
  nameOrPalette,
  numberBetween,
  openFaultySections,
  outputLabels,
} from '../../node-red/editor/dialog.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'

interface AlertNode extends EditorNode {
  recorded: boolean
  criticalHold: string
  warningHold: string
  repeatAfter: string
}

RED.nodes.registerType<AlertNode>('hmonitor-alert', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/alert:common.category',
  color: '#EBA8A8',
  icon: 'alert.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: '' },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    recorded: { value: true },
    criticalHold: { value: '0', validate: numberBetween('criticalHold', 0, 3600) },
    warningHold: { value: '10', validate: numberBetween('warningHold', 0, 3600) },
    repeatAfter: { value: '4', validate: numberBetween('repeatAfter', 0, 720) },
    configVersion: { value: 1 },
  },
  paletteLabel: 'alert',
  label: nameOrPalette,
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output.firing', 'output.resolved'),
  oneditprepare() {
    // Left out it means yes, in the runtime too.
    if (this.recorded === undefined) $('#node-input-recorded').prop('checked', true)
    openFaultySections()
  },
})
