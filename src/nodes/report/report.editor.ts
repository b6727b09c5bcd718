import {
  inputLabels,
  labelStyle,
  nameOrPalette,
  openFaultySections,
  outputLabels,
  validTimezone,
} from '../../node-red/editor/dialog.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'

interface ReportNode extends EditorNode {
  language: string
  hour: string
  timezone: string
}

const validHour: Validator = function (value, _options) {
  const hour = String(value ?? '').trim()
  return hour === '' || /^([01]\d|2[0-3]):[0-5]\d$/.test(hour) ? true : this._('hour.invalid')
}

RED.nodes.registerType<ReportNode>('hmonitor-report', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/report:common.category',
  color: '#C6AEDB',
  icon: 'report.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: '' },
    language: { value: '' },
    hour: { value: '', validate: validHour },
    timezone: { value: '', validate: validTimezone },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    configVersion: { value: 1 },
  },
  paletteLabel: 'report',
  label: nameOrPalette,
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output'),
  oneditprepare() {
    openFaultySections()
  },
})
