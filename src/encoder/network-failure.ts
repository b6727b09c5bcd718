import { badAnswer, DeviceFailure } from './device-status.ts'

/** What Node's error codes mean for a device on the network. */
const MEANINGS: Readonly<Record<string, ['refused' | 'unreachable' | 'timeout', string]>> = {
  ECONNREFUSED: ['refused', 'nothing listens there: it is off, starting, or this is not its address'],
  ECONNRESET: ['refused', 'it ended the connection'],
  EPIPE: ['refused', 'it ended the connection'],
  EHOSTUNREACH: ['unreachable', 'there is no way to it'],
  EHOSTDOWN: ['unreachable', 'there is no way to it'],
  ENETUNREACH: ['unreachable', 'there is no network to it'],
  ETIMEDOUT: ['timeout', 'it does not answer'],
  ENOTFOUND: ['unreachable', 'its name is not known'],
  EAI_AGAIN: ['unreachable', 'its name cannot be looked up now'],
}

/** The failure that an error of a socket stands for; null where it is no error of the network. */
export function networkFailure(error: unknown): DeviceFailure | null {
  const code = (error as { code?: unknown } | null)?.code
  const meaning = typeof code === 'string' ? MEANINGS[code] : undefined
  if (meaning === undefined) return null
  const [reason, words] = meaning
  return new DeviceFailure({ outcome: 'absent', reason }, `The encoder cannot be asked: ${words}`)
}

/** The connection ended before anything was said. */
export function hungUp(): DeviceFailure {
  return new DeviceFailure(
    { outcome: 'absent', reason: 'refused' },
    'The encoder cannot be asked: it ended the connection',
  )
}

/** Nothing came within the time that it has. */
export function noAnswer(): DeviceFailure {
  return new DeviceFailure({ outcome: 'absent', reason: 'timeout' }, 'The encoder does not answer in time')
}

/** The connection ended before the answer did. */
export function cutOff(): DeviceFailure {
  return badAnswer('The encoder ended the connection in the middle of its answer')
}
