import { existsSync } from 'node:fs'
import type { StreamReadOptions } from '../observation/stream.ts'
import {
  keyApart,
  rtmpApplication,
  type StreamAddress,
  type StreamProtocol,
  withHost,
} from '../secrets/stream-address.ts'
import { PACKET_ARGUMENTS } from './packet-line.ts'

/**
 * Seconds of media that ffprobe analyses at most before it prints the first packet. A track that has not shown by then
 * is never printed: on servers without a GOP cache video begins with the next key frame, up to 10 s later. It ends
 * early when both video and audio are there.
 */
export const LONGEST_ANALYSIS = 15
/** Seconds: enough where only the audio is asked for, which has no key frames to wait for. */
const AUDIO_ANALYSIS = 2
/**
 * Seconds: enough of MPEG-TS, whose tables name every track several times a second (ETSI TR 101 290, 1.3 and 1.5: at
 * least each 0.5 s), so that a key frame need not be waited for. ffprobe never ends the analysis of it early.
 */
const TABLES_ANALYSIS = 3
/** Seconds, where a table names the tracks: for the order of what comes first. */
const NAMED_ANALYSIS = 0.7
/** Not to wait for the tables of further programmes, once there are those of all that are named. */
const FEW_TABLES: Setting = ['scan_all_pmts', '0']
/** Bytes. The analysis ends here too, so it has to hold 15 s of 50 Mb/s. */
export const ANALYSIS_SIZE = 100_000_000

/**
 * Seconds without any byte from the server after which a program gives up. It is long, because there are sources that
 * begin only with their first viewer, anew at each connection; that nothing comes is said long before.
 */
export const READ_TIMEOUT = 60

/** What a protocol may use beneath it; a playlist or a redirect can name nothing else, such as a file. */
export const READ_BENEATH: Readonly<Record<StreamProtocol, string>> = {
  rtmp: 'rtmp,tcp',
  rtmps: 'rtmps,tls,tcp',
  rtmpt: 'rtmpt,ffrtmphttp,http,tcp',
  srt: 'srt',
  rtsp: 'rtsp,rtp,tcp,udp',
  // It is read through a relay of ours, as RTSP.
  rtsps: 'rtsp,rtp,tcp',
  http: 'http,https,tls,tcp,crypto',
  https: 'http,https,tls,tcp,crypto',
}

/** TCP, which loses nothing and passes firewalls; UDP where the server agrees to nothing else. */
const RTSP_TRANSPORTS: readonly Setting[] = [
  ['rtsp_transport', 'tcp+udp'],
  ['rtsp_flags', 'prefer_tcp'],
]

export interface InputOptions {
  media: StreamReadOptions['media']
  verifyTls: boolean
  /** Whether a track was overlooked that it shows only late, so that it is to be looked for as long as it may take. */
  thorough?: boolean
  /** The server's IP address, where ffprobe cannot look up names itself; else null. */
  resolved: string | null
  /** Whether it may be an MPEG transport stream: it is then asked not to wait for further tables. Default: true. */
  mayBeTransport?: boolean
  /** Whether the tables of the stream name its tracks, and nothing else has to be known of them. Default: false. */
  isNamed?: boolean
  /** Whether a proxy stands between: only then a server may be spoken to by `CONNECT`. Default: false. */
  proxied?: boolean
}

/**
 * The arguments of a long session besides those of its input: it does not count frames to guess a frame rate, which
 * would keep the first packet back for another 0.7 to 1.8 s (20 frames and the next key frame, measured).
 *
 * @param level of what it says to stderr
 */
export function sessionArguments(level = 'error'): readonly string[] {
  return ['-hide_banner', '-v', level, '-fpsprobesize', '0', ...PACKET_ARGUMENTS]
}

/** Seconds of media that are analysed at most: as many as what the protocol usually carries needs. */
export function analysisOf(
  { protocol }: StreamAddress,
  { media, thorough = false, isNamed = false }: Pick<InputOptions, 'media' | 'thorough' | 'isNamed'>,
): number {
  if (isNamed && !thorough) return NAMED_ANALYSIS
  if (media === 'audio') return AUDIO_ANALYSIS
  const mayBeTs = protocol === 'srt' || protocol === 'http' || protocol === 'https'
  return mayBeTs && !thorough ? TABLES_ANALYSIS : LONGEST_ANALYSIS
}

/** An option of FFmpeg's, and its value. */
type Setting = readonly [name: string, value: string]

/** ffprobe's arguments for reading from an address; what it is to print comes before them, and `url` last. */
export function inputArguments(address: StreamAddress, options: InputOptions): { args: string[]; url: string } {
  const { url, settings } = streamOptions(address, options)
  const beneath = READ_BENEATH[address.protocol] + (options.proxied ? ',httpproxy' : '')
  return {
    args: [
      ...['-protocol_whitelist', beneath],
      // FFmpeg itself goes by the name of the address and by what the server calls it.
      ...(address.hls ? ['-f', 'hls'] : []),
      ...settings.flatMap(asArguments),
    ],
    url,
  }
}

/** The address as a program is given it, and the options with which it opens that. */
export function streamOptions(address: StreamAddress, options: InputOptions): { url: string; settings: Setting[] } {
  const timeout = String(READ_TIMEOUT * 1_000_000)
  const { url } = options.resolved === null ? address : withHost(address, options.resolved)
  const apart = keyApart(url)
  return {
    settings: [
      ...limits(analysisOf(address, options)),
      // Only the demultiplexer of MPEG-TS takes it: over SRT nearly everything is that.
      ...(address.protocol === 'srt' && options.mayBeTransport !== false ? [FEW_TABLES] : []),
      // On RTMP `-timeout` would mean to listen; on RTSP `-rw_timeout` does nothing.
      ...(address.protocol === 'rtsp' ? [...RTSP_TRANSPORTS, ['timeout', timeout] as const] : []),
      ...(address.protocol === 'rtsp' ? [] : [['rw_timeout', timeout] as const]),
      // FFmpeg does not verify certificates unless it is told to.
      ...(address.tls ? [['tls_verify', options.verifyTls ? '1' : '0'] as const, ...certificateAuthorities()] : []),
      // FFmpeg takes a fragment for a part of the path.
      ...(apart ? [['rtmp_app', apart.application] as const, ['rtmp_playpath', apart.key] as const] : []),
      ...(options.resolved !== null && address.protocol === 'rtmp'
        ? [['rtmp_tcurl', namedServer(address)] as const]
        : []),
    ],
    url: apart?.server ?? url,
  }
}

/** The same for reading what is given by standard input. @param longest seconds of media that are analysed at most */
export function pipeArguments(longest: number) {
  return { args: [...limits(longest).flatMap(asArguments), '-protocol_whitelist', 'pipe'], url: 'pipe:0' }
}

/**
 * The same for an MPEG transport stream that begins with its tables, which name every track: nothing more has to be waited
 * for, such as a key frame. FFmpeg's programs end the analysis early where they do not wait for further tables (measured:
 * 0.4 s instead of 3 s). But ffmpeg copies a track only where it has seen how it is encoded, so it looks longer where one is
 * late.
 */
export function transportArguments(program: 'ffprobe' | 'ffmpeg') {
  const { args, url } = pipeArguments(program === 'ffmpeg' ? TABLES_ANALYSIS : NAMED_ANALYSIS)
  return { args: [...args, '-f', 'mpegts', ...asArguments(FEW_TABLES)], url, isNamed: true }
}

function limits(analysis: number): Setting[] {
  return [
    ['analyzeduration', String(Math.round(analysis * 1_000_000))],
    ['probesize', String(ANALYSIS_SIZE)],
  ]
}

function asArguments([name, value]: Setting): string[] {
  return [`-${name}`, value]
}

/** What FFmpeg tells an RTMP server of the address, with the name by which the server may choose a virtual host. */
function namedServer({ protocol, host, port, url }: StreamAddress): string {
  return `${protocol}://${host}:${port}/${rtmpApplication(url)}`
}

/** Where systems keep the certificates that they trust, as the TLS libraries of Go and Python look for them. */
const CERTIFICATE_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** A static build looks for them where the system that it was built on keeps them. */
function certificateAuthorities(): Setting[] {
  const file = process.env.SSL_CERT_FILE || CERTIFICATE_FILES.find((candidate) => existsSync(candidate))
  return file ? [['ca_file', file]] : []
}
