import type { AlertProblem } from '../observation/alert.ts'
import type { Instant } from '../observation/clock.ts'
import { type InternalErrors, NOT_WAITED_FOR } from '../observation/internal-errors.ts'
import type { Kind } from '../observation/observation.ts'
import type { Rejection } from '../targets/rejection.ts'
import type { DirectoryEntry } from './directory.ts'
import { type Arrival, ageOf, isStale, staleAfter } from './newest.ts'
import { countNotWatched, tell } from './rejections.ts'
import type { Loss } from './remembered.ts'

/** A program without which streams cannot be watched, or not as deep as they should be. */
export const PROGRAM_CODES = ['no-ffprobe', 'no-ffmpeg'] as const
type ProgramCode = (typeof PROGRAM_CODES)[number]

/** What an observation says where the system gave the monitor no file, process or memory to measure with. */
export const SHORTAGE_CODES: ReadonlySet<string> = new Set(['no-resources', 'exhausted'])

/** What the report is made from. */
export interface HealthInput {
  at: Instant
  /** Whether the flows have started. */
  started: boolean
  /** By code: the programs that streams lack, and what their probes say of it. Without secrets. */
  missing: Partial<Record<ProgramCode, string>>
  /** Of how many targets nothing is known for want of what the system gives a process, and what one of them says. */
  shortage: { targets: number; message: string } | null
  entries: readonly DirectoryEntry[]
  arrivalOf(entry: DirectoryEntry): Arrival | undefined
  /** What is said to be watched and is not, or not as it is written. */
  rejected: readonly Rejection[]
  /** What went wrong in the monitor's own code, since nobody has looked at it. */
  internalErrors: readonly InternalErrors[]
  /** What was lost, and nobody has seen it yet. */
  losses: readonly Loss[]
  /** Whether the token that guards the API is gone. */
  isTokenLost: boolean
  /** Why alerts may not reach people. */
  alertProblems: readonly AlertProblem[]
}

/**
 * Why the monitor cannot do its work, or not all of it, and what to do. `failing`: what it is for is not done now.
 * `degraded`: it goes on, but somebody should know.
 */
export interface HealthReason {
  code:
    | 'not-started'
    | ProgramCode
    | 'no-resources'
    | 'stale'
    | 'target-refused'
    | 'target-mistake'
    | 'internal-error'
    | Loss['code']
    | 'credentials-damaged'
    | AlertProblem['code']
  severity: 'degraded' | 'failing'
  message: string
  remedy: string[]
  /** Where it stays until somebody has seen it: what the command `{action: 'seen', id}` names. */
  id?: string
}

/**
 * The answer of `GET /health`: about the monitor, not about what it watches. `degraded` is 200, since whoever restarts
 * what answers 503 would mend nothing by it.
 */
export interface HealthReport {
  status: 200 | 503
  body: {
    /** As bad as the worst of its reasons. */
    status: 'ok' | HealthReason['severity']
    /** The worst first. */
    reasons: HealthReason[]
    /** What is no fault of the monitor and should be known. */
    notes: string[]
    /** How many targets of each kind are watched. */
    watched: Partial<Record<Kind, number>>
    /** How many targets are not watched, because what is written of them cannot be taken. */
    refused: number
  }
}

/** Names that are listed before the rest is only counted. */
const MOST_NAMES = 5
/** Reasons that mistakes in what is to be watched may fill, before the rest is only counted. */
const MOST_REJECTIONS = 10

export function healthReport(input: HealthInput): HealthReport {
  const all = [
    notStarted(input),
    ...PROGRAM_CODES.map((code) => noProgram(input, code)),
    noResources(input),
    ...[...new Set(input.entries.map(({ kind }) => kind))].map((kind) => stale(input, kind)),
    ...mistakes(input),
    ...input.alertProblems,
    ...lasting(input),
  ].filter((reason) => reason !== null)
  const failing = all.filter(({ severity }) => severity === 'failing')
  const reasons = [...failing, ...all.filter(({ severity }) => severity === 'degraded')]
  return {
    status: failing.length > 0 ? 503 : 200,
    body: {
      status: reasons[0]?.severity ?? 'ok',
      reasons,
      notes: notesOf(input),
      watched: watchedOf(input),
      refused: countNotWatched(input.rejected),
    },
  }
}

/** What stays until somebody has done something about it, or has seen it: for the dashboard too. */
export function lasting(input: Pick<HealthInput, 'isTokenLost' | 'losses' | 'internalErrors'>): HealthReason[] {
  const errors = input.internalErrors.map(internalErrorReason)
  return [tokenLost(input), ...input.losses.map(lossReason), ...errors].filter((reason) => reason !== null)
}

function notStarted({ started }: HealthInput): HealthReason | null {
  if (started) return null
  return {
    code: 'not-started',
    severity: 'failing',
    message: 'The flows have not started, so nothing is measured',
    remedy: [
      'Open the editor: it says what stopped the flows, often a node type that is not installed',
      'Deploy again',
    ],
  }
}

const GET_IT: Readonly<Record<ProgramCode, string>> = {
  'no-ffprobe': 'Install ffmpeg, which brings ffprobe, or set FFPROBE_PATH to its full path',
  'no-ffmpeg': 'Install ffmpeg 5.1 or newer, or set FFMPEG_PATH to its full path, or let streams be checked by packets',
}

function noProgram({ missing, entries }: HealthInput, code: ProgramCode): HealthReason | null {
  const message = missing[code]
  const isNeeded = entries.some(({ kind }) => kind === 'stream')
  if (!isNeeded || message === undefined) return null
  return { code, severity: 'failing', message, remedy: [GET_IT[code], 'Start again'] }
}

/** One for all of them: what they lack, they lack together. */
function noResources({ shortage, entries }: HealthInput): HealthReason | null {
  if (shortage === null) return null
  const { targets, message } = shortage
  return {
    code: 'no-resources',
    severity: targets === entries.length ? 'failing' : 'degraded',
    message: `The monitor has too little to work with, so ${targets} of ${entries.length} targets cannot be measured: ${message.replace(/\.$/, '')}`,
    remedy: [
      'See how much the monitor may have, and how much it has: process_open_fds and process_max_fds on /metrics',
      'Let it have more, as the message says, or watch fewer targets; then start again',
    ],
  }
}

function stale({ at, entries, arrivalOf }: HealthInput, kind: Kind): HealthReason | null {
  const own = entries.filter((entry) => entry.kind === kind)
  const late = own.filter((entry) => isStale(entry, arrivalOf(entry), at.monotonic))
  if (late.length === 0) return null
  const oldest = Math.max(...late.map((entry) => ageOf(entry, arrivalOf(entry), at.monotonic)))
  const allowed = Math.min(...late.map(staleAfter))
  const names = listed(late.map(({ name }) => name))
  return {
    code: 'stale',
    severity: 'failing',
    message: `${late.length} of ${own.length} targets of kind ${kind} have no fresh observation: ${names}. The oldest is ${Math.round(oldest)} s old, allowed are ${allowed} s`,
    remedy: [
      'See whether the machine is overloaded: its processor, its memory, the delay of the event loop on /metrics',
      'Deploy again, or restart',
    ],
  }
}

const FAILED = "The monitor's own code failed"
const REJECTED = 'In a node or a flow of anybody, a promise was rejected that nobody waited for'

function internalErrorReason({ place, count, since }: InternalErrors): HealthReason | null {
  if (since === null) return null
  return {
    code: 'internal-error',
    severity: 'degraded',
    message: `${place === NOT_WAITED_FOR ? REJECTED : FAILED} (${place}), ${times(count)} since its start, expected is never; not seen by anybody since ${new Date(since).toISOString()}. The rest goes on`,
    remedy: [
      'Find "Internal error" in the log, which says where it was, and report it with the version of the monitor',
      'If the number grows (hmonitor_internal_errors_total on /metrics), restart the monitor',
      SEEN,
    ],
    id: place,
  }
}

function lossReason({ id, code, message, at, times: count }: Loss): HealthReason {
  const often = count === 1 ? '' : `. That was the last of ${count} times, since somebody has seen it`
  return {
    ...{ code, id, severity: 'degraded' },
    message: code === 'data-lost' ? `${message}. Found at ${new Date(at).toISOString()}` : message + often,
    remedy: [...LOSS_REMEDIES[code], SEEN],
  }
}

const LOSS_REMEDIES: Readonly<Record<Loss['code'], string[]>> = {
  'data-lost': [
    'If alerts, incidents or messages are lost: check the dashboard for what is active, and tell people what they may not have heard',
    'The history and what is usual are gathered anew by themselves: a report lacks what was in the file, and nothing is unusual for a while',
    'Look for the cause: the disk, a power cut, a copy that was cut off. The file is in DATA_DIR',
  ],
  'runtime-ended': [
    'Look at the log before that time: "Nobody caught this" says which node or function it was. With SIGKILL, look whether the machine ran out of memory',
    'Correct that node or flow. If it ends again and again, npm start -- --safe opens the editor without starting the flows',
  ],
}

function tokenLost({ isTokenLost }: Pick<HealthInput, 'isTokenLost'>): HealthReason | null {
  if (!isTokenLost) return null
  return {
    code: 'credentials-damaged',
    severity: 'degraded',
    message:
      'The credentials are damaged: the token of the monitor is lost, and with it perhaps every password, key and token that was typed into a dialog. The API answers nobody (503)',
    remedy: [
      'Open the monitor in the editor, enter the token again, and deploy; check the receivers, accounts and streams, too',
      'Or restore flows_cred.json from a backup, and start again',
      'To have no token, type one, deploy, empty the field, and deploy again',
    ],
  }
}

/** How a reason that stays ends. */
const SEEN = 'When you have seen it, press "I have seen it" on the overview of the dashboard'

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

/** One reason each, those that are not watched first. */
function mistakes({ rejected }: HealthInput): HealthReason[] {
  const isRefused = ({ effect }: Rejection) => effect !== 'ignored'
  const ordered = [...rejected.filter(isRefused), ...rejected.filter((rejection) => !isRefused(rejection))]
  const reasons = ordered.slice(0, MOST_REJECTIONS).map((rejection): HealthReason => {
    const { title, summary, remedy } = tell(rejection)
    const code = isRefused(rejection) ? 'target-refused' : 'target-mistake'
    return { code, severity: 'degraded', message: `${title}: ${summary}`, remedy: [remedy] }
  })
  const more = rejected.length - MOST_REJECTIONS
  if (more <= 0) return reasons
  const remedy = ['Correct those that are named first; GET /api/v1/status has up to 100 of them']
  const message = `${more} more mistakes in what is to be watched`
  return [...reasons, { code: 'target-mistake', severity: 'degraded', message, remedy }]
}

function notesOf({ entries }: HealthInput): string[] {
  if (entries.length > 0) return []
  return ['Nothing is watched: fill in targets.json, set RTMP_STREAMS, or type an address into an ffprobe node']
}

function watchedOf({ entries }: HealthInput): Partial<Record<Kind, number>> {
  const watched: Partial<Record<Kind, number>> = {}
  for (const { kind } of entries) watched[kind] = (watched[kind] ?? 0) + 1
  return watched
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES
  return names.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
