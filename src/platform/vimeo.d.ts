/** The part of `@vimeo/vimeo` 3.0 that is used; the package brings no types. */
declare module '@vimeo/vimeo' {
  export interface RequestOptions {
    method: 'GET'
    path: string
    query: Record<string, string>
    headers: Record<string, string>
    protocol?: string
    hostname?: string
    port?: string
  }

  export class Vimeo {
    constructor(clientId: string | null, clientSecret: string | null, accessToken: string)
    /** How the API is asked: its address and version, the token, the query. */
    _buildRequestOptions(options: RequestOptions): {
      protocol: string
      host: string
      port: string | number
      path: string
      headers: Record<string, string>
    }
  }
}
