import { FILE_OTHERWISE, isLogFileName, KEPT, MEGABYTES, WAITING_MEGABYTES } from '../../logs/log-settings.ts'
import {
  chooseIfEmpty,
  inputLabels,
  labelStyle,
  nameOrPalette,
  numberBetween,
  openFaultySections,
  outputLabels,
  wholeNumberBetween,
} from '../../node-red/editor/dialog.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import { offerTest } from '../../node-red/editor/trial.ts'

interface LogNode extends EditorNode {
  file: string
  level: string
  megabytes: string
  kept: string
  ship: string
  shipCa: string
  shipMegabytes: string
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
    ship: { value: '' },
    shipCa: { value: '' },
    shipMegabytes: {
      value: String(WAITING_MEGABYTES.otherwise),
      validate: numberBetween('shipMegabytes', WAITING_MEGABYTES.from, WAITING_MEGABYTES.to),
    },
    configVersion: { value: 1 },
  },
  credentials: {
    shipUrl: { type: 'text' },
    shipUser: { type: 'text' },
    shipPassword: { type: 'password' },
    shipApiKey: { type: 'password' },
  },
  paletteLabel: 'log',
  label: nameOrPalette,
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output'),
  oneditprepare() {
    chooseIfEmpty('#node-input-level', 'info')
    const ship = $('#node-input-ship')
    if (ship.val() === null) ship.val('')
    const show = () => {
      const way = String(ship.val() ?? '')
      $('.hmonitor-log-shipping').toggle(way !== '')
      $('.hmonitor-log-address').toggle(way === 'logstash' || way === 'elasticsearch')
      $('.hmonitor-log-elasticsearch').toggle(way === 'elasticsearch')
    }
    ship.on('change', show)
    show()
    offerTest(this, 'log')
    openFaultySections()
  },
})
