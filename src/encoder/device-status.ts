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
