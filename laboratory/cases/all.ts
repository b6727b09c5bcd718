import type { LaboratoryCase } from '../case.ts'
import { ENCODER, OPERATOR, SOURCE } from './encoder.ts'
import { HEALTHY } from './healthy.ts'
import { UPLINK, VENUE_NETWORK } from './network.ts'
import { MONITOR, PLATFORM, TWO } from './platform-and-monitor.ts'
import { NAME_SERVICE, SERVER } from './server.ts'

/** The table: every fault that is made, and the healthy streams. */
export const CASES: readonly LaboratoryCase[] = [
  ...[...HEALTHY, ...OPERATOR, ...SOURCE, ...ENCODER, ...VENUE_NETWORK, ...UPLINK],
  ...[...NAME_SERVICE, ...SERVER, ...PLATFORM, ...MONITOR, ...TWO],
]
