import type { Fault, Healthy } from '../case.ts'
import { ACCURACY } from './accuracy.ts'
import { BACKUP } from './backup.ts'
import { CONTENT } from './content.ts'
import { FLOW } from './flow.ts'
import { GENERATED_FAULTS, GENERATED_HEALTHY } from './generated.ts'
import { HEALTHY } from './healthy.ts'
import { INGEST } from './ingest.ts'
import { NETWORK, NETWORK_HEALTHY } from './network.ts'
import { PRESENCE } from './presence.ts'
import { PROTOCOL, PROTOCOL_HEALTHY } from './protocol.ts'

/** The suite. */
export const ROWS: readonly (Fault | Healthy)[] = [
  ...PRESENCE,
  ...FLOW,
  ...INGEST,
  ...BACKUP,
  ...CONTENT,
  ...NETWORK,
  ...PROTOCOL,
  ...GENERATED_FAULTS,
  ...HEALTHY,
  ...ACCURACY,
  ...NETWORK_HEALTHY,
  ...PROTOCOL_HEALTHY,
  ...GENERATED_HEALTHY,
]
