import { chooseIfEmpty } from '../../node-red/editor/choice.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import { showJson } from '../../node-red/editor/json-input.ts'
import { LabelsList } from '../../node-red/editor/labels-list.ts'
import { openFaultySections } from '../../node-red/editor/sections.ts'
import { offerTest } from '../../node-red/editor/trial.ts'
import { atMost, checkLabelNames, jsonObject, numberBetween } from '../../node-red/editor/validators.ts'
import { checkWindows, WindowsList } from '../../node-red/editor/windows-list.ts'
import { parseStreamUrl } from '../../secrets/stream-address.ts'
import type { FfprobeFields } from './ffprobe.types.ts'

interface FfprobeNode extends EditorNode, FfprobeFields {
  labelsList?: LabelsList
  windowsList?: WindowsList
}

/** The runtime's own rules. `${NAME}` within an address stands for text that is not known here. */
const validUrl: Validator = (value, _options) => {
  const url = String(value ?? '').trim()
  if (url === '') return true
  try {
    parseStreamUrl(url.replace(/\$\{[^}]*\}/g, 'x'))
    return true
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** An open dialog's choice counts before the saved one. */
const validWindows: Validator = function (value, _options) {
  const expected = $('#node-input-expected').val() ?? (this as FfprobeNode).expected
  return expected === 'windows' ? checkWindows(this, value) : true
}

const validLabels: Validator = function (value, _options) {
  return checkLabelNames(this, Object.keys(value ?? {}))
}

RED.nodes.registerType<FfprobeNode>('hmonitor-ffprobe', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/ffprobe:common.category',
  color: '#98CBAA',
  icon: 'ffprobe.svg',
  inputs: 1,
  outputs: 3,
  defaults: {
    name: { value: '', validate: atMost('name', 64) },
    url: { value: '', validate: validUrl },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    expected: { value: 'manual' },
    windows: { value: [], validate: validWindows },
    media: { value: 'both' },
    profile: { value: '' },
    profileLimits: { value: '{}', validate: jsonObject('profileLimits') },
    rateControl: { value: '' },
    backupOf: { value: '', validate: atMost('backupOf', 64) },
    checks: { value: 'packets' },
    interval: { value: '1', validate: numberBetween('interval', 1, 3600) },
    stallAfter: { value: '', validate: numberBetween('stallAfter', 1, 300) },
    verifyTls: { value: true },
    ffprobePath: { value: '' },
    limits: { value: '{}', validate: jsonObject('common.limits') },
    labels: { value: {}, validate: validLabels },
  },
  credentials: {
    streamKey: { type: 'password' },
  },
  paletteLabel: 'ffprobe',
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
    chooseIfEmpty('#node-input-expected', 'manual')
    this.windowsList = new WindowsList('#node-input-windows-container', this.windows, this)
    const showWindows = () => void $('#hmonitor-windows').toggle($('#node-input-expected').val() === 'windows')
    $('#node-input-expected').on('change', showWindows)
    showWindows()
    chooseIfEmpty('#node-input-media', 'both')
    chooseIfEmpty('#node-input-checks', 'packets')
    // Left out it means yes, in the runtime too.
    if (this.verifyTls === undefined) $('#node-input-verifyTls').prop('checked', true)
    offerTest(this, 'ffprobe')
    showJson('limits', this._('common.limits.label'))
    showJson('profileLimits', this._('profileLimits.label'))
    const showProfileLimits = () => void $('#hmonitor-profile-limits').toggle($('#node-input-profile').val() !== '')
    $('#node-input-profile').on('change', showProfileLimits)
    showProfileLimits()
    openFaultySections()
  },
  oneditsave() {
    this.labels = this.labelsList?.read() ?? {}
    delete this.labelsList
    this.windows = this.windowsList?.read() ?? []
    delete this.windowsList
  },
})

function hostOf(url: unknown): string {
  return /^[a-z]+:\/\/([^/:?#@]+)(?=[:/?#]|$)/i.exec(String(url ?? ''))?.[1] ?? ''
}
