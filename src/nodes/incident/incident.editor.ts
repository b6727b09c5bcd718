import {
  inputLabels,
  labelStyle,
  nameOrPalette,
  numberBetween,
  openFaultySections,
  outputLabels,
} from '../../node-red/editor/dialog.ts'
import type { EditorNode } from '../../node-red/editor/editor.ts'

interface IncidentNode extends EditorNode {
  repeatAfter: string
}

RED.nodes.registerType<IncidentNode>('hmonitor-incident', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/incident:common.category',
  color: '#EBA8A8',
  icon: 'incident.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: '' },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    repeatAfter: { value: '4', validate: numberBetween('repeatAfter', 0, 720) },
    configVersion: { value: 1 },
  },
  paletteLabel: 'incident',
  label: nameOrPalette,
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output.incidents', 'output.timeline'),
  oneditprepare() {
    openFaultySections()
  },
})
