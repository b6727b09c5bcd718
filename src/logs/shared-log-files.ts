import { randomBytes } from 'node:crypto'
import type { AlertProblem } from '../observation/alert.ts'
import { guarded } from '../observation/internal-errors.ts'
import { LogFile, type LogFileState, type LogLimits } from './log-file.ts'
import type { LinePlace } from './log-line.ts'

/** One of those that write to a file. */
export interface LogFileOwner {
  limits: LogLimits
  /** The line for so many that could not be kept. */
  sayLost(count: number, place: LinePlace): string
  /** The state of the file is another one. */
  changed(): void
}

/** A file that may be written by others, too, as one of them sees it. */
export interface LogFileShare {
  readonly path: string
  readonly state: LogFileState
  /** Appends the line that `make` answers for its place in the file, whose sequence grows by one, from 1. */
  append(make: (place: LinePlace) => string): void
  /**
   * Gives the file back. The last one to do so waits until all is written, but not longer than the deadline.
   * @returns how many lines were not written
   */
  release(): Promise<number>
}

interface Shared {
  file: LogFile
  owners: Set<LogFileOwner>
  opening: string
  sequence: number
}

function nextPlace(shared: Shared): LinePlace {
  shared.sequence += 1
  return { opening: shared.opening, sequence: shared.sequence }
}

/** Milliseconds that a close may wait for the disk. */
const CLOSE_DEADLINE = 2_000

/** By path: of two nodes that write to one file, only one may write and rotate at a time. */
const files = new Map<string, Shared>()

/** How many files are open: what deploys must not let grow. */
export function openLogFiles(): number {
  return files.size
}

/** Of several owners with other limits the larger ones count, so that none loses what it wanted to keep. */
export function shareLogFile(path: string, owner: LogFileOwner): LogFileShare {
  const shared = files.get(path) ?? opened(path)
  shared.owners.add(owner)
  return {
    path,
    get state() {
      return shared.file.state
    },
    append(make) {
      shared.file.append(make(nextPlace(shared)))
    },
    release: () => released(path, shared, owner),
  }
}

function opened(path: string): Shared {
  const owners = new Set<LogFileOwner>()
  const all = () => [...owners]
  const shared: Shared = {
    owners,
    opening: randomBytes(8).toString('hex'),
    sequence: 0,
    file: new LogFile({
      path,
      limits: () => ({
        bytes: Math.max(...all().map(({ limits }) => limits.bytes)),
        kept: Math.max(...all().map(({ limits }) => limits.kept)),
      }),
      sayLost: (count) => all()[0]?.sayLost(count, nextPlace(shared)) ?? '',
      changed: () => {
        for (const owner of all()) owner.changed()
      },
    }),
  }
  files.set(path, shared)
  return shared
}

async function released(path: string, shared: Shared, owner: LogFileOwner): Promise<number> {
  const { file, owners } = shared
  if (owners.size > 1) {
    owners.delete(owner)
    return 0
  }
  // It stays its owner until all is written: a node that comes meanwhile joins it, and its limits still count.
  await within(CLOSE_DEADLINE, file.flush())
  owners.delete(owner)
  if (owners.size > 0) return 0
  const { waiting, lost } = file.state
  file.close()
  if (files.get(path) === shared) files.delete(path)
  return waiting + lost
}

function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let deadline: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    deadline = setTimeout(guarded('log file', resolve), milliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(deadline))
}

/** Why what happens is not kept, for `/health`. @param path of the file */
export function logProblems(
  path: string,
  { problem, failingSince, waiting, lost }: LogFileState,
  at: number,
): AlertProblem[] {
  if (problem === null || failingSince === null) return []
  const seconds = Math.max(0, Math.round((at - failingSince) / 1000))
  const missing = lost === 0 ? '' : `, ${lost} more are lost`
  return [
    {
      code: 'log-not-writable',
      severity: 'failing',
      message: `The log ${path} could not be written for ${seconds} s: ${problem}; ${waiting} events wait in memory${missing}`,
      remedy: [
        'Make the folder writable for the user of the monitor, or free space on its disk',
        'What waits is written as soon as that is possible; up to 10 000 events are kept',
      ],
    },
  ]
}
