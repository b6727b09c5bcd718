import { createDecipheriv } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CookieJar } from '../connection/cookies.ts'
import { askHttpForBytes } from '../connection/http-request.ts'
import type { KeptConnections } from '../connection/kept-connections.ts'
import { ConnectionError, isForbidden } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { MOST_REDIRECTS, NESTED } from './hls-watch.ts'
import { type MediaPlaylist, type Resource, readPlaylist, type Segment } from './media-playlist.ts'

/** Bytes. A playlist of twelve hours has 4 MB. */
const LONGEST_PLAYLIST = 8 * 1024 * 1024
/** Bytes of a segment: ten seconds of 50 Mb/s. */
const LONGEST_SEGMENT = 64 * 1024 * 1024
/** Bytes of what goes before the segments of fMP4. */
const LONGEST_MAP = 1024 * 1024
/** Bytes of an AES-128 key. */
const KEY = 16
/** Segments from the end at which a player begins (RFC 8216, 6.3.3). */
const FROM_END = 3
/** Target durations for which a playlist may not be had before its stream is given up, and seconds at least. */
const PATIENCE = { targetDurations: 3, atLeast: 10 }
/** Seconds for one playlist. */
const PLAYLIST_WITHIN = 10
/** Seconds between two looks, at least. */
const SHORTEST_PAUSE = 0.5

/** How the requests of one session are sent. */
export interface WebClient {
  cookies: CookieJar
  verifyTls: boolean
  /** Where the server and its playlists may lead; null: anywhere. */
  allowed: Destinations | null
  connections: KeptConnections
  signal: AbortSignal
}

export interface SegmentListener {
  targetDuration(seconds: number): void
  /** The next one, and what goes before it. Awaited before the one after it is asked for. */
  segment(segment: Segment, bytes: Buffer, map: Buffer | null): Promise<void>
}

/** Why a playlist is followed no further. */
export type PlaylistEnd =
  | { why: 'over' | 'given-up' }
  | { why: 'fault'; message: string }
  | { why: 'foreign' }
  | { why: 'status'; status: number }
  | { why: 'network'; error: ConnectionError }

/** For a person. */
const UNNUMBERED =
  'its playlist loses segments at its beginning and does not number them (EXT-X-MEDIA-SEQUENCE), so that no player can tell which ones are new (RFC 8216, 6.2.2): let the server write that line'

/** Asks for a playlist. */
export async function askPlaylist(
  url: string,
  client: WebClient,
): Promise<{ text: string; at: string; status: number }> {
  const {
    body,
    url: at,
    status,
  } = await askHttpForBytes({
    ...{ ...client, url, redirects: MOST_REDIRECTS, within: PLAYLIST_WITHIN },
    ...{ mostBytes: LONGEST_PLAYLIST, beginning: true },
  })
  return { text: body.toString('utf8'), at, status }
}

/**
 * Follows a media playlist from near its end, as a player does, and hands on one segment after the other until it is over,
 * cannot be had any more, or the client's signal aborts. A segment that the server does not have is passed over.
 *
 * @param given the playlist where it was read already
 */
export async function followPlaylist(
  url: string,
  client: WebClient,
  listener: SegmentListener,
  given: { text: string; at: string } | null = null,
): Promise<PlaylistEnd> {
  const follower = new Follower(client, listener)
  let since: number | null = null
  let pause = 1
  for (let next = given; !client.signal.aborted; next = null) {
    const began = performance.now()
    const end = await follower.look(next ?? url)
    if (end === null) {
      since = null
      pause = follower.pause
    } else {
      since ??= began
      const patience = Math.max(PATIENCE.atLeast, PATIENCE.targetDurations * follower.targetDuration)
      const passing = end.why === 'status' || end.why === 'network'
      if (!passing || !follower.hasBegun || performance.now() - since >= patience * 1000) return end
      pause = 1
    }
    const left = Math.max(SHORTEST_PAUSE * 1000, pause * 1000 - (performance.now() - began))
    await sleep(left, undefined, { signal: client.signal }).catch(() => undefined)
  }
  return { why: 'given-up' }
}

class Follower {
  readonly #client: WebClient
  readonly #listener: SegmentListener
  /** Number of the newest segment that was handed on or passed over. */
  #last: number | null = null
  #maps: { key: string; bytes: Buffer } | null = null
  #keys: { url: string; bytes: Buffer } | null = null
  /** Counts the times at which the numbers began anew without a word. */
  #epoch = 0
  /** The path of the first segment that the list named last. */
  #first: string | null = null
  targetDuration = 0
  /** Seconds to the next look. */
  pause = 1

  constructor(client: WebClient, listener: SegmentListener) {
    this.#client = client
    this.#listener = listener
  }

  get hasBegun(): boolean {
    return this.#last !== null
  }

  async look(from: string | { text: string; at: string }): Promise<PlaylistEnd | null> {
    const { signal } = this.#client
    try {
      const { text, at, status } =
        typeof from === 'string' ? await askPlaylist(from, this.#client) : { ...from, status: 200 }
      if (status < 200 || status > 299) return { why: 'status', status }
      const read = await readPlaylist(text, at)
      if (read.kind === 'fault') return { why: 'fault', message: read.message }
      if (read.kind === 'master') return { why: 'fault', message: NESTED }
      if (read.kind === 'foreign') return { why: 'foreign' }
      return await this.#take(read.playlist)
    } catch (error) {
      if (signal.aborted) return { why: 'given-up' }
      if (!(error instanceof ConnectionError)) throw error
      return isForbidden(error) ? { why: 'fault', message: error.message } : { why: 'network', error }
    }
  }

  async #take({ targetDuration, ended, isNumbered, segments }: MediaPlaylist): Promise<PlaylistEnd | null> {
    if (ended && this.#last === null) return { why: 'over' }
    const first = segments[0] && new URL(segments[0].url).pathname
    if (!isNumbered && this.#first !== null && first !== this.#first) return { why: 'fault', message: UNNUMBERED }
    this.#first = first ?? this.#first
    if (targetDuration !== this.targetDuration) this.#listener.targetDuration(targetDuration)
    this.targetDuration = targetDuration
    const news = this.#news(segments)
    // RFC 8216, 6.3.4: after half the time where nothing was new.
    this.pause = news.length > 0 ? segments.at(-1)?.duration || targetDuration : targetDuration / 2
    for (const segment of news) {
      await this.#hand(segment)
      if (this.#client.signal.aborted) return { why: 'given-up' }
    }
    return ended ? { why: 'over' } : null
  }

  #news(segments: readonly Segment[]): readonly Segment[] {
    const newest = segments.at(-1)
    if (newest === undefined) return []
    if (this.#last === null) return segments.slice(-FROM_END)
    if (newest.sequence >= this.#last) {
      const last = this.#last
      return segments.filter(({ sequence }) => sequence > last)
    }
    this.#epoch++
    return segments.slice(-FROM_END)
  }

  async #hand(segment: Segment): Promise<void> {
    this.#last = segment.sequence
    if (segment.isGap) return
    const bytes = await this.#load(segment, segment)
    if (bytes === null) return
    const map = segment.map === null ? null : await this.#map(segment, segment.map)
    await this.#listener.segment({ ...segment, period: segment.period + this.#epoch * 1e6 }, bytes, map)
  }

  async #map(segment: Segment, resource: Resource): Promise<Buffer | null> {
    const key = JSON.stringify(resource)
    if (this.#maps?.key !== key) {
      const bytes = await this.#load({ ...segment, ...resource, key: null }, segment, LONGEST_MAP)
      if (bytes === null) return null
      this.#maps = { key, bytes }
    }
    return this.#maps.bytes
  }

  /** Null where the server does not have it: the next one may be there. */
  async #load(resource: Segment, { duration }: Segment, mostBytes = LONGEST_SEGMENT): Promise<Buffer | null> {
    const within = Math.max(PLAYLIST_WITHIN, 3 * (this.targetDuration || duration))
    const body = await this.#get(resource, mostBytes, within)
    if (body === null || resource.key === null) return body
    const key = await this.#key(resource.key.url)
    return key === null ? null : decrypt(body, key, resource.key.iv ?? sequenceVector(resource.sequence))
  }

  async #key(url: string): Promise<Buffer | null> {
    if (this.#keys?.url !== url) {
      const bytes = await this.#get({ url, range: null }, KEY, PLAYLIST_WITHIN)
      if (bytes?.length !== KEY) return null
      this.#keys = { url, bytes }
    }
    return this.#keys.bytes
  }

  async #get({ url, range }: Resource, mostBytes: number, within: number): Promise<Buffer | null> {
    const headers = range === null ? {} : { range: `bytes=${range.offset}-${range.offset + range.length - 1}` }
    try {
      const { status, body } = await askHttpForBytes({
        ...this.#client,
        url,
        headers,
        redirects: MOST_REDIRECTS,
        mostBytes,
        within,
      })
      if (range !== null && status === 200) return body.subarray(range.offset, range.offset + range.length)
      return status === 200 || status === 206 ? body : null
    } catch (error) {
      if (error instanceof ConnectionError && !isForbidden(error) && !this.#client.signal.aborted) return null
      throw error
    }
  }
}

/** RFC 8216, 5.2: without one of its own, the number of the segment. */
function sequenceVector(sequence: number): Buffer {
  const vector = Buffer.alloc(16)
  vector.writeBigUInt64BE(BigInt(sequence), 8)
  return vector
}

/** Null where it is not what the key is for. */
function decrypt(bytes: Buffer, key: Buffer, vector: Buffer): Buffer | null {
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, vector)
    return Buffer.concat([decipher.update(bytes), decipher.final()])
  } catch {
    return null
  }
}
