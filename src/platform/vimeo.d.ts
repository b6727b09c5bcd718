/** The part of `@vimeo/vimeo` 3.0 that is used; the package brings no types. */
declare module '@vimeo/vimeo' {
  import type { ClientRequestArgs, IncomingHttpHeaders, IncomingMessage } from 'node:http'

  export interface RequestOptions {
    method: 'GET'
    path: string
    query: Record<string, string>
    headers: Record<string, string>
    protocol?: string
    hostname?: string
    port?: string
  }

  /** Of an HTTP error `error` holds the body as its message, and `body` is text. */
  export type RequestCallback = (
    error: Error | null,
    body?: unknown,
    statusCode?: number,
    headers?: IncomingHttpHeaders,
  ) => void

  export class Vimeo {
    constructor(clientId: string | null, clientSecret: string | null, accessToken: string)
    request(options: RequestOptions, callback: RequestCallback): void
    _buildRequestOptions(options: RequestOptions): ClientRequestArgs
    _handleRequest(callback: RequestCallback): (response: IncomingMessage) => void
  }
}
