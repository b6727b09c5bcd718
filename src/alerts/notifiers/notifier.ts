import type { Message } from '../message.ts'

/** Sends messages to one receiver. */
export interface Notifier {
  /**
   * Resolves when the receiver has taken the message.
   * @throws DeliveryError, or any error of the network, which counts as one that may pass
   */
  send(message: Message, signal: AbortSignal): Promise<void>
  /** Lets go of connections. */
  close(): void
}

/** Why a message was not taken. Its message holds no secret. */
export class DeliveryError extends Error {
  /** Whether it is of no use to try again with the same message. */
  readonly isFinal: boolean
  /** Milliseconds that the receiver asked to wait; null where it did not. */
  readonly retryAfter: number | null

  constructor(
    message: string,
    { isFinal = false, retryAfter = null as number | null, cause = undefined as unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'DeliveryError'
    this.isFinal = isFinal
    this.retryAfter = retryAfter
  }
}

/** Milliseconds that one try may take. */
export const TRY_LIMIT = 20_000
