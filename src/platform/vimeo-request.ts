import { askHttp, type HttpAnswer } from '../connection/http-request.ts'
import { ConnectionError } from '../connection/network-error.ts'
import { authority } from '../connection/request-hop.ts'
import { MonitorError } from '../observation/errors.ts'

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

export type AnswerHeaders = HttpAnswer['headers']

/** What came back, before anything of it is believed. */
export type VimeoAnswer =
  | { came: 'answer'; status: number; body: unknown; headers: AnswerHeaders }
  /** An answer came, and nothing can be done with it. */
  | { came: 'nonsense'; status: number; what: string; headers: AnswerHeaders }
  /** No whole answer came. */
  | { came: 'nothing'; why: 'timeout' | 'unreachable' | 'dns-failed'; what: string }

/** Bytes of an answer: an event with all its fields has some ten thousand, and a page of a hundred is asked for by field. */
const LARGEST = 4 * 1024 * 1024

/**
 * Asks once, by GET. `@vimeo/vimeo` says how Vimeo is asked: where, in which version of its API, with which token. It is sent by
 * the one bounded request, because the library itself has neither timeout nor abort, loses the status of an error, never
 * settles when an answer is cut, and reads on without end (measured with 3.0.3).
 *
 * @throws what `signal` aborts with
 */
export async function ask({ path, query, token, address, timeout, signal }: VimeoQuestion): Promise<VimeoAnswer> {
  // Loaded by the first who asks: it takes memory that a monitor without a Vimeo account need not have.
  const { Vimeo } = await import('@vimeo/vimeo')
  signal.throwIfAborted()
  // The library writes the token into the headers it is given: they are its own.
  const asked = new Vimeo(null, null, token)._buildRequestOptions({
    ...{ method: 'GET', path, query, headers: {} },
    ...address,
  })
  try {
    return answerOf(
      await askHttp({
        url: `${asked.protocol}//${authority(asked.host, asked.port)}${asked.path}`,
        headers: asked.headers,
        ...{ mostBytes: LARGEST, within: timeout, signal },
      }),
    )
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ConnectionError)) throw error
    const { code, message } = error
    return { came: 'nothing', why: code === 'timeout' || code === 'dns-failed' ? code : 'unreachable', what: message }
  }
}

function answerOf({ status, body: text, headers }: HttpAnswer): VimeoAnswer {
  const body = parsed(text)
  // Of an error's body nothing is shown; what it says is known from its status and code.
  if (status >= 400) return { came: 'answer', status, body: body ?? null, headers }
  if (status >= 300) return { came: 'nonsense', status, what: `a redirection (HTTP ${status})`, headers }
  if (body === undefined) return { came: 'nonsense', status, what: `HTTP ${status} with what is no JSON`, headers }
  return { came: 'answer', status, body, headers }
}

/** An answer without a body has nothing to say; undefined where it is no JSON. */
function parsed(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const LOOPBACK = /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/

/**
 * Reads where Vimeo's API is taken to be, as in `http://127.0.0.1:8080`. In clear text only on this machine: the token
 * goes there.
 *
 * @throws MonitorError `invalid-url`
 */
export function parseApiAddress(text: string): ApiAddress {
  const url = URL.canParse(text) ? new URL(text) : null
  const bare = url !== null && url.pathname === '/' && url.search === '' && url.username === '' && url.password === ''
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (url === null || !bare || !safe) {
    throw new MonitorError(
      'invalid-url',
      'VIMEO_API_URL must be https:// with a host and perhaps a port, or http:// on this machine; leave it unset for Vimeo itself',
    )
  }
  const { protocol, hostname, port } = url
  return {
    protocol: protocol === 'http:' ? 'http:' : 'https:',
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port || (protocol === 'http:' ? '80' : '443'),
  }
}
