import { setTimeout as pause } from 'node:timers/promises'
import { askHttp, type HttpAnswer } from '../connection/http-request.ts'
import { objectIn } from '../connection/legible.ts'
import { ConnectionError } from '../connection/network-error.ts'
import { isRecord, ownEntry } from '../observation/shape.ts'
import { truncate } from '../observation/words.ts'
import type { Json } from './asset.ts'
import { SetupError } from './setup-error.ts'

/** Where a server of Elastic's or OpenSearch is, and who asks. */
export interface Access {
  /** `http://` or `https://`, without a slash at its end. */
  url: string
  /** The header that says who asks; null: nobody. It is a secret. */
  authorization: string | null
  /** Certificates that are trusted, PEM; null: those that Node trusts. */
  ca: string | null
}

export interface Answer {
  status: number
  /** Empty where it is no object of JSON. */
  json: Json
}

interface Asked {
  method?: 'GET' | 'POST' | 'PUT'
  body?: Json
  headers?: Readonly<Record<string, string>>
}

/** Bytes of an answer that are taken: a template comes back with all that is in it. */
const LARGEST = 4 * 1024 * 1024
/** Seconds in which an answer has to be there: a cluster that has just started is slow. */
const WITHIN = 60
/** Seconds between two tries. */
const PAUSE = 2
/** A server that is just starting, or has too much to do, answers so. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** Asks a server, or one of several that are the same cluster, and asks again while it is starting. */
export class Server {
  readonly #places: readonly [Access, ...Access[]]
  /** The one that is asked: another one where it does not answer. */
  #at = 0
  readonly #signal: AbortSignal
  /** Milliseconds of the clock until which it may be starting. */
  readonly #until: number
  #certificateEnds: number | null = null

  /**
   * @param wait seconds for which a server that does not answer yet is asked again
   * @param others nodes of the same cluster
   */
  constructor(access: Access, wait: number, signal: AbortSignal, others: readonly Access[] = []) {
    this.#places = [access, ...others]
    this.#signal = signal
    this.#until = Date.now() + wait * 1000
  }

  /** Until when the certificate counts that it has shown last, milliseconds since the epoch; null where it has shown none. */
  get certificateEnds(): number | null {
    return this.#certificateEnds
  }

  /**
   * @returns the answer, whatever its status
   * @throws SetupError where there is none
   */
  async ask(path: string, asked: Asked = {}): Promise<Answer> {
    for (;;) {
      const answer = await this.#once(path, asked)
      if (!(answer instanceof ConnectionError)) this.#certificateEnds = answer.certificateEnds
      if (!(answer instanceof ConnectionError) && !BUSY.has(answer.status)) {
        return { status: answer.status, json: objectIn(answer.body) ?? {} }
      }
      if (Date.now() + PAUSE * 1000 > this.#until || !isWorthAnotherTry(answer)) throw this.#silent(answer)
      await pause(PAUSE * 1000, undefined, { signal: this.#signal })
    }
  }

  /** @throws SetupError where it answers with anything but success */
  async must(path: string, asked: Asked = {}): Promise<Json> {
    return succeeded(await this.ask(path, asked), path, asked)
  }

  /**
   * @returns null where there is no such thing
   * @throws SetupError where it answers with anything but that or success
   */
  async find(path: string): Promise<Json | null> {
    const answer = await this.ask(path)
    return answer.status === 404 ? null : succeeded(answer, path)
  }

  get #access(): Access {
    return this.#places[this.#at] ?? this.#places[0]
  }

  async #once(path: string, asked: Asked): Promise<HttpAnswer | ConnectionError> {
    for (let tried = 1; ; tried += 1) {
      const answer = await this.#askOne(path, asked)
      if (!(answer instanceof ConnectionError) || tried === this.#places.length) return answer
      this.#at = (this.#at + 1) % this.#places.length
    }
  }

  async #askOne(path: string, { method = 'GET', body, headers }: Asked): Promise<HttpAnswer | ConnectionError> {
    const { url, authorization, ca } = this.#access
    try {
      return await askHttp({
        url: `${url}${path}`,
        method,
        headers: {
          accept: 'application/json',
          ...(authorization !== null && { authorization }),
          ...headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(ca !== null && { ca }),
        mostBytes: LARGEST,
        within: WITHIN,
        signal: this.#signal,
      })
    } catch (error) {
      this.#signal.throwIfAborted()
      if (error instanceof ConnectionError) return error
      throw error
    }
  }

  #silent(answer: HttpAnswer | ConnectionError): SetupError {
    const { host } = new URL(this.#access.url)
    const what =
      answer instanceof ConnectionError
        ? answer.message
        : `it answers ${answer.status}${reasonIn(objectIn(answer.body) ?? {})}`
    return new SetupError(
      `${host} cannot be asked: ${what}${adviceOn(answer instanceof ConnectionError ? answer.code : '')}`,
    )
  }
}

function succeeded({ status, json }: Answer, path: string, { method = 'GET' }: Asked = {}): Json {
  if (status >= 200 && status < 300) return json
  throw new SetupError(`${method} ${path} was refused with ${status}${reasonIn(json)}${adviceOn(status)}`)
}

/** A certificate that is not trusted now will not be in two seconds. */
function isWorthAnotherTry(answer: HttpAnswer | ConnectionError): boolean {
  return !(answer instanceof ConnectionError) || !/^tls|too-long|encoded/.test(answer.code)
}

const ADVICE: Readonly<Record<string, string>> = {
  401: '. Who asks is not known there: ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or ELASTICSEARCH_API_KEY',
  403: '. Who asks may not do this: docs/elk.md has the privileges that it takes',
  'tls-invalid': '. Where its certificate is one of your own, ELASTICSEARCH_CA_FILE names the file of its authority',
}

const adviceOn = (what: number | string): string => ownEntry(ADVICE, String(what)) ?? ''

/** What the server says is wrong, in its own words. */
function reasonIn({ error, message }: Json): string {
  const root: unknown = isRecord(error) && Array.isArray(error.root_cause) ? error.root_cause[0] : null
  const reasons = [isRecord(error) ? error.reason : error, isRecord(root) ? root.reason : null, message]
  const said = [...new Set(reasons.filter((reason) => typeof reason === 'string' && reason !== ''))]
  return said.length === 0 ? '' : `: ${truncate(said.join('; '), 400)}`
}
