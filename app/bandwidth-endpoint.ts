import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bandwidthEndpoint } from '../src/network/bandwidth/endpoint.ts'

/** Where the `bandwidth` nodes of other monitors test the connection to this one. */
export const BANDWIDTH_PATH = '/api/v1/bandwidth'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Answers the bandwidth tests of other monitors, before Node-RED looks at the request: an `http in` would take the whole
 * upload into memory. Off as long as neither BANDWIDTH_TOKEN nor BANDWIDTH_TOKEN_FILE is set.
 */
export function bandwidthMiddleware(variables: Variables = process.env) {
  const answer = bandwidthEndpoint({ token: () => tokenIn(variables) })
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const [path] = (request.url ?? '').split('?')
    if (path === BANDWIDTH_PATH) answer(request, response).catch(() => response.destroy())
    else next()
  }
}

/** The file is read for every test, so that the token can be changed without a restart; what cannot be read is none. */
async function tokenIn({ BANDWIDTH_TOKEN: token = '', BANDWIDTH_TOKEN_FILE: file = '' }: Variables) {
  if (token !== '') return token
  if (file === '') return null
  return await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
}
