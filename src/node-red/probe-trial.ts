/** Tries the target of a probe node's dialog: in a monitor of its own, so that nothing is recorded or told to anybody. */

import { randomUUID } from 'node:crypto'
import type { NodeAPI } from 'node-red'
import { AbortScope } from '../connection/abort-scope.ts'
import type { LimitOverrides } from '../health/check.ts'
import { KINDS } from '../kinds/kinds.ts'
import { MonitorState } from '../monitor/state.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Say } from '../observation/kind.ts'
import type { Issue, Kind, Observation } from '../observation/observation.ts'
import type { Target } from '../targets/target.ts'
import { variableFor } from './config.ts'
import { type DialogValues, ownTarget, secretsOf } from './own-target.ts'
import type { ProbeConfig, ProbeKind } from './probe-watcher.ts'
import {
  deployedNode,
  knownCredentials,
  offerTrial,
  TRIAL_TIME,
  type Trial,
  type TrialAnswer,
  type TrialState,
} from './trial.ts'

/** Seconds for a watch to come to a result. */
const WATCH_TIME = TRIAL_TIME - 5
/** Issues that the answer names, the gravest first. */
const MOST_ISSUES = 3

/** What was found. */
export interface Tried {
  state: TrialState
  /** What would stand under the node; null where nothing was measured. */
  value: string | null
  /** Why it could not be measured; null where it could. */
  reason: string | null
  issues: readonly Issue[]
}

export interface ProbeTrialContext {
  state: MonitorState
  config: ProbeConfig
  say: Say
  signal: AbortSignal
}

/** How a dialog of one kind is tried. */
export type ProbeTrial<K extends Kind> =
  /** By the first answer of a watch, judged by these checks without hold times. */
  | { checks: readonly { type: string }[] }
  /** In another way. */
  | { run(target: Target<K>, context: ProbeTrialContext): Promise<Tried> }

/** A node type whose dialog may be tried. */
export interface TriableNodeType<K extends Kind> extends ProbeKind<K> {
  /** `hmonitor-…` */
  type: string
  /** How the dialog's test button tries what it says. Without it there is none. */
  trial?: ProbeTrial<K>
}

/** Offers the route behind the test button of a kind that can be tried. */
export function offerProbeTrial<K extends Kind>(RED: NodeAPI, nodeType: TriableNodeType<K>): void {
  const { trial: how, type } = nodeType
  if (how === undefined) return
  offerTrial(RED, type.replace('hmonitor-', ''), async (trial) => {
    const node = deployedNode<DialogValues>(RED, type, trial.id)
    const credentials = knownCredentials<DialogValues>(trial, secretsOf(nodeType.kind), node?.credentials)
    const allowed = type === 'hmonitor-vimeo' ? 'VIMEO_ACCESS_TOKEN' : undefined
    const variable = (name: string) => variableFor(RED, node, name, allowed)
    const config = {
      ...withVariables(trial.fields, KINDS[nodeType.kind].field, variable),
      expected: 'always',
      id: 'try',
      type,
    } as unknown as ProbeConfig
    const source = { id: 'try', values: config, credentials, variable }
    const own = ownTarget(KINDS[nodeType.kind], source, nodeType.target)
    if (own === null) return { state: 'unknown', text: trial.say('common.try.nothing') }
    return await tryNow(RED, nodeType, how, { ...trial, ...own, config })
  })
  TRIALS.set(nodeType.kind, ({ target, secrets, signal }) => {
    const config = { expected: 'always', id: 'try', type } as unknown as ProbeConfig
    const say: Say = (key, values) => RED._(key, values)
    return tryNow(RED, nodeType, how, { target: target as Target<K>, secrets, config, say, signal })
  })
}

/** A target that is watched nowhere yet, with the values of the names in its address. */
export interface TrialTarget {
  target: Target
  secrets: ReadonlyMap<string, string>
  signal: AbortSignal
}

/** By kind, as the node types are registered. */
const TRIALS = new Map<Kind, (trial: TrialTarget) => Promise<TrialAnswer>>()

/** Tries a target as the dialog of its kind does. @throws MonitorError `invalid-message` of a kind that cannot be tried */
export function tryTarget(kind: Kind, { target, secrets, signal }: TrialTarget): Promise<TrialAnswer> {
  const trial = TRIALS.get(kind)
  if (trial === undefined)
    throw new MonitorError('invalid-message', `try-target: a ${KINDS[kind].noun} cannot be tried`)
  const scope = new AbortScope(signal, TRIAL_TIME)
  return trial({ target, secrets, signal: scope.signal }).finally(() => scope.end())
}

/** In a monitor of its own, so that nothing is recorded or told to anybody. @throws Error without secrets */
async function tryNow<K extends Kind>(
  RED: NodeAPI,
  nodeType: TriableNodeType<K>,
  how: ProbeTrial<K>,
  trial: Omit<ProbeTrialContext, 'state'> & { target: Target<K>; secrets: ReadonlyMap<string, string> },
): Promise<TrialAnswer> {
  const { config, say, signal, secrets } = trial
  const state = new MonitorState(`try-${randomUUID()}`, KINDS)
  try {
    for (const [name, value] of secrets) state.secrets.put('try', name, value)
    const context = { state, config, say, signal }
    const target = { ...trial.target, expected: 'always' }
    const tried =
      'run' in how
        ? await how.run(target, context)
        : await tryWatch(RED, nodeType, { ...target, limits: withoutHolds(how.checks) }, context)
    return answerOf(tried, say, (text) => state.secrets.redact(text))
  } catch (error) {
    throw new Error(state.secrets.redact(error instanceof Error ? error.message : String(error)))
  } finally {
    await state.end()
  }
}

/**
 * Node-RED fills in a field that is wholly `${NAME}` when it starts a node.
 *
 * @param address the field that may hold names for secrets, which `ownTarget` fills in and keeps
 */
function withVariables(
  fields: Trial['fields'],
  address: string,
  variable: (name: string) => string,
): Record<string, string | boolean> {
  const filled = (field: string, value: string | boolean) => {
    const [, name] = typeof value === 'string' && field !== address ? (/^\$\{([^{}]+)\}$/.exec(value) ?? []) : []
    return name === undefined ? value : variable(name)
  }
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, filled(field, value)]))
}

function withoutHolds(checks: readonly { type: string }[]): LimitOverrides {
  return Object.fromEntries(checks.map(({ type }) => [type, { enterHold: 0 }]))
}

/** Watches until there is a result, and never longer than `WATCH_TIME`. */
async function tryWatch<K extends Kind>(
  RED: NodeAPI,
  { kind, watches }: TriableNodeType<K>,
  target: Target<K>,
  { state, config, say, signal }: ProbeTrialContext,
): Promise<Tried> {
  const watch = watches(state, config, RED)(target, '', null)
  const scope = new AbortScope(signal, WATCH_TIME)
  const over = scope.signal
  try {
    await new Promise<void>((resolve) => {
      over.addEventListener(
        'abort',
        guarded('trial', () => resolve()),
      )
      watch.attach({ observed: (seen) => (isResult(seen) ? resolve() : undefined), happened: () => {} })
      watch.start()
    })
    const observation = watch.newest
    if (observation === null || (over.aborted && observation.state === 'unknown')) {
      return { state: 'unknown', value: null, reason: say('common.try.timeout'), issues: [] }
    }
    const { state: found, issues, error } = observation
    return {
      state: found === 'off' ? 'down' : found,
      value: found === 'ok' || found === 'degraded' ? KINDS[kind].status.valueText(observation, say) : null,
      reason: error?.message ?? null,
      issues,
    }
  } finally {
    scope.end()
    await watch.stop()
  }
}

/** A target that is down is no result before it is known why. */
function isResult({ state, error, issues }: Observation): boolean {
  return state === 'ok' || state === 'degraded' || error !== undefined || issues.length > 0
}

function answerOf({ state, value, reason, issues }: Tried, say: Say, redact: (text: string) => string): TrialAnswer {
  const lines = [
    say(`common.try.${state}`),
    ...(value === null ? [] : [say('common.try.value', { value })]),
    ...(reason === null ? [] : [reason]),
    ...issues.slice(0, MOST_ISSUES).flatMap(({ summary, remedy }) => [summary, ...remedy.slice(0, 1)]),
  ]
  return { state, text: redact([...new Set(lines)].join('\n')) }
}
