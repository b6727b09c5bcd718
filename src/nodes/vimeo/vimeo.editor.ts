import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import { showJson } from '../../node-red/editor/json-input.ts'
import { LabelsList } from '../../node-red/editor/labels-list.ts'
import { openFaultySections } from '../../node-red/editor/sections.ts'
import { offerTest } from '../../node-red/editor/trial.ts'
import { atMost, checkLabelNames, jsonObject, numberBetween } from '../../node-red/editor/validators.ts'
import type { VimeoFields } from './vimeo.types.ts'

interface VimeoNode extends EditorNode, VimeoFields {
  labels: Record<string, string>
  labelsList?: LabelsList
}

/** A number, `next`, or the address of the event's page, from which the runtime takes the number. */
const LIVE_EVENT =
  /^(?:\d{1,20}|next|https:\/\/(?:www\.)?vimeo\.com\/(?:manage\/events\/|manage\/videos\/|event\/)?\d+(?:[/?#].*)?)$/

const validEvent: Validator = function (value, _options) {
  const text = String(value ?? '').trim()
  return text === '' || LIVE_EVENT.test(text) ? true : this._('liveEvent.invalid')
}

const validLabels: Validator = function (value, _options) {
  return checkLabelNames(this, Object.keys(value ?? {}))
}

RED.nodes.registerType<VimeoNode>('hmonitor-vimeo', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/vimeo:common.category',
  color: '#98CBAA',
  icon: 'vimeo.svg',
  inputs: 1,
  outputs: 3,
  defaults: {
    name: { value: '', validate: atMost('name', 64) },
    liveEvent: { value: '', validate: validEvent },
    account: { value: '', type: 'hmonitor-vimeo-account', required: false },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    encoder: { value: '', validate: atMost('encoder', 64) },
    expected: { value: 'always' },
    interval: { value: '15', validate: numberBetween('interval', 5, 86_400) },
    limits: { value: '{}', validate: jsonObject('common.limits') },
    labels: { value: {}, validate: validLabels },
  },
  paletteLabel: 'vimeo',
  label() {
    return this.name || String(this.liveEvent || '') || this._('palette')
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
    offerTest(this, 'vimeo')
    showJson('limits', this._('common.limits.label'))
    openFaultySections()
  },
  oneditsave() {
    this.labels = this.labelsList?.read() ?? {}
    delete this.labelsList
  },
})
