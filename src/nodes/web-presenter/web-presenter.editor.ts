import { parseDeviceAddress } from '../../encoder/address.ts'
import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import { showJson } from '../../node-red/editor/json-input.ts'
import { LabelsList } from '../../node-red/editor/labels-list.ts'
import { openFaultySections } from '../../node-red/editor/sections.ts'
import { offerTest } from '../../node-red/editor/trial.ts'
import { atMost, checkLabelNames, jsonObject, numberBetween } from '../../node-red/editor/validators.ts'
import type { WebPresenterFields } from './web-presenter.types.ts'

interface WebPresenterNode extends EditorNode, WebPresenterFields {
  labelsList?: LabelsList
}

/** The runtime's own rules. `${NAME}` within an address stands for text that is not known here. */
const validAddress: Validator = function (value, _options) {
  const address = String(value ?? '').trim()
  if (address === '') return true
  try {
    parseDeviceAddress(address.replace(/\$\{[^}]*\}/g, '1'))
    return true
  } catch {
    return this._('address.invalid')
  }
}

const validLabels: Validator = function (value, _options) {
  return checkLabelNames(this, Object.keys(value ?? {}))
}

RED.nodes.registerType<WebPresenterNode>('hmonitor-web-presenter', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/web-presenter:common.category',
  color: '#98CBAA',
  icon: 'web-presenter.svg',
  inputs: 1,
  outputs: 3,
  defaults: {
    name: { value: '', validate: atMost('name', 64) },
    address: { value: '', validate: validAddress },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    expected: { value: 'always' },
    idle: { value: 'allowed' },
    protocol: { value: 'auto' },
    interval: { value: '1', validate: numberBetween('interval', 1, 3600) },
    limits: { value: '{}', validate: jsonObject('common.limits') },
    labels: { value: {}, validate: validLabels },
  },
  paletteLabel: 'web-presenter',
  label() {
    return this.name || hostOf(this.address) || this._('palette')
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
    chooseIfEmpty('#node-input-idle', 'allowed')
    chooseIfEmpty('#node-input-protocol', 'auto')
    offerTest(this, 'web-presenter')
    showJson('limits', this._('common.limits.label'))
    openFaultySections()
  },
  oneditsave() {
    this.labels = this.labelsList?.read() ?? {}
    delete this.labelsList
  },
})

function hostOf(address: unknown): string {
  const text = String(address ?? '').trim()
  return text.includes('${') ? '' : text
}
