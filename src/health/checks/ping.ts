import type { PingMeasurements } from '../../observation/ping.ts'
import type { KindRules } from '../check.ts'
import { neverSeen } from './never-seen.ts'
import type { PingCheck, PingOptions } from './ping-options.ts'
import { noReply, observerNetwork } from './ping-presence.ts'
import { jitterHigh, latencyHigh, packetLoss } from './ping-quality.ts'
import { notMeasured } from './probe.ts'
import { PING_RELATIONS, withRelations } from './relations.ts'

/** The table of checks of a host. A new check is a new row. */
export const PING_CHECKS: readonly PingCheck[] = withRelations(
  [noReply, observerNetwork, packetLoss, latencyHigh, jitterHigh, notMeasured, neverSeen],
  PING_RELATIONS,
)

export const PING_RULES: KindRules<PingMeasurements, PingOptions> = {
  checks: PING_CHECKS,
  tracked: ({ lastAnswerAge }) => ({ counters: {}, signatures: {}, lastSeen: lastAnswerAge }),
  warmingUp: () => false,
  resets: {},
}
