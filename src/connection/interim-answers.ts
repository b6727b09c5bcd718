import http from 'node:http'
import https from 'node:https'
import { guarded } from '../observation/internal-errors.ts'

/** Answers with a status below 200 that one request may get: servers send one or two, and one a few seconds where they work long. */
const MOST_INTERIM = 32

/** As the error's `code`. */
export const TOO_MANY_INTERIM = 'INTERIM_ANSWERS'

/**
 * Ends a request whose server announces an answer again and again, and gives none: Node counts neither these answers nor
 * their bytes, so that one server could keep a processor busy until the time is up.
 */
export function boundInterim(request: http.ClientRequest): http.ClientRequest {
  let seen = 0
  request.on(
    'information',
    guarded('interim answer', () => {
      seen++
      if (seen <= MOST_INTERIM || request.destroyed) return
      const error = new Error(`more than ${MOST_INTERIM} interim answers`)
      request.destroy(Object.assign(error, { code: TOO_MANY_INTERIM }))
    }),
  )
  return request
}

/** Begins a request over `http:` or `https:` to which no more than so many interim answers may come. */
export function beginRequest(
  options: http.RequestOptions,
  answered?: (answer: http.IncomingMessage) => void,
): http.ClientRequest {
  return boundInterim(
    options.protocol === 'https:' ? https.request(options, answered) : http.request(options, answered),
  )
}
