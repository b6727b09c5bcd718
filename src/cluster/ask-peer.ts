import type { NetworkAddress } from '../connection/connect.ts'
import { askHttpForBytes } from '../connection/http-request.ts'
import { ConnectionError } from '../connection/network-error.ts'
import { isRecord } from '../observation/shape.ts'
import { identityIn, type PeerIdentity } from './peer-identity.ts'

/** The route of a monitor on which its peers ask it. What comes there is answered by what it knows itself: nothing goes on. */
const PEER_PATH = '/api/v1/peer'

/** What one monitor asks another: as a person would, by the path and the query, or what is to be done. */
export interface PeerQuestion {
  readonly path: string
  readonly query: Readonly<Record<string, unknown>>
  readonly command?: unknown
}

/** One address of a peer. */
export interface PeerAddress {
  readonly origin: string
  readonly address: NetworkAddress
}

/** What a peer answered. */
export interface PeerAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

/** What became of a question to one address. `fault`: why there is no answer of a monitor, in words; `isLate`: it may be there. */
export type Heard = { readonly at: PeerAddress } & (
  | { readonly identity: PeerIdentity; readonly answer: PeerAnswer }
  | { readonly identity: null; readonly fault: string; readonly isLate: boolean }
)

/** How long it may take and how much it may be. */
export interface Bounds {
  /** Seconds. */
  readonly within: number
  /** Bytes. */
  readonly mostBytes: number
  readonly signal: AbortSignal
}

/** Asks one address, and always says what became of it. */
export async function askPeer(at: PeerAddress, question: PeerQuestion, token: string, bounds: Bounds): Promise<Heard> {
  try {
    const { status, headers, body } = await askHttpForBytes({
      ...bounds,
      url: `${at.origin}${PEER_PATH}`,
      addresses: [at.address],
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(question),
    })
    const identity = identityIn(headers)
    if (identity !== null) return { at, identity, answer: { status, headers, body } }
    const fault = WITHOUT_IDENTITY[status] ?? `it answers ${status}, and is no monitor of a cluster`
    return { at, identity, fault, isLate: false }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    return { at, identity: null, fault: error.message, isLate: error.code === 'timeout' }
  }
}

const WITHOUT_IDENTITY: Readonly<Record<number, string>> = {
  401: 'it refuses the token: PEER_TOKEN must be the same on all',
  404: `its flows have no ${PEER_PATH}: start it once with --renew-flows`,
  409: 'its PEERS is not set, or is wrong: its log says why',
}

/** The object that an answer holds; null where it holds none. */
export function objectIn({ status, body }: PeerAnswer): Record<string, unknown> | null {
  if (status !== 200) return null
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

/** How an address is shown. */
export function addressText({ origin, address }: PeerAddress): string {
  const { protocol, port } = new URL(origin)
  const host = address.family === 6 ? `[${address.address}]` : address.address
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}`
}
