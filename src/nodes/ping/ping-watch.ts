import { PING_RULES } from '../../health/checks/ping.ts'
import { createJudge } from '../../health/judge.ts'
import type { CreateWatch } from '../../monitor/held-watch.ts'
import { othersOf } from '../../monitor/others.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { Watch } from '../../monitor/watch.ts'
import { pingProbe } from '../../network/ping/ping-probe.ts'
import { Limiter } from '../../observation/limiter.ts'
import type { PingMeasurements } from '../../observation/ping.ts'
import { PING_HANDOVER } from '../../observation/ping.ts'

/** Pings that run at once in one monitor: each is a process for about a second. Room for 300 hosts every 5 s. */
const MOST_PROCESSES = 64

const limiters = new WeakMap<MonitorState, Limiter>()

function turnsOf(state: MonitorState): Limiter {
  const turns = limiters.get(state) ?? new Limiter(MOST_PROCESSES)
  limiters.set(state, turns)
  return turns
}

/** How the hosts of a monitor are watched. A watch outlives the node that made it, so nothing here knows the node. */
export function pingWatches(state: MonitorState): CreateWatch<'ping', PingMeasurements> {
  const { clock, secrets } = state
  const redact = (text: string) => secrets.redact(text)
  const expand = (template: string) => secrets.expand(template)
  return (target, settings, before) => {
    const { name, labels, interval, expected, control, limits } = target
    const earlier = before && { before: before.probe.read().measurements }
    const probe = pingProbe(target, { clock, redact, expand, turns: turnsOf(state), ...earlier })
    state.network.setControl(name, control ? () => probe.refresh() : null)
    return new Watch<'ping', PingMeasurements>({
      ...{ kind: 'ping', target: name, labels, interval, rule: expected, paceBy: 'probe' },
      ...{ clock, settings, redact, others: othersOf(state, 'ping', name), network: state.network },
      probe,
      judge: createJudge(PING_RULES, { control }, limits),
      handover: PING_HANDOVER,
      ...(before && { expectation: before.expectation }),
    })
  }
}
