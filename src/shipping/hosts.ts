import { askHttp, type HttpAnswer } from '../connection/http-request.ts'
import { ConnectionError } from '../connection/network-error.ts'
import { retryAfter } from '../connection/retry-after.ts'
import { ShippingError, type ShippingFault } from './destination.ts'

/** How one logs in, and whom one trusts. */
export interface HostAccess {
  /** Of every request. A secret. */
  authorization: string | null
  /** The certificates of the authorities that are trusted in the place of the known ones, as PEM. */
  ca: string | null
}

/** Seconds that one host may take for an answer. */
const TRY_LIMIT = 30

/** Bytes of an answer: it says of five hundred lines why each was refused. */
const LONGEST_ANSWER = 5_000_000

/** Several servers that do the same: the one that answered last is asked first, and the next one where it does not. */
export class Hosts {
  readonly #urls: readonly string[]
  readonly #access: HostAccess
  readonly #within: number
  #first = 0
  #certificateEnds: number | null = null

  /** @param urls of HTTP; may hold a login @param within seconds that one host may take */
  constructor(urls: readonly string[], access: HostAccess, within = TRY_LIMIT) {
    this.#urls = urls
    this.#access = access
    this.#within = within
  }

  /** Until when the certificate of who answered last counts, milliseconds since the epoch; null where it has shown none. */
  get certificateEnds(): number | null {
    return this.#certificateEnds
  }

  /**
   * @param address of a host made to that of the request
   * @throws ShippingError the reason of the host that was asked last
   */
  async post(
    address: (url: string) => string,
    { type, body }: { type: string; body: string },
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let failure = new ShippingError('later', 'no host is set')
    for (let tried = 0; tried < this.#urls.length; tried += 1) {
      const at = (this.#first + tried) % this.#urls.length
      try {
        const answer = await this.#ask(address(this.#urls[at] ?? ''), type, body, signal)
        this.#first = at
        return answer
      } catch (error) {
        if (!(error instanceof ShippingError) || error.fault !== 'later') throw error
        failure = error
      }
    }
    throw failure
  }

  async #ask(url: string, type: string, body: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { authorization, ca } = this.#access
    let answer: HttpAnswer
    try {
      answer = await askHttp({
        url,
        method: 'POST',
        body,
        headers: { 'content-type': type, ...(authorization !== null && { authorization }) },
        mostBytes: LONGEST_ANSWER,
        within: this.#within,
        ...(ca !== null && { ca }),
        signal,
      })
    } catch (error) {
      const why = error instanceof ConnectionError ? error.message : (error as Error).name
      throw new ShippingError('later', `no answer: ${why}`)
    }
    const { status } = answer
    this.#certificateEnds = answer.certificateEnds
    if (status >= 200 && status <= 299) return answer
    throw new ShippingError(faultOf(status), wordsOf(answer), status, retryAfter(answer.headers['retry-after'] ?? null))
  }
}

/** What says that these lines will not be taken together, or not at all: RFC 9110, section 15.5. */
const FAULTS: Readonly<Record<number, ShippingFault>> = {
  400: 'refused',
  413: 'too-large',
  415: 'refused',
  422: 'refused',
}

function faultOf(status: number): ShippingFault {
  return FAULTS[status] ?? 'later'
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'it does not accept the user and password, or the API key',
  403: 'the user or the API key may not write there',
  404: 'is the address right?',
  405: 'is the address right?',
  413: 'the lines together are too large for it',
  429: 'it has more to do than it can',
}

function wordsOf({ status, statusText }: HttpAnswer): string {
  const hint = HINTS[status]
  return `the answer was ${status} ${statusText}`.trim() + (hint === undefined ? '' : `: ${hint}`)
}
