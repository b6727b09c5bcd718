import type { StreamParameters } from '../observation/stream.ts'
import { redactUrl, type StreamAddress, type StreamProtocol } from '../secrets/stream-address.ts'
import { type InputOptions, inputArguments, READ_BENEATH, streamOptions } from './ffprobe-arguments.ts'
import type { Program } from './program.ts'

/** Where and how a program reads, with what it is told by its standard input; null where it is told nothing. */
export interface ToldInput {
  args: string[]
  url: string
  script: string | null
}

/**
 * What a program is told by its standard input in the place of its command line, so that no password is in the process list:
 * of protocols that carry one container, which is known by them. (FFmpeg's `concat` reads a list of addresses, here of one.)
 */
const CONTAINERS: Partial<Record<StreamProtocol, string>> = {
  srt: 'mpegts',
  rtsp: 'rtsp',
  rtmpt: 'flv',
}
/** Of which a list passes on neither the name of the encoder nor why a server turns somebody away: pictures need neither. */
const FOR_PICTURES: ReadonlySet<StreamProtocol> = new Set(['rtmp', 'rtmps'])

/** As a program reads its packets: with no guess at a frame rate, and time stamps as they come (`packet-line.ts`). */
const SESSION: readonly (readonly [string, string])[] = [
  ['fpsprobesize', '0'],
  ['correct_ts_overflow', '0'],
]

/** What is wanted: the packets for as long as they come, what the stream says of itself, or a key frame of it. */
type Purpose = 'session' | 'inspection' | 'picture'

/** What a program says of an option that nobody took. */
const NOT_TAKEN = /Unused options for '/

/** Whether the address holds what others must not see, and the program can be told it in another way than by its arguments. */
function isToldApart(
  { url, protocol }: StreamAddress,
  { readsLists }: Pick<Program, 'readsLists'>,
  purpose: Purpose,
): boolean {
  const isKnown = CONTAINERS[protocol] !== undefined || (purpose === 'picture' && FOR_PICTURES.has(protocol))
  return readsLists && isKnown && redactUrl(url) !== url
}

/** How a program reads from an address. */
export function toldInput(
  address: StreamAddress,
  options: InputOptions,
  program: Pick<Program, 'readsLists'>,
  purpose: Purpose,
): ToldInput {
  if (!isToldApart(address, program, purpose)) return { ...inputArguments(address, options), script: null }
  const { url, settings } = streamOptions(address, options)
  const lines = [...settings, ...(purpose === 'session' ? SESSION : [])].map(
    ([name, value]) => `option ${name} ${quote(value)}`,
  )
  const script = ['ffconcat version 1.0', `file ${quote(url)}`, ...lines, ''].join('\n')
  const args = [
    ...['-protocol_whitelist', `pipe,${READ_BENEATH[address.protocol]}${options.proxied ? ',httpproxy' : ''}`],
    // What it does by itself would make other packets of those of the stream.
    ...['-f', 'concat', '-safe', '0', '-auto_convert', '0'],
  ]
  return { args, url: 'pipe:0', script }
}

/** What an inspection by a list saw, with the container that is in fact there. @param errors what the program said, with warnings */
export function withContainer(seen: StreamParameters, { protocol }: StreamAddress, errors: string): StreamParameters {
  const usual = CONTAINERS[protocol] ?? seen.format
  return { ...seen, format: protocol === 'srt' && NOT_TAKEN.test(errors) ? 'unknown' : usual }
}

/** As FFmpeg's lists have it (its `av_get_token`). */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
