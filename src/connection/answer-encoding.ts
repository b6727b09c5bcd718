/** Answers that are encoded though they were asked for as they are. */

import { legible } from './legible.ts'
import { ConnectionError } from './network-error.ts'

/** @param status of the answer */
export function encodingError(encoding: string, status: number): ConnectionError {
  return new ConnectionError('encoded', `the answer is compressed (${encoding}), which was not asked for`, status)
}

/** In what an answer is encoded that was asked for as it is; null where it is not. */
export function refusedEncoding(headers: Readonly<Record<string, string | string[] | undefined>>): string | null {
  const content = String(headers['content-encoding'] ?? '').trim()
  if (content !== '' && !/^identity$/i.test(content)) return legible(content, 20)
  const transfer = String(headers['transfer-encoding'] ?? '').trim()
  return transfer === '' || /^(?:chunked|identity)$/i.test(transfer) ? null : legible(transfer, 20)
}
