import type { LaboratoryCase } from '../case.ts'
import { MONITOR, NAME_SERVICE, PLATFORM, SERVER, TWO } from './beyond.ts'
import { HEALTHY } from './healthy.ts'
import { ENCODER, OPERATOR, SOURCE, UPLINK, VENUE_NETWORK } from './venue.ts'

/** The table: every fault that is made, and the healthy streams. */
export const CASES: readonly LaboratoryCase[] = [
  ...[...HEALTHY, ...OPERATOR, ...SOURCE, ...ENCODER, ...VENUE_NETWORK, ...UPLINK],
  ...[...NAME_SERVICE, ...SERVER, ...PLATFORM, ...MONITOR, ...TWO],
]
