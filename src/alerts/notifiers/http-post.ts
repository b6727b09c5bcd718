import { askHttp, type HttpAnswer } from '../../connection/http-request.ts'
import { ConnectionError } from '../../connection/network-error.ts'
import { retryAfter } from '../../connection/retry-after.ts'
import { DeliveryError, TRY_LIMIT } from './notifier.ts'

/** What says that the same body will never be taken: the request is wrong, not the moment (RFC 9110, section 15.5). */
const FINAL = new Set([400, 405, 411, 413, 414, 415, 422])

/** Posts a body and takes any 2xx for taken. Redirects are not followed: they could lead anywhere. */
export async function postBody(
  url: string,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  let answer: HttpAnswer
  try {
    answer = await askHttp({
      url,
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      mostBytes: 0,
      within: TRY_LIMIT / 1000,
      signal,
    })
  } catch (error) {
    throw new DeliveryError(`No answer: ${reasonOf(error)}`, { cause: error })
  }
  const { status, statusText } = answer
  if (status >= 200 && status <= 299) return
  throw new DeliveryError(`The answer was ${status} ${statusText}`.trim(), {
    isFinal: FINAL.has(status),
    retryAfter: retryAfter(answer.headers['retry-after'] ?? null),
  })
}

function reasonOf(error: unknown): string {
  return error instanceof ConnectionError ? error.message : (error as Error).name
}
