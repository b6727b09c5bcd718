import { isNetworkError, type NetworkVerdict, networkFault } from '../connection/network-error.ts'
import { badAnswer, DeviceFailure, type FailureKind } from './device-status.ts'

const absent = (reason: 'refused' | 'unreachable' | 'timeout'): FailureKind => ({ outcome: 'absent', reason })

/** What each verdict is for a device on the network. */
const MEANINGS: Readonly<Record<NetworkVerdict, readonly [FailureKind, string]>> = {
  refused: [absent('refused'), 'nothing listens there: it is off, starting, or this is not its address'],
  closed: [absent('refused'), 'it ended the connection'],
  unreachable: [absent('unreachable'), 'there is no way to it'],
  timeout: [absent('timeout'), 'it does not answer'],
  'name-not-found': [absent('unreachable'), 'its name is not known'],
  'tls-invalid': [{ outcome: 'unknown', code: 'bad-answer' }, 'what listens there does not speak its protocol'],
  'not-http': [{ outcome: 'unknown', code: 'bad-answer' }, 'what listens there does not speak HTTP'],
  'dns-failed': [
    { outcome: 'unknown', code: 'dns-failed' },
    'its name cannot be looked up now, because the name service does not answer',
  ],
  exhausted: [
    { outcome: 'unknown', code: 'no-resources' },
    'this computer has too many files open, or too little memory',
  ],
}

/** The failure that an error of a socket stands for; null where it is no error of the network. */
export function networkFailure(error: unknown): DeviceFailure | null {
  return isNetworkError(error) ? failureBy(networkFault(error).verdict) : null
}

/** The failure that a verdict stands for. */
export function failureBy(verdict: NetworkVerdict): DeviceFailure {
  const [kind, words] = MEANINGS[verdict]
  return new DeviceFailure(kind, `The encoder cannot be asked: ${words}`)
}

/** The connection ended before anything was said. */
export function hungUp(): DeviceFailure {
  return failureBy('closed')
}

/** Nothing came within the time that it has. */
export function noAnswer(): DeviceFailure {
  return new DeviceFailure(absent('timeout'), 'The encoder does not answer in time')
}

/** The connection ended before the answer did. */
export function cutOff(): DeviceFailure {
  return badAnswer('The encoder ended the connection in the middle of its answer')
}
