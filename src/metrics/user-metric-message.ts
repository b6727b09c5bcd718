import { MonitorError } from '../observation/errors.ts'
import { isRecord } from '../observation/shape.ts'
import type { CheckedDefinition, UserMetricType } from './user-metric-definition.ts'

export type Operation = 'inc' | 'dec' | 'set' | 'observe'

/** What a message does to a metric: perhaps a reset, then perhaps an operation. */
export interface MetricCommand {
  reset: boolean
  operation: { op: Operation; val: number; labels: Record<string, string> } | null
}

/** The first is the default. */
const OPERATIONS: Readonly<Record<UserMetricType, readonly [Operation, ...Operation[]]>> = {
  counter: ['inc'],
  gauge: ['set', 'inc', 'dec'],
  histogram: ['observe'],
  summary: ['observe'],
}
const MAX_VALUE_LENGTH = 1000

/**
 * Reads the payload of a message to a `metric` node: a number, or `{op, val, labels, reset}` as
 * node-red-contrib-prometheus-exporter has it. Without `op` it is the type's usual one; `inc` and `dec` without `val`
 * count one; a counter counts a message that has no payload; `{reset: true}` or `{op: 'reset'}` alone only resets and
 * `nop` does nothing. Labels that are missing are empty.
 * @throws MonitorError `invalid-message` where the shape is wrong, `invalid-metric` where it does not fit the metric
 */
export function parseMetricMessage(payload: unknown, metric: CheckedDefinition): MetricCommand {
  if (typeof payload !== 'object' || payload === null) {
    const isNothing = payload === undefined || payload === null || payload === ''
    if (isNothing && metric.type !== 'counter') {
      throw new MonitorError('invalid-message', `The message to the metric "${metric.name}" has no payload.`)
    }
    return { reset: false, operation: parseOperation({ val: isNothing ? undefined : payload }, metric) }
  }
  if (Array.isArray(payload)) {
    throw new MonitorError(
      'invalid-message',
      `The payload for the metric "${metric.name}" is an array; send one by one.`,
    )
  }
  const fields: Record<string, unknown> = { ...payload }
  const reset = parseReset(fields, metric)
  const onlyResets = reset && fields.val === undefined && (fields.op === undefined || fields.op === 'reset')
  return { reset, operation: onlyResets || fields.op === 'nop' ? null : parseOperation(fields, metric) }
}

function parseReset(fields: Record<string, unknown>, metric: CheckedDefinition): boolean {
  const { reset, op } = fields
  if (reset !== undefined && reset !== null && typeof reset !== 'boolean') {
    throw new MonitorError('invalid-message', `"reset" for the metric "${metric.name}" must be true or false.`)
  }
  return reset === true || op === 'reset'
}

function parseOperation(fields: Record<string, unknown>, metric: CheckedDefinition): MetricCommand['operation'] {
  const allowed = OPERATIONS[metric.type]
  const op = fields.op ?? allowed[0]
  const operation = allowed.find((name) => name === op)
  if (operation === undefined) {
    const names = [...allowed, 'reset', 'nop'].map((name) => `"${name}"`).join(', ')
    refuse(metric, `a ${metric.type} does not know the operation ${quote(op)}. It knows ${names}`)
  }
  const val = parseValue(fields.val, operation, metric)
  return { op: operation, val, labels: parseLabels(fields.labels, metric) }
}

function parseValue(val: unknown, op: Operation, metric: CheckedDefinition): number {
  if (val === undefined || val === null) {
    if (op === 'inc' || op === 'dec') return 1
    refuse(metric, `"${op}" needs a number in "val"`)
  }
  const isWritten = (typeof val === 'string' && val.trim() !== '') || typeof val === 'boolean'
  const number = typeof val === 'number' ? val : isWritten ? Number(val) : Number.NaN
  if (!Number.isFinite(number)) refuse(metric, `${quote(val)} is not a number`)
  if (metric.type === 'counter' && number < 0) {
    refuse(metric, `a counter only grows, and ${number} is negative. Use a gauge for a value that falls`)
  }
  return number
}

function parseLabels(labels: unknown, metric: CheckedDefinition): Record<string, string> {
  const result: Record<string, string> = {}
  for (const name of metric.labelNames) result[name] = ''
  if (labels === undefined || labels === null) return result
  if (!isRecord(labels)) {
    throw new MonitorError('invalid-message', `"labels" for the metric "${metric.name}" must be an object.`)
  }
  for (const [name, value] of Object.entries(labels)) {
    if (!metric.labelNames.includes(name)) {
      const known = metric.labelNames.length === 0 ? 'It has none' : `It has ${metric.labelNames.join(', ')}`
      refuse(metric, `it has no label ${quote(name)}. ${known}`)
    }
    result[name] = parseLabelValue(name, value, metric)
  }
  return result
}

function parseLabelValue(name: string, value: unknown, metric: CheckedDefinition): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    refuse(metric, `the label "${name}" must be a text or a number`)
  }
  const text = String(value)
  if (text.length > MAX_VALUE_LENGTH)
    refuse(metric, `the label "${name}" is longer than ${MAX_VALUE_LENGTH} characters`)
  return text
}

function refuse(metric: CheckedDefinition, why: string): never {
  throw new MonitorError('invalid-metric', `The message does not fit the metric "${metric.name}": ${why}.`)
}

/** What a message holds may be long; an error quotes its beginning. */
function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? 'an object' : String(value)
  return `"${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`
}
