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
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'rtmp-hmonitor', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TRY_LIMIT)]),
    })
  } catch (error) {
    throw new DeliveryError(`No answer: ${reasonOf(error)}`, { cause: error })
  }
  await response.body?.cancel()
  if (response.ok) return
  throw new DeliveryError(`The answer was ${response.status} ${response.statusText}`.trim(), {
    isFinal: FINAL.has(response.status),
    retryAfter: retryAfter(response.headers.get('retry-after')),
  })
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
export function retryAfter(header: string | null, at = Date.now()): number | null {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - at)
}

function reasonOf(error: unknown): string {
  const { cause, name } = error as Error & { cause?: { code?: string } }
  if (name === 'TimeoutError') return `none within ${TRY_LIMIT / 1000} s`
  return cause?.code ?? name
}
