import { FILE_OTHERWISE, isLogFileName, KEPT, MEGABYTES } from '../../logs/log-settings.ts'
import { chooseIfEmpty, numberBetween, openFaultySections, wholeNumberBetween } from '../../node-red/editor/dialog.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'

interface LogNode extends EditorNode {
  file: string
  level: string
  megabytes: string
  kept: string
}

const validFile: Validator = function (value, _options) {
  const name = String(value ?? '').trim()
  return name === '' || isLogFileName(name) ? true : this._('file.invalid')
}

RED.nodes.registerType<LogNode>('hmonitor-log', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/log:common.category',
  color: '#C6AEDB',
  icon: 'log.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: '' },
    file: { value: FILE_OTHERWISE, validate: validFile },
    level: { value: 'info' },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    megabytes: {
      value: String(MEGABYTES.otherwise),
      validate: numberBetween('megabytes', MEGABYTES.from, MEGABYTES.to),
    },
    kept: { value: String(KEPT.otherwise), validate: wholeNumberBetween('kept', KEPT.from, KEPT.to) },
    configVersion: { value: 1 },
  },
  paletteLabel: 'log',
  label() {
    return this.name || this._('palette')
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : ''
  },
  inputLabels() {
    return this._('input')
  },
  outputLabels() {
    return this._('output')
  },
  oneditprepare() {
    chooseIfEmpty('#node-input-level', 'info')
    openFaultySections()
  },
})
