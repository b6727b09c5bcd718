import { legible } from '../connection/legible.ts'
import type { NetworkVerdict } from '../connection/network-error.ts'

/** How far a connection came: what its end means depends on it. */
export type RtmpStage = 'connection' | 'handshake' | 'connect' | 'play' | 'media'

/**
 * Why reading ended.
 *
 * - `no-connection`: `verdict` says why. - `no-rtmp`: what answers is something else. - `protocol-error`: it begins as RTMP
 *   and goes on as none. - `rejected`: turned away, in the server's own words. - `full`: it takes no more readers.
 * - `auth`: it wants a user, or another one. - `moved`: sent on too often, or to what is not read.
 * - `not-found`: nobody publishes under that key. - `unpublished`: the server says that the publisher has ended.
 * - `closed`: the connection. - `timeout`: it stays open, and nothing comes. - `killed`: `signal` aborted.
 */
export interface RtmpEnding {
  why:
    | 'no-connection'
    | 'no-rtmp'
    | 'protocol-error'
    | 'rejected'
    | 'full'
    | 'auth'
    | 'moved'
    | 'not-found'
    | 'unpublished'
    | 'closed'
    | 'timeout'
    | 'killed'
  /** For a person. It may quote the server. */
  message: string
  stage: RtmpStage
  /** Of `no-connection`. */
  verdict?: NetworkVerdict
}

/** Where a server wants another connection, what it says of it. */
export interface Played extends RtmpEnding {
  /** By its answer to `connect`, or to `play`. */
  turnedAway?: { redirect: string | null; description: string }
  /** While the stream plays. `to`: a URL, or a part of one; null: where we are. */
  reconnect?: { to: string | null }
}

/** What is said where a server has ended the connection, or it broke. */
export const CLOSED: Readonly<Record<RtmpStage, string>> = {
  connection: 'the connection is closed',
  handshake:
    'the server accepts the connection and closes it within the handshake: it takes no more connections at present (max_connections), or none of ours, or what answers there does not speak RTMP',
  connect: 'the server closes the connection when it is asked for the application: it may not know it',
  play: 'the server lets us in and closes the connection before any media came: the stream may not be there, its key may be another one, or the server may send none of its codecs to us',
  media: 'the server ended the stream',
}

/** A server that has answered nothing so far. */
export function silentIn(stage: RtmpStage): string {
  return `the server accepts the connection and then stays silent (${stage})`
}

/** The server's words for a person; empty where it has none. */
export function wordsOf(code: string, description: string): string {
  const words = [code, description].filter((text) => text !== '').join(': ')
  return words === '' ? '' : ` (${legible(words, 200)})`
}

/** What the server's status codes mean. First match first. */
const STATUSES: readonly {
  pattern: RegExp
  why: 'unpublished' | 'not-found' | 'rejected' | 'closed'
  message: string
}[] = [
  {
    pattern: /^NetStream\.Play\.(UnpublishNotify|Stop|Complete)$/,
    why: 'unpublished',
    message: 'the server says that the publisher has ended the stream',
  },
  {
    pattern: /^NetStream\.Play\.(StreamNotFound|FileNotFound)$/,
    why: 'not-found',
    message: 'the server does not know this stream: nobody publishes under that key',
  },
  { pattern: /^NetStream\.(Play\.)?Failed$/, why: 'rejected', message: 'the server does not play the stream' },
  {
    pattern: /^NetConnection\.Connect\.(Closed|AppShutdown|IdleTimeout)$/,
    why: 'closed',
    message: 'the server says that it ends the connection',
  },
  {
    pattern: /^NetConnection\.Connect\.(Rejected|Failed|InvalidApp)$/,
    why: 'rejected',
    message: 'the server turns us away',
  },
]
const FULL = /\b(full|too many|limit|maximum|max(imum)? (connections|clients|players)|no more)\b/i
const AUTH = /\b(unauthori[sz]ed|authori[sz]ation|authentication|forbidden|access ?denied|403|401)\b/i
const GONE = /not found|no such stream|does not exist|not published/i

/** What a status means; null where the stream goes on. */
export function endOf(
  code: string,
): { why: 'unpublished' | 'not-found' | 'rejected' | 'closed'; message: string } | null {
  return STATUSES.find(({ pattern }) => pattern.test(code)) ?? null
}

/** Why a server turns us away, as far as its words say it. */
export function refusalIn(words: string): 'not-found' | 'full' | 'auth' | 'rejected' {
  return GONE.test(words) ? 'not-found' : FULL.test(words) ? 'full' : AUTH.test(words) ? 'auth' : 'rejected'
}
