import { setTimeout as sleep } from 'node:timers/promises'
import { AbortScope } from '../connection/abort-scope.ts'
import { askHttp } from '../connection/http-request.ts'
import { ConnectionError, isForbidden } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { type Playlist, parsePlaylist } from './hls-playlist.ts'

/**
 * Bytes. A playlist of a live stream has a few kB, one that keeps an event of twelve hours in segments of 2 s some 4 MB,
 * and whether it has ended stands at its end. Of a longer one the beginning is read.
 */
const LONGEST_PLAYLIST = 8 * 1024 * 1024
/** Seconds for one playlist, redirects included. */
const PATIENCE = 5
/** As FFmpeg has it. */
export const MOST_REDIRECTS = 8
/**
 * Playlists below a master that are looked into before ffprobe gets it, all at once: ffprobe opens each of them. Ladders
 * that the platforms recommend have up to nine variants.
 */
const MOST_LOOKED_INTO = 16
/**
 * Seconds to wait until a playlist that could not be read is asked again, at first, twice as long every time, and the
 * longest: also between two looks at one that was read. RFC 8216 (6.2.1) forbids a target duration to change, but
 * servers that take it from the segments (nginx-rtmp) change it when an encoder changes its key frame interval.
 */
const PAUSES = { firstPause: 1, every: 30 }

/** What is known of a stream by its playlists. */
export interface PlaylistLook {
  /** Seconds; null where none could be read. */
  targetDuration: number | null
  /** Why ffprobe must not be given the stream, or would not read it: what its server says. For a person. */
  fault: string | null
  /** Whether it is over: every playlist that could be read says that what it names is a recording. */
  ended: boolean
}

const NOTHING: PlaylistLook = { targetDuration: null, fault: null, ended: false }

/** For a person. */
export const NESTED =
  'its master playlist names a master playlist again, where only media playlists may stand (RFC 8216, 4.3.4.2); a reader would follow it without end'

export interface LookOptions {
  signal: AbortSignal
  verifyTls?: boolean
  /** Where the server and its playlists may lead; null, the default: anywhere. */
  allowed?: Destinations | null
  /** Playlists below a master that are read. */
  most?: number
}

/**
 * Reads the playlist of a stream, and those that it names where it is a master. Only what was seen is a fault: a playlist
 * that cannot be read is left to ffprobe, which may know another way (as it does with Digest).
 */
export async function lookAtPlaylist(url: string, options: LookOptions): Promise<PlaylistLook> {
  const top = await read(url, options)
  if ('fault' in top && top.fault !== null) return { ...NOTHING, fault: top.fault }
  if (!('playlists' in top)) return NOTHING
  const { playlists, targetDuration, ended, at } = top
  if (playlists.length === 0) return { targetDuration, fault: null, ended }
  if (playlists.some((named) => same(named, at) || same(named, url))) return { ...NOTHING, fault: NESTED }
  const most = options.most ?? MOST_LOOKED_INTO
  const below = await Promise.all(playlists.slice(0, most).map((named) => read(named, options)))
  const faults = below.map((one) => {
    if ('playlists' in one && one.playlists.length > 0) return NESTED
    return 'fault' in one ? one.fault : null
  })
  const first = below[0]
  const known = below.filter((one) => 'playlists' in one)
  return {
    targetDuration: first !== undefined && 'playlists' in first ? first.targetDuration : null,
    fault: faults.find((fault) => fault !== null) ?? null,
    ended: known.length > 0 && known.every((one) => one.ended),
  }
}

export interface PlaylistWatch {
  /** Whether the stream was over before it was watched: nothing of it is to be read. */
  readonly ended: boolean
  /** Resolves when no request and no timer is left. */
  stop(): Promise<void>
}

export interface PlaylistListener {
  /** How long segments are, or that they have another length now. Seconds. */
  targetDuration(seconds: number): void
  /** The stream is not to be read. */
  fault(message: string): void
}

/**
 * Looks at the playlists of a stream again and again. Resolves when that was done for the first time, whether they could
 * be read or not: they may not be there yet. Ends with `signal` or with `stop`, and at the first fault.
 */
export async function watchPlaylist(
  url: string,
  listener: PlaylistListener,
  options: Omit<LookOptions, 'most'> & { firstPause?: number; every?: number },
): Promise<PlaylistWatch> {
  const { firstPause, every } = { ...PAUSES, ...options }
  const { verifyTls = true, allowed = null } = options
  const scope = new AbortScope(options.signal)
  const { signal } = scope
  let known: number | null = null
  const look = async (most?: number) => {
    const { targetDuration, fault, ended } = await lookAtPlaylist(url, {
      signal,
      verifyTls,
      allowed,
      ...(most !== undefined && { most }),
    })
    if (signal.aborted) return false
    if (fault !== null) {
      scope.abort()
      listener.fault(fault)
    } else if (targetDuration !== null && targetDuration !== known) {
      known = targetDuration
      listener.targetDuration(targetDuration)
    }
    // Nothing more will be named: there is nothing to look for any more.
    if (ended) scope.abort()
    return ended
  }
  const goOn = async () => {
    for (let pause = firstPause; !signal.aborted; pause = Math.min(2 * pause, every)) {
      await sleep((known === null ? pause : every) * 1000, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await look(1)
    }
    scope.end()
  }
  const ended = await look()
  const going = goOn()
  return {
    ended,
    stop: () => {
      scope.abort()
      return going
    },
  }
}

/** A playlist and where it came from; or what its server does wrong; or nothing. */
async function read(
  url: string,
  options: LookOptions,
): Promise<(Playlist & { at: string }) | { fault: string | null }> {
  try {
    const {
      status,
      body,
      url: at,
    } = await askHttp({
      ...{ url, mostBytes: LONGEST_PLAYLIST, beginning: true, within: PATIENCE, redirects: MOST_REDIRECTS },
      ...{ verifyTls: options.verifyTls ?? true, allowed: options.allowed ?? null, signal: options.signal },
    })
    if (status < 200 || status > 299) return { fault: null }
    return { ...parsePlaylist(body, at), at }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    // Of what fails otherwise ffprobe may know better: it unpacks, and follows from HTTPS to HTTP.
    return { fault: isForbidden(error) ? error.message : null }
  }
}

function same(one: string, other: string): boolean {
  const [first, second] = [new URL(one), new URL(other)]
  return first.host === second.host && first.pathname === second.pathname && first.search === second.search
}
