import type { AlertProblem } from '../observation/alert.ts'
import { WAY_NAMES } from './destination.ts'
import type { ShippingState } from './metrics.ts'

/** Milliseconds after which it is more than a restart of the other side. */
const STUCK_AFTER = 120_000

/** Milliseconds for which a line that was refused is told of. */
const TELL_REJECTED = 3_600_000

/** Milliseconds: as long before as people are told of a certificate that they watch as a target. */
const TELL_CERTIFICATE = 14 * 86_400_000

/** Why the log does not reach its index, and what to do. @param folder where what waits is kept */
export function shippingProblems(state: ShippingState, folder: string, at: number): AlertProblem[] {
  return [
    ...stuck(state, at),
    ...losing(state),
    ...unwritten(state),
    ...rejected(state, folder, at),
    ...ending(state, at),
  ]
}

function stuck({ way, waiting, bytes, limit, error, failingSince }: ShippingState, at: number): AlertProblem[] {
  if (failingSince === null || waiting === 0 || at - failingSince < STUCK_AFTER) return []
  const minutes = Math.round((at - failingSince) / 60_000)
  return [
    {
      code: 'log-shipping-stuck',
      severity: 'degraded',
      message: `${WAY_NAMES[way]} has taken no line of the log for ${minutes} min (expected: within seconds): ${error}; ${waiting} lines wait (${megabytes(bytes)} of ${megabytes(limit)})`,
      remedy: [
        `See that ${WAY_NAMES[way]} runs, and that its address and login in the log node or the environment are right`,
        'What waits is kept over restarts and shipped as soon as that is possible; the log file has every line meanwhile',
      ],
    },
  ]
}

function losing({ way, isLosing, lost, limit }: ShippingState): AlertProblem[] {
  if (!isLosing) return []
  return [
    {
      code: 'log-shipping-lost',
      severity: 'degraded',
      message: `Lines of the log will be missing in ${WAY_NAMES[way]}: ${megabytes(limit)} wait, and no more may; ${lost} are lost since the start`,
      remedy: [
        `Bring ${WAY_NAMES[way]} back: what waits is shipped then`,
        'Read what is missing in the log file, and let more wait in the dialog of the log node',
      ],
    },
  ]
}

function unwritten({ inMemory, problem }: ShippingState): AlertProblem[] {
  if (problem === null) return []
  return [
    {
      code: 'log-shipping-not-writable',
      severity: 'degraded',
      message: `Lines of the log that wait to be shipped are not safe on disk, ${inMemory} of them in memory only: ${problem}`,
      remedy: ['Make the folder writable for the user of the monitor, or free space on its disk'],
    },
  ]
}

function rejected({ way, rejected }: ShippingState, folder: string, at: number): AlertProblem[] {
  if (rejected === null || at - rejected.at > TELL_REJECTED) return []
  const { lines, why } = rejected
  const what = lines === 1 ? '1 line' : `${lines} lines`
  return [
    {
      code: 'log-shipping-rejected',
      severity: 'degraded',
      message: `${WAY_NAMES[way]} refused ${what} of the log for good since the start (expected: none); the last: ${why}`,
      remedy: [
        `Read them in ${folder}/rejected.ndjson, each with its reason`,
        'Put the templates of this version there: rtmp-hmonitor elk setup',
      ],
    },
  ]
}

function ending({ way, certificateEnds }: ShippingState, at: number): AlertProblem[] {
  if (certificateEnds === null || certificateEnds - at > TELL_CERTIFICATE) return []
  const days = Math.max(0, Math.floor((certificateEnds - at) / 86_400_000))
  return [
    {
      code: 'log-shipping-certificate',
      severity: 'degraded',
      message: `The certificate of ${WAY_NAMES[way]} ends in ${days} days (expected: not within 14); then no line of the log is taken`,
      remedy: [
        `Give ${WAY_NAMES[way]} a new certificate; in the stack: docker compose --profile elk up --detach --force-recreate`,
      ],
    },
  ]
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
