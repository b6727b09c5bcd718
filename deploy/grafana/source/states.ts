import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import { type Kind, STATES, type State } from '../../../src/observation/observation.ts'

/** Word and colour of each state; with the number that stands for it in a panel. */
const LOOKS: Readonly<Record<State, { text: string; color: string }>> = {
  unknown: { text: 'Unknown', color: 'purple' },
  ok: { text: 'OK', color: 'green' },
  degraded: { text: 'Problem', color: 'orange' },
  down: { text: 'DOWN', color: 'red' },
  off: { text: 'Off air', color: '#6e7680' },
}

/** 1 for the first state of the list, and so on: 0 is what a series is in none of them. */
const numberOf = (state: State) => STATES.indexOf(state) + 1

export const STATE_MAPPINGS: ValueMapping[] = [
  {
    type: dashboard.MappingType.ValueToText,
    options: Object.fromEntries(STATES.map((state, index) => [String(numberOf(state)), { ...LOOKS[state], index }])),
  },
]

/** One number per target that stands for its state. */
export function stateOf(kind: Kind, selector: string): string {
  const each = STATES.map((state) => `${numberOf(state)} * hmonitor_${kind}_state{${selector},state="${state}"}`)
  return `max by (target, site, monitor) (${each.join(' or ')})`
}

export const YES_NO: ValueMapping[] = [
  {
    type: dashboard.MappingType.ValueToText,
    options: { '0': { text: 'no', color: 'green', index: 0 }, '1': { text: 'yes', color: 'red', index: 1 } },
  },
]

/** A timeline of what a metric with a label `state` says: a number per name, and what the numbers stand for. */
export function namedStates(
  metric: string,
  selector: string,
  names: readonly string[],
): { expr: string; mappings: ValueMapping[] } {
  const each = names.map((name, index) => `${index + 1} * ${metric}{${selector},state="${name}"}`)
  const options = Object.fromEntries(
    names.map((name, index) => [String(index + 1), { text: name.replaceAll('_', ' '), color: colorOf(name), index }]),
  )
  return {
    expr: `max by (target, site, monitor) (${each.join(' or ')})`,
    mappings: [{ type: dashboard.MappingType.ValueToText, options }],
  }
}

function colorOf(name: string): string {
  if (/error|interrupted|timed_out/.test(name)) return 'red'
  if (/^(streaming|receiving)$/.test(name)) return 'green'
  if (/preview|connecting|flushing|pending|provisioning/.test(name)) return 'orange'
  return /ready|waiting/.test(name) ? 'blue' : '#6e7680'
}
