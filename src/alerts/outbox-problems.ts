import type { AlertProblem } from '../observation/alert.ts'
import type { DeliveryState } from './delivery.ts'

/** Milliseconds of failures after which people will not learn of a fault in time. */
const STUCK_AFTER = 120_000

/** Why a receiver's messages do not arrive, or would not survive a restart. @param name of the receiver */
export function outboxProblems(name: string, state: DeliveryState, at: number): AlertProblem[] {
  const { waiting, error, failingSince, problem } = state
  const problems: AlertProblem[] = []
  if (failingSince !== null && at - failingSince >= STUCK_AFTER && waiting > 0) {
    const minutes = Math.round((at - failingSince) / 60_000)
    problems.push({
      code: 'outbox-stuck',
      severity: 'failing',
      message: `The receiver "${name}" has accepted nothing for ${minutes} min (expected: within seconds); ${waiting} alerts wait: ${error}`,
      remedy: [
        'Open the receiver in the editor and press its test button: the answer says what is wrong',
        'What waits is sent as soon as the receiver takes it; nothing is lost for 24 h',
      ],
    })
  }
  if (problem !== null) problems.push(notWritable(problem))
  return problems
}

/** What is kept in memory only is lost when the process ends. */
export function notWritable(problem: string): AlertProblem {
  return {
    code: 'not-writable',
    severity: 'failing',
    message: `Alerts are kept in memory only, and would be lost at a restart: ${problem}`,
    remedy: ['Make the folder writable for the user of the monitor, or free space on its disk'],
  }
}
