import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import { showJson } from '../../node-red/editor/json-input.ts'
import { LabelsList } from '../../node-red/editor/labels-list.ts'
import { openFaultySections } from '../../node-red/editor/sections.ts'
import { offerTest } from '../../node-red/editor/trial.ts'
import { atMost, checkLabelNames, jsonObject, numberBetween } from '../../node-red/editor/validators.ts'
import type { PingFields } from './ping.types.ts'

interface PingNode extends EditorNode, PingFields {
  labels: Record<string, string>
  labelsList?: LabelsList
}

/** As the target's definition has it: neither a URL nor an option of a program. */
const validAddress: Validator = function (value, _options) {
  const text = String(value ?? '').trim()
  return text === '' || /^[^\s/?#@-][^\s/?#@]*$/.test(text) ? true : this._('address.invalid')
}

const validLabels: Validator = function (value, _options) {
  return checkLabelNames(this, Object.keys(value ?? {}))
}

RED.nodes.registerType<PingNode>('hmonitor-ping', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/ping:common.category',
  color: '#98CBAA',
  icon: 'ping.svg',
  inputs: 1,
  outputs: 3,
  defaults: {
    name: { value: '', validate: atMost('name', 64) },
    address: { value: '', validate: validAddress },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    control: { value: false },
    expected: { value: 'always' },
    interval: { value: '5', validate: numberBetween('interval', 1, 86_400) },
    count: { value: '5', validate: numberBetween('count', 1, 20) },
    family: { value: 'any' },
    limits: { value: '{}', validate: jsonObject('common.limits') },
    labels: { value: {}, validate: validLabels },
  },
  paletteLabel: 'ping',
  label() {
    return this.name || String(this.address || '') || this._('palette')
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : ''
  },
  inputLabels() {
    return this._('input')
  },
  outputLabels(index) {
    return this._(['output.observations', 'output.events', 'output.answers'][index] ?? '')
  },
  oneditprepare() {
    const texts = { name: this._('labels.name'), value: this._('labels.value') }
    this.labelsList = new LabelsList('#node-input-labels-container', this.labels, texts)
    chooseIfEmpty('#node-input-expected', 'always')
    chooseIfEmpty('#node-input-family', 'any')
    offerTest(this, 'ping')
    showJson('limits', this._('common.limits.label'))
    openFaultySections()
  },
  oneditsave() {
    this.labels = this.labelsList?.read() ?? {}
    delete this.labelsList
  },
})
