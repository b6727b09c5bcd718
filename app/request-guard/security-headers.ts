import type { Middleware } from './middleware.ts'

/**
 * Headers of every answer, after OWASP's *HTTP Headers Cheat Sheet*, as far as Node-RED's editor and dashboard can live
 * with them: both make code from text and have scripts in their pages, so nothing is said of where scripts come from.
 * What answers with data says more (`src/nodes/serve/answer.ts`); HSTS is for whatever speaks TLS before this.
 */
const HEADERS = {
  'content-security-policy': "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
} as const

/** Routes of the editor that answer with data. */
const DATA =
  /^\/(?:auth|context|credentials|debug|diagnostics|flows?|hmonitor|inject|library|nodes|plugins|settings)(?:\/|$)/

export const securityHeaders: Middleware = (request, response, next) => {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
  if (DATA.test(request.path)) response.setHeader('cache-control', 'no-store')
  next()
}
