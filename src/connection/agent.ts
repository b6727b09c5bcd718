import http from 'node:http'
import https from 'node:https'
import { answerWith } from './connect.ts'

interface AgentOptions {
  /** Default: true. */
  verifyTls?: boolean
  /** Certificates, PEM, that are trusted in the place of those which Node trusts. */
  ca?: string
  /** Default: false. */
  keepAlive?: boolean
  /** Connections at once. Default: 1. */
  most?: number
}

/** For one server whose addresses are known. Whoever asks for it destroys it, and its connection with it. */
export function agentFor(
  { protocol }: URL,
  addresses: Parameters<typeof answerWith>[0],
  { verifyTls = true, ca, keepAlive = false, most = 1 }: AgentOptions,
): http.Agent {
  const settings = { keepAlive, maxSockets: most, lookup: answerWith(addresses) }
  return protocol === 'https:'
    ? new https.Agent({ ...settings, rejectUnauthorized: verifyTls, ...(ca !== undefined && { ca }) })
    : new http.Agent(settings)
}
