import type { NetworkVerdict } from '../connection/network-error.ts'
import type { DeviceState, EncoderDevice, EncoderProtocol } from '../observation/encoder.ts'

/** What a device says when it is asked once, whichever way. Its stream key and passphrase are not in it. */
export interface DeviceStatus {
  protocol: EncoderProtocol
  state: DeviceState
  /** Bits per second. */
  bitrate: number
  /** 0 to 1; null where the device does not say. */
  cacheUsedRatio: number | null
  /** Seconds on the air; null while idle or where the device does not say. */
  duration: number | null
  videoFormat: string | null
  device: EncoderDevice
}

/** Asks one device one way. It may keep a connection, which `close` ends. */
export interface DeviceClient {
  /** One at a time. @throws DeviceFailure; when the signal aborts, one that says that there is no answer */
  ask(signal: AbortSignal): Promise<DeviceStatus>
  close(): void
}

/**
 * Why a device could not be asked.
 *
 * - `absent`: nothing answers. The reason is one of those that a reading may have.
 * - `unknown`: something answers, but not what is asked for; or the device could not even be looked for, because the name
 *   service does not answer or this computer has no connection left. So nothing is known of the stream.
 */
export type FailureKind =
  | { outcome: 'absent'; reason: 'refused' | 'unreachable' | 'timeout' }
  | { outcome: 'unknown'; code: 'no-livestreams' | 'bad-answer' | 'not-allowed' | 'dns-failed' | 'no-resources' }

/** The device could not be asked. Its message is for a person and holds nothing that the device said beyond one word. */
export class DeviceFailure extends Error {
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string) {
    super(message)
    this.name = 'DeviceFailure'
    this.kind = kind
  }
}

export function badAnswer(message: string): DeviceFailure {
  return new DeviceFailure({ outcome: 'unknown', code: 'bad-answer' }, message)
}

const absent = (reason: 'refused' | 'unreachable' | 'timeout'): FailureKind => ({ outcome: 'absent', reason })

const NOT_ITS_PROTOCOL = [
  { outcome: 'unknown', code: 'bad-answer' },
  'what listens there does not speak its protocol',
] as const

/** What each verdict is for a device on the network. */
const MEANINGS: Readonly<Record<NetworkVerdict, readonly [FailureKind, string]>> = {
  refused: [absent('refused'), 'nothing listens there: it is off, starting, or this is not its address'],
  closed: [absent('refused'), 'it ended the connection'],
  unreachable: [absent('unreachable'), 'there is no way to it'],
  timeout: [absent('timeout'), 'it does not answer in time'],
  'name-not-found': [absent('unreachable'), 'its name is not known'],
  'tls-invalid': NOT_ITS_PROTOCOL,
  'not-tls': NOT_ITS_PROTOCOL,
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

/** The failure that a verdict stands for. */
export function failureBy(verdict: NetworkVerdict): DeviceFailure {
  const [kind, words] = MEANINGS[verdict]
  return new DeviceFailure(kind, `The encoder cannot be asked: ${words}`)
}

/** The connection ended before the answer did. */
export function cutOff(): DeviceFailure {
  return badAnswer('The encoder ended the connection in the middle of its answer')
}
