import { messageOrNull } from '../observation/messages.ts'

/** The variable in which whoever started Node-RED again says how the run before ended: JSON of `EndedRuntime`. */
export const ENDED_RUNTIME = 'HMONITOR_ENDED'

/** A run of Node-RED that nobody ended. */
export interface EndedRuntime {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Exit code or signal, and what nobody caught. Without secrets. */
  readonly how: string
  /** How many ended so that none of them could tell it. */
  readonly times: number
}

/** How the run before this one ended; null where it was ended by somebody, or where nobody says. */
export function endedRuntime(environment: NodeJS.ProcessEnv): EndedRuntime | null {
  try {
    return messageOrNull<EndedRuntime>('endedRuntime', JSON.parse(environment[ENDED_RUNTIME] ?? 'null'))
  } catch {
    return null
  }
}
