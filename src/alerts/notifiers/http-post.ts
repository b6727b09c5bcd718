import { askHttp, type HttpAnswer } from '../../connection/http-request.ts'
import { legible } from '../../connection/legible.ts'
import { ConnectionError } from '../../connection/network-error.ts'
import { retryAfter } from '../../connection/retry-after.ts'
import { DeliveryError, TRY_LIMIT } from './notifier.ts'

/** What says that the same body will never be taken: the request is wrong, not the moment (RFC 9110, section 15.5). */
const FINAL = new Set([400, 405, 411, 413, 414, 415, 422])

/** Bytes of a refusal that are read for its reason. */
const MOST_OF_REFUSAL = 4096

/** What a service's own words say of a refusal. What is left out is as HTTP has it. */
export interface Refusal {
  said?: string
  /** Whether the same message will never be taken. */
  isFinal?: boolean
  /** Milliseconds that it asks to wait. */
  retryAfter?: number
}

export interface Post {
  url: string
  body: string | Buffer
  headers?: Readonly<Record<string, string>>
  /** What the body of a refusal says; left out: nothing of it is read. */
  explain?(status: number, body: string): Refusal
  /** What no error may show, whatever the server answers. */
  secrets?: readonly string[]
  signal: AbortSignal
}

/**
 * Posts a body, JSON where no header says otherwise, and takes any 2xx for taken. Redirects are not followed: they could
 * lead anywhere.
 *
 * @throws DeliveryError
 */
export async function postBody({ url, body, headers = {}, explain, secrets = [], signal }: Post): Promise<void> {
  let answer: HttpAnswer
  try {
    answer = await askHttp({
      url,
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      mostBytes: explain === undefined ? 0 : MOST_OF_REFUSAL,
      beginning: true,
      within: TRY_LIMIT / 1000,
      signal,
    })
  } catch (error) {
    // It is taken by its status, however the rest of the answer goes.
    if (error instanceof ConnectionError && isTaken(error.status)) return
    throw new DeliveryError(`No answer: ${reasonOf(error)}`, { cause: error })
  }
  const { status, statusText } = answer
  if (isTaken(status)) return
  const refusal = explain?.(status, answer.body) ?? {}
  const said = refusal.said === undefined ? '' : `: ${legible(refusal.said)}`
  throw new DeliveryError(without(secrets, `The answer was ${`${status} ${statusText}`.trim()}${said}`), {
    isFinal: refusal.isFinal ?? FINAL.has(status),
    retryAfter: refusal.retryAfter ?? retryAfter(answer.headers['retry-after'] ?? null),
  })
}

const isTaken = (status: number | null) => status !== null && status >= 200 && status <= 299

function without(secrets: readonly string[], text: string): string {
  return secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '***')), text)
}

function reasonOf(error: unknown): string {
  return error instanceof ConnectionError ? error.message : (error as Error).name
}
