import type { AlertProblem } from '../observation/alert.ts'
import type { LogFileState } from './log-file.ts'

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
