import { PLATFORM_RULES } from '../../health/checks/platform.ts'
import { sendingEncoder } from '../../health/checks/platform-options.ts'
import { createJudge } from '../../health/judge.ts'
import { presentOthers } from '../../health/other.ts'
import { eventBegan, eventEnded } from '../../monitor/event-end.ts'
import type { CreateWatch } from '../../monitor/held-watch.ts'
import { othersOf } from '../../monitor/others.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { Watch } from '../../monitor/watch.ts'
import type { PlatformMeasurements } from '../../observation/platform.ts'
import { PLATFORM_HANDOVER } from '../../observation/platform.ts'
import type { VimeoAccount } from '../../platform/vimeo-account.ts'
import { VimeoProbe } from '../../platform/vimeo-probe.ts'

/** How the live events of a monitor are watched. A watch outlives the node that made it, so nothing here knows the node. */
export function platformWatches(
  state: MonitorState,
  account: VimeoAccount,
): CreateWatch<'platform', PlatformMeasurements> {
  const { clock, secrets } = state
  const redact = (text: string) => secrets.redact(text)
  return (target, settings, before) => {
    const { name, labels, interval, expected, dependsOn, limits } = target
    const others = othersOf(state, 'platform', name)
    const sending = () => {
      const present = presentOthers(others)
      if (present.dependents('stream').some(({ newest }) => newest?.measurements.up === true)) return true
      return typeof sendingEncoder(dependsOn, present) === 'object'
    }
    const probe = new VimeoProbe(target, {
      ...{ clock, account, redact, sending },
      expand: (template) => secrets.expand(template),
      eventBegan: () => eventBegan(state, 'platform', name),
      eventEnded: () => eventEnded(state, 'platform', name),
    })
    return new Watch<'platform', PlatformMeasurements>({
      ...{ kind: 'platform', target: name, labels, interval, rule: expected, paceBy: 'probe' },
      ...{ probe, others, network: state.network, clock, settings, redact },
      judge: createJudge(PLATFORM_RULES, { dependsOn }, limits),
      handover: PLATFORM_HANDOVER,
      ...(before && { expectation: before.expectation }),
    })
  }
}
