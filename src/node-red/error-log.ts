import type { NodeAPI } from 'node-red'
import { onInternalError } from '../observation/internal-errors.ts'
import { monitorStates } from './monitor-states.ts'

/** Writes into the runtime's log what goes wrong in our own code. To be called once per runtime. */
export function logInternalErrors(RED: Pick<NodeAPI, 'log'>): void {
  onInternalError((place, error, count) => RED.log.error(entry(place, error, count)))
}

/** The place, the stack, and no secret of any monitor. */
function entry(place: string, error: unknown, count: number): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const times = count === 1 ? '' : `, ${count} times since the start`
  return monitorStates().reduce(
    (redacted, { secrets }) => secrets.redact(redacted),
    `[rtmp-hmonitor] Internal error (${place}${times}), the rest goes on: ${text}`,
  )
}
