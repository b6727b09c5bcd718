import type { Fault, Healthy } from '../case.ts'
import { BACKUP } from './backup.ts'
import { CONTENT } from './content.ts'
import { FLOW } from './flow.ts'
import { GENERATED_FAULTS, GENERATED_HEALTHY } from './generated.ts'
import { HEALTHY } from './healthy.ts'
import { INGEST } from './ingest.ts'
import { PRESENCE } from './presence.ts'

/** The suite. */
export const ROWS: readonly (Fault | Healthy)[] = [
  ...PRESENCE,
  ...FLOW,
  ...INGEST,
  ...BACKUP,
  ...CONTENT,
  ...GENERATED_FAULTS,
  ...HEALTHY,
  ...GENERATED_HEALTHY,
]
