import type { PingMeasurements } from '../../observation/ping.ts'
import type { KindRules } from '../check.ts'
import { neverSeen } from './never-seen.ts'
import { NO_REPLY, type PingCheck, type PingOptions } from './ping-options.ts'
import { noReply, observerNetwork } from './ping-presence.ts'
import { jitterHigh, latencyHigh, packetLoss } from './ping-quality.ts'
import { notMeasured } from './probe.ts'

/** A host that never answers is told by noReply: one cause is one issue. */
const notMeasuredHost: PingCheck = {
  ...notMeasured,
  assess(context, limits) {
    const { reading } = context
    if (reading.outcome === 'unknown' && reading.code === NO_REPLY) return 'not-judged'
    return notMeasured.assess(context, limits)
  },
}

/** The table of checks of a host. A new check is a new row. */
export const PING_CHECKS: readonly PingCheck[] = [
  noReply,
  observerNetwork,
  packetLoss,
  latencyHigh,
  jitterHigh,
  notMeasuredHost,
  neverSeen,
]

export const PING_RULES: KindRules<PingMeasurements, PingOptions> = {
  checks: PING_CHECKS,
  tracked: ({ lastAnswerAge }) => ({ counters: {}, signatures: {}, lastSeen: lastAnswerAge }),
  warmingUp: () => false,
  resets: {},
}
