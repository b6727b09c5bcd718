import { checkDefinition } from '../../metrics/user-metric-definition.ts'
import { chooseIfEmpty, inputLabels, labelStyle, outputLabels } from '../../node-red/editor/dialog.ts'
import type { EditorNode, Validator } from '../../node-red/editor/editor.ts'
import type { MetricFields } from './definition.ts'
import { definitionFrom } from './definition.ts'

interface MetricNode extends EditorNode, MetricFields {}

/**
 * Checks one field by the rules that the runtime has for the whole, with the others left at what is always right.
 * An open dialog's type counts before the saved one, because the rules for labels depend on it.
 */
function valid(field: keyof MetricFields): Validator {
  return function (value, _options) {
    const metricType = $('#node-input-metricType').val() ?? (this as MetricNode).metricType
    try {
      checkDefinition(definitionFrom({ metric: 'venue_value', metricType, [field]: value }))
      return true
    } catch (error) {
      return reasonIn(error)
    }
  }
}

/** The reason alone: in the dialog it is plain which metric is meant. */
function reasonIn(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(String(error))
  const [, reason = message] = /^The metric "[^"]*" cannot be made: ([\s\S]*)$/.exec(message) ?? []
  return reason.charAt(0).toUpperCase() + reason.slice(1)
}

RED.nodes.registerType<MetricNode>('hmonitor-metric', {
  category: 'RTMP HMonitor',
  categoryDescription: '@rtmp-hmonitor/node-red-rtmp-hmonitor/metric:common.category',
  color: '#DFC887',
  icon: 'metric.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: '' },
    metric: { value: '', required: true, validate: valid('metric') },
    help: { value: '' },
    metricType: { value: 'gauge' },
    labelNames: { value: '', validate: valid('labelNames') },
    buckets: { value: '', validate: valid('buckets') },
    percentiles: { value: '', validate: valid('percentiles') },
    monitor: { value: '', type: 'hmonitor-monitor', required: false },
    configVersion: { value: 1 },
  },
  paletteLabel: 'metric',
  label() {
    return this.name || String(this.metric || this._('palette'))
  },
  labelStyle,
  inputLabels,
  outputLabels: outputLabels('output'),
  oneditprepare() {
    chooseIfEmpty('#node-input-metricType', 'gauge')
    const type = $('#node-input-metricType')
    const showFieldsOfType = () => {
      $('.hmonitor-of-histogram').toggle(type.val() === 'histogram')
      $('.hmonitor-of-summary').toggle(type.val() === 'summary')
      $('#node-input-labelNames').trigger('change')
    }
    type.on('change', showFieldsOfType)
    showFieldsOfType()
  },
})
