import type { NodeStatusFill, NodeStatusShape } from 'node-red'
import type { Say, StatusWords } from '../observation/kind.ts'
import type { Kind, Observation, State } from '../observation/observation.ts'

/** What stands under a probe node. */
export interface ProbeStatus {
  fill: NodeStatusFill
  shape: NodeStatusShape
  text: string
}

const LOOKS: Readonly<Record<State, Pick<ProbeStatus, 'fill' | 'shape'>>> = {
  ok: { fill: 'green', shape: 'dot' },
  degraded: { fill: 'yellow', shape: 'dot' },
  down: { fill: 'red', shape: 'dot' },
  unknown: { fill: 'yellow', shape: 'ring' },
  off: { fill: 'grey', shape: 'ring' },
}

/** In the order in which they are counted, and the worst of them gives the colour. */
const COUNTED: readonly State[] = ['ok', 'down', 'unknown', 'degraded', 'off']
const WORST_FIRST: readonly State[] = ['down', 'unknown', 'degraded', 'ok', 'off']

/** @param newest of every target that is watched; null where nothing has been observed yet */
export function probeStatus<K extends Kind, M>(
  newest: readonly (Observation<K, M> | null)[],
  words: StatusWords<K, M>,
  say: Say,
): ProbeStatus {
  for (const [code, label] of Object.entries(words.unusable ?? {})) {
    if (newest.some((observation) => observation?.error?.code === code)) {
      return { fill: 'red', shape: 'ring', text: say(label) }
    }
  }
  const [only, another] = newest
  if (only === undefined) return { fill: 'grey', shape: 'ring', text: say('common.probe.idle') }
  if (another !== undefined) return statusOfMany(newest, say)
  if (only === null) return { ...LOOKS.unknown, text: say('common.probe.waiting') }
  return { ...LOOKS[only.state], text: textOfOne(only, words, say) }
}

function textOfOne<K extends Kind, M>(observation: Observation<K, M>, words: StatusWords<K, M>, say: Say): string {
  const { state, error, issues } = observation
  if (state === 'unknown') return error?.code ?? say('common.probe.waiting')
  if (state === 'degraded') {
    const { type } = issues.find(({ severity }) => severity === 'error') ?? issues[0] ?? {}
    return type ?? say('common.state.degraded')
  }
  return (state === 'ok' ? words.valueText(observation, say) : null) ?? say(`common.state.${state}`)
}

function statusOfMany(newest: readonly (Observation | null)[], say: Say): ProbeStatus {
  const states = newest.map((observation) => observation?.state ?? 'unknown')
  const counts = COUNTED.map((state) => ({ state, count: states.filter((other) => other === state).length }))
  const worst = WORST_FIRST.find((state) => states.includes(state)) ?? 'unknown'
  const words = counts
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => say('common.probe.count', { count, state: say(`common.state.${state}`) }))
  return { ...LOOKS[worst], text: words.join(', ') }
}
