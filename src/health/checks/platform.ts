import { isReceiving } from '../../observation/live-phase.ts'
import type { PlatformMeasurements } from '../../observation/platform.ts'
import type { KindRules } from '../check.ts'
import { neverSeen } from './never-seen.ts'
import { platformUnreachable, rateLimited, tokenInvalid } from './platform-access.ts'
import { eventNotFound, ingestNotReceiving, RECEIVED, streamingError } from './platform-event.ts'
import type { PlatformCheck, PlatformOptions } from './platform-options.ts'
import { notMeasured } from './probe.ts'
import { PLATFORM_RELATIONS, withRelations } from './relations.ts'

/** The table of checks of a platform. A new check is a new row. */
export const PLATFORM_CHECKS: readonly PlatformCheck[] = withRelations(
  [
    platformUnreachable,
    tokenInvalid,
    eventNotFound,
    ingestNotReceiving,
    streamingError,
    rateLimited,
    notMeasured,
    neverSeen,
  ],
  PLATFORM_RELATIONS,
)

export const PLATFORM_RULES: KindRules<PlatformMeasurements, PlatformOptions> = {
  checks: PLATFORM_CHECKS,
  tracked: ({ liveState, ingestState, event }) => ({
    counters: {},
    signatures: { liveState, [RECEIVED]: isReceiving(liveState, ingestState) === true ? (event?.id ?? null) : null },
    lastSeen: null,
  }),
  warmingUp: () => false,
  resets: {},
}
