import http, { type ClientRequestArgs, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { type RequestCallback, type RequestOptions, Vimeo } from '@vimeo/vimeo'
import { refusedEncoding } from '../connection/http-request.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Bytes of an answer: an event with all its fields has some ten thousand, and a page of a hundred is asked for by field. */
const LARGEST = 4 * 1024 * 1024

/** The library's client, whose connection ends with a signal, and at an answer that is cut or has no end. */
export class BoundedVimeo extends Vimeo {
  readonly #signal: AbortSignal

  constructor(token: string, signal: AbortSignal) {
    super(null, null, token)
    this.#signal = signal
  }

  override _buildRequestOptions(options: RequestOptions): ClientRequestArgs {
    const built = super._buildRequestOptions(options)
    // One connection per request: a kept one would outlive the watch that asked.
    const agent = built.protocol === 'http:' ? new http.Agent() : new https.Agent()
    const headers = { ...(built.headers as Record<string, string>), 'Accept-Encoding': 'identity' }
    return { ...built, headers, agent, signal: this.#signal }
  }

  override _handleRequest(callback: RequestCallback): (response: IncomingMessage) => void {
    const handle = super._handleRequest(callback)
    return (response) => {
      response.on('error', () => {})
      const encoding = refusedEncoding(response.headers)
      if (encoding !== null) {
        response.destroy()
        callback(new Error(`an answer that is compressed (${encoding}), which was not asked for`))
        return
      }
      let bytes = 0
      response.on(
        'data',
        guarded('vimeo request', (chunk: string) => {
          bytes += Buffer.byteLength(chunk)
          if (bytes <= LARGEST) return
          response.destroy()
          callback(new Error('an answer that is too large'))
        }),
      )
      response.once(
        'close',
        guarded('vimeo request', () => {
          if (!response.complete) callback(new Error('the answer was cut'))
        }),
      )
      handle(response)
    }
  }
}
