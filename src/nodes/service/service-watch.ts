import { SERVICE_RULES } from '../../health/checks/service.ts'
import { createJudge } from '../../health/judge.ts'
import type { CreateWatch } from '../../monitor/held-watch.ts'
import { othersOf } from '../../monitor/others.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { Watch } from '../../monitor/watch.ts'
import { serviceProbe } from '../../network/service/service-probe.ts'
import type { ServiceMeasurements } from '../../observation/service.ts'
import { SERVICE_HANDOVER } from '../../observation/service.ts'

/** How the services of a monitor are watched. A watch outlives the node that made it, so nothing here knows the node. */
export function serviceWatches(state: MonitorState): CreateWatch<'service', ServiceMeasurements> {
  const { clock, secrets } = state
  const redact = (text: string) => secrets.redact(text)
  const expand = (template: string) => secrets.expand(template)
  return (target, settings, before) => {
    const { name, labels, interval, expected, verifyTls, limits } = target
    const earlier = before && { before: before.probe.read().measurements }
    return new Watch<'service', ServiceMeasurements>({
      ...{ kind: 'service', target: name, labels, interval, rule: expected, paceBy: 'probe' },
      ...{ clock, settings, redact, others: othersOf(state, 'service', name), network: state.network },
      probe: serviceProbe(target, { clock, redact, expand, ...earlier }),
      judge: createJudge(SERVICE_RULES, { verifyTls }, limits),
      handover: SERVICE_HANDOVER,
      ...(before && { expectation: before.expectation }),
    })
  }
}
