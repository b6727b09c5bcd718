import type { IncomingHttpHeaders } from 'node:http'
import { networkFault } from '../connection/network-error.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Where Vimeo's API is, when it is not where the library has it: a simulator, or a proxy of the user's. */
export interface ApiAddress {
  protocol: 'http:' | 'https:'
  hostname: string
  port: string
}

export interface VimeoQuestion {
  /** Begins with `/`. */
  path: string
  query: Record<string, string>
  token: string
  address: ApiAddress | null
  /** Seconds until the whole answer must be there. */
  timeout: number
  signal: AbortSignal
}

/** What came back, before anything of it is believed. */
export type VimeoAnswer =
  | { came: 'answer'; status: number; body: unknown; headers: IncomingHttpHeaders }
  /** An answer came, and nothing can be done with it. */
  | { came: 'nonsense'; status: number; what: string; headers: IncomingHttpHeaders }
  /** No whole answer came. */
  | { came: 'nothing'; why: 'timeout' | 'unreachable' | 'dns-failed'; what: string }

/**
 * Asks once, by GET, and always settles: `@vimeo/vimeo` itself has neither timeout nor abort, loses the status of an
 * error, never settles when an answer is cut, and follows up to no size (measured with 3.0.3; facts/devices.md, B1).
 * Rejects only when `signal` aborts.
 */
export async function ask({ path, query, token, address, timeout, signal }: VimeoQuestion): Promise<VimeoAnswer> {
  // Loaded by the first who asks: it takes memory that a monitor without a Vimeo account need not have.
  const { BoundedVimeo } = await import('./bounded-vimeo.ts')
  signal.throwIfAborted()
  const ending = new AbortController()
  return new Promise<VimeoAnswer>((resolve, reject) => {
    const timer = setTimeout(
      guarded('vimeo request', () =>
        resolve({ came: 'nothing', why: 'timeout', what: `no whole answer within ${timeout} s` }),
      ),
      timeout * 1000,
    )
    // What comes after the first of these changes nothing; the library may call twice.
    signal.addEventListener(
      'abort',
      guarded('vimeo request', () => reject(signal.reason)),
      { once: true, signal: ending.signal },
    )
    ending.signal.addEventListener(
      'abort',
      guarded('vimeo request', () => clearTimeout(timer)),
      { once: true },
    )
    const client = new BoundedVimeo(token, ending.signal)
    // The library writes the token into the headers it is given: they are its own.
    client.request({ method: 'GET', path, query, headers: {}, ...address }, (error, body, status, headers = {}) => {
      resolve(status === undefined ? nothing(error) : answer(error, body, status, headers))
    })
  }).finally(() => ending.abort())
}

function answer(error: Error | null, body: unknown, status: number, headers: IncomingHttpHeaders): VimeoAnswer {
  // Of an error's body nothing is shown; what it says is known from its status and code.
  if (status >= 400) return { came: 'answer', status, body: parsed(body), headers }
  if (status >= 300) return { came: 'nonsense', status, what: `a redirection (HTTP ${status})`, headers }
  if (error !== null) return { came: 'nonsense', status, what: `HTTP ${status} with what is no JSON`, headers }
  return { came: 'answer', status, body, headers }
}

function nothing(error: Error | null): VimeoAnswer {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  const { verdict } = networkFault(error)
  const why = verdict === 'timeout' || verdict === 'dns-failed' ? verdict : 'unreachable'
  return { came: 'nothing', why, what: code ?? message ?? 'no answer' }
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
