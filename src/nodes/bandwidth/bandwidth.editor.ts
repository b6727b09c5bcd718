import { parseBandwidthUrl } from '../../network/bandwidth/address.ts'
import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import { showJson } from '../../node-red/editor/json-input.ts'
import { LabelsList } from '../../node-red/editor/labels-list.ts'
import { openFaultySections } from '../../node-red/editor/sections.ts'
import { atMost, checkLabelNames, jsonObject, numberBetween } from '../../node-red/editor/validators.ts'
import type { BandwidthFields } from './bandwidth.types.ts'

interface BandwidthNode extends EditorNode, BandwidthFields {
  labels: Record<string, string>
  labelsList?: LabelsList
}

/** The runtime's own rules. `${NAME}` within an address stands for text that is not known here. */
const validUrl: Validator = (value, _options) => {
  const url = String(value ?? '').trim()
  if (url === '' || url.startsWith('${')) return true
  try {
    parseBandwidthUrl(url.replace(/\$\{[^}]*\}/g, '1'))
    return true
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const validLabels: Validator = function (value, _options) {
  return checkLabelNames(this, Object.keys(value ?? {}))
}

RED.nodes.registerType<BandwidthNode>('hmonitor-bandwidth', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/bandwidth:common.category',
  color: '#98CBAA',
  icon: 'bandwidth.svg',
  inputs: 1,
  outputs: 3,
  defaults: {
    name: { value: '', validate: atMost('name', 64) },
    url: { value: '', validate: validUrl },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    direction: { value: 'up' },
    interval: { value: '600', validate: numberBetween('interval', 10, 604_800) },
    seconds: { value: '10', validate: numberBetween('length', 2, 60) },
    megabytes: { value: '100', validate: numberBetween('megabytes', 1, 10_000) },
    required: { value: '', validate: numberBetween('required', 0.001, 100_000) },
    whileLive: { value: false },
    verifyTls: { value: true },
    limits: { value: '{}', validate: jsonObject('common.limits') },
    labels: { value: {}, validate: validLabels },
  },
  credentials: {
    token: { type: 'password' },
  },
  paletteLabel: 'bandwidth',
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
    chooseIfEmpty('#node-input-direction', 'up')
    // Left out it means yes, in the runtime too.
    if (this.verifyTls === undefined) $('#node-input-verifyTls').prop('checked', true)
    showJson('limits', this._('common.limits.label'))
    openFaultySections()
  },
  oneditsave() {
    this.labels = this.labelsList?.read() ?? {}
    delete this.labelsList
  },
})

function hostOf(url: unknown): string {
  return /^[a-z0-9]+:\/\/([^/:?#@]+)(?=[:/?#]|$)/i.exec(String(url ?? ''))?.[1] ?? ''
}
