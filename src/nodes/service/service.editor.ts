import { parseServiceUrl } from '../../network/service/address.ts'
import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import { showJson } from '../../node-red/editor/json-input.ts'
import { LabelsList } from '../../node-red/editor/labels-list.ts'
import { openFaultySections } from '../../node-red/editor/sections.ts'
import { offerTest } from '../../node-red/editor/trial.ts'
import { atMost, checkLabelNames, jsonObject, numberBetween } from '../../node-red/editor/validators.ts'
import type { ServiceFields } from './service.types.ts'

interface ServiceNode extends EditorNode, ServiceFields {
  labels: Record<string, string>
  labelsList?: LabelsList
}

/** The runtime's own rules. `${NAME}` within an address stands for text that is not known here. */
const validUrl: Validator = (value, _options) => {
  const url = String(value ?? '').trim()
  if (url === '') return true
  try {
    parseServiceUrl(url.replace(/\$\{[^}]*\}/g, 'x'))
    return true
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const validStatus: Validator = function (value, _options) {
  const codes = String(value ?? '')
    .split(/[\s,]+/)
    .filter((code) => code !== '')
  return codes.length <= 20 && codes.every((code) => /^[1-5]\d\d$/.test(code)) ? true : this._('httpStatus.invalid')
}

const validLabels: Validator = function (value, _options) {
  return checkLabelNames(this, Object.keys(value ?? {}))
}

RED.nodes.registerType<ServiceNode>('hmonitor-service', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/service:common.category',
  color: '#98CBAA',
  icon: 'service.svg',
  inputs: 1,
  outputs: 3,
  defaults: {
    name: { value: '', validate: atMost('name', 64) },
    url: { value: '', validate: validUrl },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    httpStatus: { value: '', validate: validStatus },
    bodyContains: { value: '', validate: atMost('bodyContains', 200) },
    expected: { value: 'always' },
    interval: { value: '10', validate: numberBetween('interval', 1, 86_400) },
    timeout: { value: '5', validate: numberBetween('timeout', 0.5, 60) },
    verifyTls: { value: true },
    family: { value: 'any' },
    limits: { value: '{}', validate: jsonObject('common.limits') },
    labels: { value: {}, validate: validLabels },
  },
  paletteLabel: 'service',
  label() {
    return this.name || hostOf(this.url) || this._('palette')
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
    // Left out it means yes, in the runtime too.
    if (this.verifyTls === undefined) $('#node-input-verifyTls').prop('checked', true)
    offerTest(this, 'service')
    showJson('limits', this._('common.limits.label'))
    openFaultySections()
  },
  oneditsave() {
    this.labels = this.labelsList?.read() ?? {}
    delete this.labelsList
  },
})

function hostOf(url: unknown): string {
  return /^[a-z]+:\/\/(?:[^/?#@]*@)?([^/:?#@]+)(?=[:/?#]|$)/i.exec(String(url ?? ''))?.[1] ?? ''
}
