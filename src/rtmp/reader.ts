import type net from 'node:net'
import { AbortScope } from '../connection/abort-scope.ts'
import { addressesOf, connectSecurely, connectTo, destinationsOf } from '../connection/connect.ts'
import { ConnectionError, isForbidden, networkFault } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { guarded } from '../observation/internal-errors.ts'
import { applicationUrl, type RtmpAddress, readRtmpAddress } from './address.ts'
import { answerChallenge } from './authentication.ts'
import type { Played, RtmpEnding } from './ending.ts'
import type { RtmpListener } from './media.ts'
import { type RtmpOptions, RtmpPlayer } from './player.ts'

export type { RtmpEnding } from './ending.ts'
export type { MediaKind, RtmpListener, RtmpMedia } from './media.ts'
export type { RtmpOptions } from './player.ts'

/** Seconds for lookup, connection and TLS. */
const CONNECT_LIMIT = 10
/** Times that a server may send on to another. */
const MOST_REDIRECTS = 3
/** Connections for one session: three for a redirect each, two for a challenge each. */
const MOST_CONNECTIONS = 8
/** Bytes that one read of a socket gives at most; the buffer is shared by all, because each is done with it at once. */
const READ = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * Plays a stream until it ends or `signal` aborts, and says why. Resolves when no socket and no timer is left; rejects for
 * a fault of our own only.
 */
export async function readRtmp(
  address: RtmpAddress,
  listener: RtmpListener,
  signal: AbortSignal,
  options: RtmpOptions,
): Promise<RtmpEnding> {
  let target = address
  let query = ''
  let redirects = 0
  /** Where the server that sent on may lead; null: anywhere. */
  let allowed: Destinations | null = null
  for (let connections = 1; ; connections++) {
    const ending = await playOnce({ address: target, query, allowed }, listener, signal, options)
    if (!('turnedAway' in ending)) return ending
    const { redirect, description } = ending.turnedAway
    const { turnedAway: _, ...own } = ending
    if (connections >= MOST_CONNECTIONS) return own
    if (redirect !== null) {
      const next = redirected(target, redirect)
      redirects++
      if (next === null) {
        return {
          ...own,
          why: 'moved',
          message: 'the server sends on to what is not read: another protocol, or no address',
        }
      }
      if (redirects > MOST_REDIRECTS) {
        return { ...own, why: 'moved', message: `the server sends on more than ${MOST_REDIRECTS} times` }
      }
      allowed = await destinationsOf(address.host, signal)
      target = next
      query = ''
      continue
    }
    const challenge = answerChallenge(description, target)
    if (challenge.answer === 'none') return own
    if (challenge.answer === 'vain') return { ...own, why: 'auth', message: challenge.message }
    if (challenge.query === query) {
      return { ...own, why: 'auth', message: 'the server does not accept the user or the password' }
    }
    query = challenge.query
  }
}

/** Never to another scheme: what was encrypted stays so. The key stays that of the address. */
function redirected({ scheme, key }: RtmpAddress, redirect: string): RtmpAddress | null {
  const next = readRtmpAddress(redirect, key)
  // Whoever is sent on does not take the password along.
  return next === null || next.scheme !== scheme ? null : { ...next, login: null }
}

interface Attempt {
  address: RtmpAddress
  /** What the application is asked for with: the answer to a challenge, or empty. */
  query: string
  allowed: Destinations | null
}

async function playOnce(
  { address, query, allowed }: Attempt,
  listener: RtmpListener,
  signal: AbortSignal,
  options: RtmpOptions,
): Promise<Played> {
  const app = query === '' ? address.app : `${address.app}${address.app.includes('?') ? '&' : '?'}${query}`
  const player = new RtmpPlayer({ app, url: applicationUrl({ ...address, app }), key: address.key }, listener, options)
  const receive = guarded(
    'RTMP reader',
    (bytes: Buffer) => player.receive(bytes),
    () => player.end({ why: 'protocol-error', message: 'what the server sent could not be read', stage: player.stage }),
  )
  let socket: net.Socket
  try {
    socket = await open(address, allowed, receive, signal, options)
  } catch (error) {
    if (signal.aborted) return { why: 'killed', message: 'given up', stage: 'connection' }
    const isSentAway = error instanceof ConnectionError && isForbidden(error)
    if (isSentAway) return { why: 'moved', message: error.message, stage: 'connection' }
    const { verdict, message } = networkFault(error)
    return { why: 'no-connection', verdict, message, stage: 'connection' }
  }
  const abort = guarded('RTMP reader', () => player.end({ why: 'killed', message: 'given up', stage: player.stage }))
  socket.on(
    'close',
    guarded('RTMP reader', () => player.closed()),
  )
  signal.addEventListener('abort', abort, { once: true })
  try {
    if (signal.aborted) abort()
    player.start((bytes) => {
      if (socket.writable) socket.write(bytes)
    })
    if (socket.destroyed) player.closed()
    return await player.ended
  } finally {
    signal.removeEventListener('abort', abort)
    player.stop()
    socket.destroy()
  }
}

/** A connection whose bytes go to `receive`. */
async function open(
  { scheme, host, port }: RtmpAddress,
  allowed: Destinations | null,
  receive: (bytes: Buffer) => void,
  signal: AbortSignal,
  { verifyTls }: RtmpOptions,
): Promise<net.Socket> {
  const scope = new AbortScope(signal, CONNECT_LIMIT)
  try {
    const server = { host, port, addresses: await addressesOf(host, scope.signal, allowed) }
    if (scheme === 'rtmps') {
      const secure = await connectSecurely(server, verifyTls, scope.signal)
      return secure.on('data', receive)
    }
    const callback = (length: number) => {
      receive(READ.subarray(0, length))
      return true
    }
    return await connectTo(server, scope.signal, { buffer: READ, callback })
  } finally {
    scope.end()
  }
}
