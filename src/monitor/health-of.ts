import { now } from '../observation/clock.ts'
import { internalErrors } from '../observation/internal-errors.ts'
import type { DirectoryEntry } from './directory.ts'
import {
  type HealthInput,
  type HealthReason,
  type HealthReport,
  healthReport,
  lasting,
  PROGRAM_CODES,
  SHORTAGE_CODES,
} from './health-report.ts'
import type { MonitorState } from './state.ts'

/** Whether a monitor can do its work now. @param isStarted whether the flows run */
export function healthOf(state: MonitorState, isStarted: boolean): HealthReport {
  const entries = state.directory.list()
  return healthReport({
    at: now(state.clock),
    started: isStarted,
    missing: missingPrograms(state, entries),
    shortage: shortageOf(state, entries),
    entries,
    arrivalOf: ({ kind, name }) => state.newest.get(kind, name),
    rejected: state.rejections,
    ...lastingIn(state),
    alertProblems: state.problemLog.problems,
  })
}

function shortageOf(state: MonitorState, entries: readonly DirectoryEntry[]): HealthInput['shortage'] {
  const errors = entries
    .map(({ kind, name }) => state.newest.get(kind, name)?.observation.error)
    .filter((error) => error && SHORTAGE_CODES.has(error.code))
  const [first] = errors
  return first ? { targets: errors.length, message: first.message } : null
}

function lastingIn({ remembered: { losses, isTokenLost } }: MonitorState) {
  return { losses, isTokenLost, internalErrors: internalErrors() }
}

/** What somebody has to see or to do, whatever else the monitor can do. */
export function lastingOf(state: MonitorState): HealthReason[] {
  return lasting(lastingIn(state))
}

/** What the streams' own observations say of ffprobe and ffmpeg. */
function missingPrograms(state: MonitorState, entries: readonly DirectoryEntry[]): HealthInput['missing'] {
  const missing: HealthInput['missing'] = {}
  for (const { kind, name } of entries) {
    const error = state.newest.get(kind, name)?.observation.error
    const code = PROGRAM_CODES.find((known) => known === error?.code)
    if (code !== undefined && error !== undefined) missing[code] ??= error.message
  }
  return missing
}
