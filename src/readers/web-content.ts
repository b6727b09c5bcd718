import { isTransport, PACKET } from './transport-tables.ts'

/**
 * What an answer of a web server holds. `manifest`: of DASH, whose addresses only FFmpeg's programs follow. `page`: of HTML,
 * perhaps with a player in it. `other`: nothing that is known here, which may be media all the same.
 */
export type Content = 'playlist' | 'manifest' | 'media' | 'recording' | 'page' | 'other'

/** Bytes that are looked at: three packets of MPEG-TS behind a part of one. */
export const ENOUGH = 4 * PACKET

const PLAYLIST_TYPES = /^(?:application|audio|video)\/(?:vnd\.apple\.)?(?:x-)?mpegurl\b/i

const MANIFEST_TYPE = /^application\/dash\+xml\b/i

const PAGE_TYPES = /^(?:text\/html|application\/xhtml\+xml)\b/i

/** By its first bytes; where a container of media begins otherwise in the middle, as a server sends it to who comes late. */
const MEDIA: readonly { name: string; is(bytes: Buffer): boolean }[] = [
  { name: 'FLV', is: isFlv },
  { name: 'MPEG-TS', is: isTransport },
  { name: 'Matroska, WebM', is: (bytes) => bytes.readUInt32BE() === 0x1a45dfa3 },
  { name: 'Ogg', is: (bytes) => bytes.toString('latin1', 0, 4) === 'OggS' },
  { name: 'MP4', is: (bytes) => /^(?:ftyp|styp|moov|moof|sidx)$/.test(bytes.toString('latin1', 4, 8)) },
  { name: 'ADTS, MPEG audio', is: (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 },
  { name: 'ID3', is: (bytes) => bytes.toString('latin1', 0, 3) === 'ID3' },
]

export function isFlv(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 3) === 'FLV'
}

/**
 * Says what an answer is by its content, and by what the server calls it: never by its address. A playlist begins with
 * `#EXTM3U` (RFC 8216, 4.1 and 4.3.1.1), after the byte order mark and the blank lines that some servers put before it.
 *
 * @param headers in lower case
 * @param beginning of the body
 */
export function contentOf(headers: Readonly<Record<string, string | undefined>>, beginning: Buffer): Content {
  const text = beginning.toString('utf8').replace(/^\ufeff?\s*/, '')
  const type = headers['content-type'] ?? ''
  if (text.startsWith('#EXTM3U') || PLAYLIST_TYPES.test(type)) return 'playlist'
  if (/^<MPD\b|^<\?xml[^>]*>\s*<MPD\b/.test(text) || MANIFEST_TYPE.test(type)) return 'manifest'
  // Scripts that pass a stream on often call it HTML, because they say nothing else.
  if (/^<(?:!doctype html|html)\b/i.test(text) || (PAGE_TYPES.test(type) && text.startsWith('<'))) return 'page'
  if (/^<\?xml\b/.test(text)) return 'manifest'
  if (beginning.length < 8 || !MEDIA.some(({ is }) => is(beginning))) return 'other'
  return isFile(headers) ? 'recording' : 'media'
}

/**
 * A live stream has no length. Servers of internet radio name one all the same, to please players; a file has a date or can
 * be read from the middle, too.
 */
function isFile(headers: Readonly<Record<string, string | undefined>>): boolean {
  const hasLength = /^\d+$/.test(headers['content-length'] ?? '')
  return hasLength && (headers['last-modified'] !== undefined || headers['accept-ranges'] === 'bytes')
}
