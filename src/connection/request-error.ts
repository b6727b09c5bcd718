import type { NetworkVerdict } from './network-error.ts'

/**
 * Why a request came to nothing.
 *
 * - `timeout`: no whole answer in time. - `too-long`: more bytes than asked for.
 * - `encoded`: a compressed answer, which nobody asked for. - `cut`: it ends in its middle.
 * - `redirect`: it is sent on too often, or from HTTPS to HTTP. - `forbidden-protocol`: it is sent on to what is not HTTP.
 * - `aborted`: whoever asked gave it up.
 * - The others are those of the network.
 */
export type RequestFault =
  | NetworkVerdict
  | 'too-long'
  | 'encoded'
  | 'cut'
  | 'redirect'
  | 'forbidden-protocol'
  | 'aborted'

/** A request came to nothing. Its message is for a person, in the middle of a sentence, and holds nothing of the address. */
export class RequestError extends Error {
  readonly code: RequestFault
  /** Of the answer, where one had begun. */
  readonly status: number | null

  constructor(code: RequestFault, message: string, status: number | null = null) {
    super(message)
    this.name = 'RequestError'
    this.code = code
    this.status = status
  }
}
