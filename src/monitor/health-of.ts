import { now } from '../observation/clock.ts'
import { internalErrors } from '../observation/internal-errors.ts'
import type { DirectoryEntry } from './directory.ts'
import { type HealthInput, type HealthReport, healthReport, PROGRAM_CODES, SHORTAGE_CODES } from './health-report.ts'
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
    internalErrors: internalErrors(),
    alertProblems: state.noticeboard.problems,
  })
}

function shortageOf(state: MonitorState, entries: readonly DirectoryEntry[]): HealthInput['shortage'] {
  const errors = entries
    .map(({ kind, name }) => state.newest.get(kind, name)?.observation.error)
    .filter((error) => error && SHORTAGE_CODES.has(error.code))
  const [first] = errors
  return first ? { targets: errors.length, message: first.message } : null
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
