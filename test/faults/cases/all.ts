import type { Fault, Healthy } from '../case.ts'
import { FLOW } from './flow.ts'
import { HEALTHY } from './healthy.ts'
import { PRESENCE } from './presence.ts'

/** The suite. */
export const ROWS: readonly (Fault | Healthy)[] = [...PRESENCE, ...FLOW, ...HEALTHY]
