import type net from 'node:net'
import { AbortScope } from '../connection/abort-scope.ts'
import { addressesOf, connectSecurely, connectTo, destinationsOf } from '../connection/connect.ts'
import { ConnectionError, isForbidden, networkFault } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { guarded } from '../observation/internal-errors.ts'
import { applicationUrl, type RtmpAddress, readRtmpAddress } from './address.ts'
import { answerChallenge } from './authentication.ts'
import type { Played, RtmpEnding, RtmpStage } from './ending.ts'
import type { RtmpListener, RtmpMedia } from './media.ts'
import { type RtmpOptions, RtmpPlayer } from './player.ts'

export { type RtmpEnding, type RtmpStage, silentIn } from './ending.ts'
export type { MediaKind, RtmpListener, RtmpMedia } from './media.ts'
export type { RtmpOptions } from './player.ts'

/** Seconds for lookup, connection and TLS. */
const CONNECT_LIMIT = 10
/** Times that a server may send on to another. */
const MOST_REDIRECTS = 3
/** Connections for one session: three for a redirect each, two for a challenge each. As many again after a reconnect. */
const MOST_CONNECTIONS = 8
/** Seconds after which a server may ask to connect anew: one that asks at once would be asked for ever. */
const SOONEST_RECONNECT = 10
const NOT_READ = 'the server sends on to what is not read: another protocol, or no address'
const TOO_OFTEN = `the server sends on more than ${MOST_REDIRECTS} times`
const NOT_ACCEPTED = 'the server does not accept the user or the password'
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
  const heard = new ResumedListener(listener)
  let attempt: Attempt = { address, query: '', allowed: null }
  let connections = 0
  let redirects = 0
  const sendOn = async (url: string, own: RtmpEnding): Promise<RtmpEnding | null> => {
    const next = redirected(attempt.address, url)
    if (next === null) return { ...own, why: 'moved', message: NOT_READ }
    if (++redirects > MOST_REDIRECTS) return { ...own, why: 'moved', message: TOO_OFTEN }
    attempt = { address: next, query: '', allowed: await destinationsOf(address.host, signal) }
    return null
  }
  const answer = (description: string, own: RtmpEnding): RtmpEnding | null => {
    const challenge = answerChallenge(description, attempt.address)
    if (challenge.answer === 'none') return own
    if (challenge.answer === 'vain') return { ...own, why: 'auth', message: challenge.message }
    if (challenge.query === attempt.query) return { ...own, why: 'auth', message: NOT_ACCEPTED }
    attempt = { ...attempt, query: challenge.query }
    return null
  }
  for (;;) {
    const began = options.clock.monotonic()
    const { turnedAway, reconnect, ...own } = await playOnce(attempt, heard, signal, options)
    connections++
    let end: RtmpEnding | null = own
    if (reconnect !== undefined && options.clock.monotonic() - began >= SOONEST_RECONNECT) {
      heard.resume()
      connections = 0
      redirects = 0
      attempt = { ...attempt, query: '' }
      end = reconnect.to === null ? null : await sendOn(resolved(attempt.address, reconnect.to), own)
    } else if (turnedAway !== undefined && connections < MOST_CONNECTIONS) {
      const { redirect, description } = turnedAway
      end = redirect === null ? answer(description, own) : await sendOn(redirect, own)
    }
    if (end !== null) return end
  }
}

/**
 * Never to another scheme: what was encrypted stays so. The key stays that of the address; what the server names is the
 * application (SRS), or ends with that key as well (nginx-rtmp).
 */
function redirected({ scheme, host, port, key, login }: RtmpAddress, redirect: string): RtmpAddress | null {
  const named = readRtmpAddress(redirect)
  const next = named !== null && named.key === key ? named : readRtmpAddress(redirect, key)
  if (next === null || next.scheme !== scheme) return null
  // Whoever is sent on does not take the password along.
  return { ...next, login: next.host === host && next.port === port ? login : null }
}

/** What a server names may be a part of a URL, to be read from where we are. */
function resolved(from: RtmpAddress, reference: string): string {
  const base = applicationUrl(from)
  return URL.canParse(reference, base) && !/^[a-z]+:/i.test(reference) ? new URL(reference, base).href : reference
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
  // Not by `close` alone: until a socket is done with, a thread that dozes sleeps once or twice more.
  const closed = guarded('RTMP reader', () => player.closed())
  for (const event of ['end', 'error', 'close']) socket.on(event, closed)
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

/**
 * Milliseconds by which media of another connection may lie behind what has come: a server sends from the last key frame
 * on. Further back it is another clock, of which nothing has come yet.
 */
const LONGEST_REPEAT = 30_000

/** Passes media on, but for what has come already over the connection before. */
export class ResumedListener implements RtmpListener {
  readonly #listener: RtmpListener
  /** Of the newest frame, in milliseconds modulo 2^32, by track: of each number one of video and one of audio. */
  readonly #newest: number[] = []
  /** Tracks of which it is not known yet whether their media goes on; null while there is none, as nearly always. */
  #doubtful: Set<number> | null = null

  constructor(listener: RtmpListener) {
    this.#listener = listener
  }

  /** Another connection follows. */
  resume(): void {
    this.#doubtful = new Set(this.#newest.keys())
  }

  media(message: RtmpMedia, at: number): void {
    if (message.packet === 'frame') {
      const track = message.trackId * 2 + (message.kind === 'audio' ? 1 : 0)
      if (this.#doubtful !== null && this.#isRepeated(track, message.time, this.#doubtful)) return
      this.#newest[track] = message.time
    }
    this.#listener.media(message, at)
  }

  stage(stage: RtmpStage): void {
    this.#listener.stage?.(stage)
  }

  #isRepeated(track: number, time: number, doubtful: Set<number>): boolean {
    if (!doubtful.has(track)) return false
    const before = this.#newest[track]
    const ahead = before === undefined ? 1 : (time - before) | 0
    if (ahead <= 0 && ahead > -LONGEST_REPEAT) return true
    doubtful.delete(track)
    if (doubtful.size === 0) this.#doubtful = null
    return false
  }
}
