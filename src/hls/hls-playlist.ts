import { isHttp } from '../connection/request-hop.ts'

/** Seconds. RFC 8216 sets no bounds; a larger one is a mistake of the server. */
const LONGEST_TARGET = 60

/** What a playlist says, as far as it matters before it is given to ffprobe. */
export interface Playlist {
  /** Seconds (RFC 8216, 4.3.3.1); null where it names none. */
  targetDuration: number | null
  /**
   * The playlists that a master playlist names (RFC 8216, 4.3.4): variants in their order, then renditions. Empty: it is a
   * media playlist.
   */
  playlists: readonly string[]
  /** Whether all that it will ever name is there: a recording (RFC 8216, 4.3.3.4 and 4.3.3.5). */
  ended: boolean
  /** Why it must not be read, for a person; null: it may be. */
  fault: string | null
}

/** Reads a playlist, as FFmpeg reads it. @param base where it came from, without which its addresses mean nothing */
export function parsePlaylist(text: string, base: string): Playlist {
  const variants: string[] = []
  const renditions: string[] = []
  let targetDuration: number | null = null
  let ended = false
  let fault: string | null = null
  /** What the next line that is no tag names. */
  let next: 'variant' | 'segment' | null = null
  const name = (what: string, uri: string): string | null => {
    if (!URL.canParse(uri, base)) return null
    const { href, protocol } = new URL(uri, base)
    if (isHttp(href)) return href
    fault ??= `its playlist names a ${what} by "${protocol.slice(0, 20)}", and only http:// and https:// are read`
    return null
  }
  for (const written of text.split(/\r?\n|\r/)) {
    const line = written.trim()
    const [, tag = '', attributes = ''] = /^#(EXT[A-Z0-9-]*):?(.*)$/.exec(line) ?? []
    if (tag === 'EXT-X-TARGETDURATION') targetDuration ??= durationOf(attributes)
    else if (tag === 'EXT-X-ENDLIST') ended = true
    else if (tag === 'EXT-X-PLAYLIST-TYPE') ended ||= attributes.trim() === 'VOD'
    else if (tag === 'EXT-X-STREAM-INF') next = 'variant'
    else if (tag === 'EXTINF') next = 'segment'
    else if (tag === 'EXT-X-MEDIA') push(renditions, named('rendition', attributes, name))
    else if (tag === 'EXT-X-MAP') named('map', attributes, name)
    // Keys of DRM systems are not fetched, and have addresses of their own (`skd:`, `data:`).
    else if (tag === 'EXT-X-KEY' && isPlainKey(attributes)) named('key', attributes, name)
    else if (line !== '' && !line.startsWith('#') && next !== null) {
      const href = name(next, line)
      if (next === 'variant') push(variants, href)
      next = null
    }
  }
  return { targetDuration, playlists: [...new Set([...variants, ...renditions])], ended, fault }
}

function push(list: string[], entry: string | null): void {
  if (entry !== null) list.push(entry)
}

function named(what: string, attributes: string, name: (what: string, uri: string) => string | null): string | null {
  const uri = attributeOf('URI', attributes)
  return uri === null ? null : name(what, uri)
}

function isPlainKey(attributes: string): boolean {
  const format = attributeOf('KEYFORMAT', attributes)
  return format === null || format === 'identity'
}

/** RFC 8216, 4.2: a quoted value. */
function attributeOf(key: string, attributes: string): string | null {
  return new RegExp(`(?:^|,)\\s*${key}="([^"]*)"`).exec(attributes)?.[1] ?? null
}

function durationOf(text: string): number | null {
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : 0
  return seconds > 0 && seconds <= LONGEST_TARGET ? seconds : null
}
