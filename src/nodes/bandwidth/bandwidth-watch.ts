import { BANDWIDTH_RULES } from '../../health/checks/bandwidth.ts'
import { createJudge } from '../../health/judge.ts'
import type { OtherTargets } from '../../health/other.ts'
import type { CreateWatch } from '../../monitor/held-watch.ts'
import { othersOf } from '../../monitor/others.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { Watch } from '../../monitor/watch.ts'
import { bandwidthProbe } from '../../network/bandwidth/bandwidth-probe.ts'
import type { DependentStream } from '../../network/bandwidth/need.ts'
import type { BandwidthMeasurements } from '../../observation/bandwidth.ts'
import { BANDWIDTH_HANDOVER } from '../../observation/bandwidth.ts'
import { Limiter } from '../../observation/limiter.ts'
import type { BandwidthTarget } from '../../targets/target.ts'

/** One test at a time per monitor: two would share the connection, and each measure a half of it. */
const turns = new WeakMap<MonitorState, Limiter>()

function turnsOf(state: MonitorState): Limiter {
  const limiter = turns.get(state) ?? new Limiter(1)
  turns.set(state, limiter)
  return limiter
}

/** Observations of a stream that are older say nothing about now. */
const FRESH_INTERVALS = 3

/** The streams that name the test under `dependsOn`, and those that the test names. */
function streamsOf(state: MonitorState, others: OtherTargets, target: BandwidthTarget): DependentStream[] {
  const named = target.dependsOn.filter((name) => state.directory.has('stream', name))
  const streams = new Map(named.map((name) => [name, others.get('stream', name)]))
  for (const { name, newest } of others.dependents('stream')) streams.set(name, newest)
  return [...streams].map(([name, newest]) => ({
    name,
    newest: newest !== null && newest.age <= FRESH_INTERVALS * newest.interval ? newest : null,
  }))
}

/** How the connections of a monitor are tested. A watch outlives the node that made it, so nothing here knows the node. */
export function bandwidthWatches(state: MonitorState): CreateWatch<'bandwidth', BandwidthMeasurements> {
  const { clock, secrets } = state
  const redact = (text: string) => secrets.redact(text)
  return (target, settings, before) => {
    const { name, labels, interval, expected, limits } = target
    const others = othersOf(state, 'bandwidth', name)
    const probe = bandwidthProbe(target, {
      ...{ clock, redact, turns: turnsOf(state) },
      expand: (template) => secrets.expand(template),
      streams: () => streamsOf(state, others, target),
      ...(before && { before: before.probe.read().measurements }),
    })
    return new Watch<'bandwidth', BandwidthMeasurements>({
      ...{ kind: 'bandwidth', target: name, labels, interval, rule: expected, paceBy: 'probe' },
      ...{ probe, others, network: state.network, clock, settings, redact },
      judge: createJudge(BANDWIDTH_RULES, {}, limits),
      handover: BANDWIDTH_HANDOVER,
      ...(before && { expectation: before.expectation }),
    })
  }
}
