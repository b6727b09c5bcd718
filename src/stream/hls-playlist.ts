import { setTimeout as sleep } from 'node:timers/promises'

/** Bytes. A playlist of a live stream has a few kB. */
const LONGEST_PLAYLIST = 256 * 1024
/** Seconds. */
const PATIENCE = 5
/** Seconds. RFC 8216 sets no bounds; a larger one is a mistake of the server. */
const LONGEST_TARGET = 60
/**
 * Seconds to wait until a playlist that could not be read is asked again, at first, twice as long every time, and the
 * longest: also between two looks at one that was read. RFC 8216 (6.2.1) forbids a target duration to change, but
 * servers that take it from the segments (nginx-rtmp) change it when an encoder changes its key frame interval.
 */
const PAUSES = { firstPause: 1, every: 30 }

/** The target duration that a media playlist names (RFC 8216, 4.3.3.1), in seconds; null where it names none. */
export function targetDuration(playlist: string): number | null {
  const seconds = Number(/^#EXT-X-TARGETDURATION:\s*(\d+(?:\.\d+)?)\s*$/m.exec(playlist)?.[1])
  return seconds > 0 && seconds <= LONGEST_TARGET ? seconds : null
}

/** The address of the first variant in a master playlist (RFC 8216, 4.3.4.2); null where it is none. */
export function firstVariant(playlist: string, base: string): string | null {
  const uri = /^#EXT-X-STREAM-INF:[^\n]*\r?\n(?:#[^\n]*\n|\s*\n)*([^#\s][^\r\n]*)/m.exec(playlist)?.[1]?.trim()
  if (uri === undefined || !URL.canParse(uri, base)) return null
  const { protocol, href } = new URL(uri, base)
  return protocol === 'http:' || protocol === 'https:' ? href : null
}

/** Reads the target duration of the stream at a playlist's address; null whenever that fails. */
export async function readTargetDuration(url: string, signal: AbortSignal): Promise<number | null> {
  try {
    const playlist = await read(url, signal)
    const variant = firstVariant(playlist, url)
    return targetDuration(variant === null ? playlist : await read(variant, signal))
  } catch {
    return null
  }
}

export interface PlaylistWatch {
  /** Resolves when no request and no timer is left. */
  stop(): Promise<void>
}

/**
 * Reads the target duration of a stream (seconds) and says it to `found` whenever it is another one than before.
 * Resolves when the playlist was read for the first time, or could not be: it may not be there yet, and is asked again.
 * Ends with `signal` or with `stop`.
 */
export async function watchTargetDuration(
  url: string,
  found: (seconds: number) => void,
  options: { signal: AbortSignal; firstPause?: number; every?: number },
): Promise<PlaylistWatch> {
  const { firstPause, every } = { ...PAUSES, ...options }
  const stopping = new AbortController()
  const signal = AbortSignal.any([options.signal, stopping.signal])
  let known: number | null = null
  const look = async () => {
    const seconds = await readTargetDuration(url, signal)
    if (signal.aborted || seconds === null || seconds === known) return
    known = seconds
    found(seconds)
  }
  const goOn = async () => {
    for (let pause = firstPause; !signal.aborted; pause = Math.min(2 * pause, every)) {
      await sleep((known === null ? pause : every) * 1000, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) await look()
    }
  }
  await look()
  const going = goOn()
  return {
    stop: () => {
      stopping.abort()
      return going
    },
  }
}

async function read(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE * 1000)]) })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > LONGEST_PLAYLIST) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
