import type { IncomingMessage, ServerResponse } from 'node:http'
import { bandwidthEndpoint } from '../src/network/bandwidth/endpoint.ts'
import { type Environment, readSecretVariable } from '../src/secrets/variables.ts'

/** Where the `bandwidth` nodes of other monitors test the connection to this one. */
export const BANDWIDTH_PATH = '/api/v1/bandwidth'

/**
 * Answers the bandwidth tests of other monitors, before Node-RED looks at the request: an `http in` would take the whole
 * upload into memory. Off as long as neither BANDWIDTH_TOKEN nor BANDWIDTH_TOKEN_FILE is set.
 */
export function bandwidthMiddleware(variables: Environment = process.env) {
  const answer = bandwidthEndpoint({ token: () => tokenIn(variables) })
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const [path] = (request.url ?? '').split('?')
    if (path === BANDWIDTH_PATH) answer(request, response).catch(() => response.destroy())
    else next()
  }
}

/** What is not as it should be is none: then tests are off. */
async function tokenIn(variables: Environment): Promise<string | null> {
  const token = await readSecretVariable(variables, 'BANDWIDTH_TOKEN').catch(() => '')
  return token === '' ? null : token
}
