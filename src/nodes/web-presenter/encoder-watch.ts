import { parseDeviceAddress } from '../../encoder/address.ts'
import { EncoderProbe } from '../../encoder/encoder-probe.ts'
import { ENCODER_RULES } from '../../health/checks/encoder.ts'
import { createJudge } from '../../health/judge.ts'
import { eventBegan, eventEnded } from '../../monitor/event-end.ts'
import type { CreateWatch } from '../../monitor/held-watch.ts'
import { othersOf } from '../../monitor/others.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { Watch } from '../../monitor/watch.ts'
import type { EncoderMeasurements } from '../../observation/encoder.ts'
import { ENCODER_HANDOVER } from '../../observation/encoder.ts'
import { placeholdersIn } from '../../secrets/placeholder.ts'

/**
 * How the encoders of a monitor are watched. A watch outlives the node that made it, so nothing here knows the node.
 *
 * @throws MonitorError `invalid-target` when a watch is made of an address that is none
 */
export function encoderWatches(state: MonitorState): CreateWatch<'encoder', EncoderMeasurements> {
  const { clock, secrets } = state
  const redact = (text: string) => secrets.redact(text)
  return (target, settings, before) => {
    const { name, labels, interval, expected, idle, limits } = target
    if (placeholdersIn(target.address).length === 0) parseDeviceAddress(target.address)
    const probe = new EncoderProbe(target, {
      ...{ clock, redact },
      expand: (template) => secrets.expand(template),
      stopped: () => eventEnded(state, 'encoder', name),
      started: () => eventBegan(state, 'encoder', name),
      ...(before && { totals: before.probe.read().measurements.total }),
    })
    return new Watch<'encoder', EncoderMeasurements>({
      ...{ kind: 'encoder', target: name, labels, interval, rule: expected, paceBy: 'probe' },
      ...{ probe, clock, settings, redact },
      judge: createJudge(ENCODER_RULES, { idle }, limits),
      others: othersOf(state, 'encoder', name),
      network: state.network,
      handover: ENCODER_HANDOVER,
      ...(before && { expectation: before.expectation }),
    })
  }
}
