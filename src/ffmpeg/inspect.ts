import { fieldsOf, objectIn, textOf } from '../connection/legible.ts'
import { MonitorError } from '../observation/errors.ts'
import type { AudioParameters, StreamParameters, VideoParameters } from '../observation/stream.ts'
import { ONE_ANSWER, startChild } from '../programs/child.ts'
import { PROXY_VARIABLES } from '../programs/environment.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { FfprobeBinary } from './binaries.ts'
import { analysisOf, type InputOptions, LONGEST_ANALYSIS, READ_TIMEOUT } from './ffprobe-arguments.ts'
import { beyond } from './limits.ts'
import { matroskaOf } from './matroska.ts'
import { environmentOf } from './route.ts'
import { classifyEnd } from './session-end.ts'
import { toldInput, withContainer } from './told-input.ts'

/** Seconds: the longest analysis, and what it takes to connect. */
const INSPECTION_TIMEOUT = LONGEST_ANALYSIS + 10
/** All that there is of a few seconds is read anyway. */
const WHOLE_ANALYSIS = ['-analyzeduration', String(LONGEST_ANALYSIS * 1_000_000), '-probesize', '100000000']
/** Bytes. What a stream of many tracks needs is a tenth of it. */
const MOST_OUTPUT = 256 * 1024

type InspectOptions = InputOptions & { env?: Readonly<Record<string, string>> }

/**
 * Reads what a stream says of itself, over a short connection of its own; and over another one, for longer, where that
 * has not shown all that is wanted.
 *
 * @throws MonitorError `inspection-failed`; its message may quote ffprobe, so it is to be redacted; its `cause` is the
 *   `Ending` where ffprobe ran to its end; `unsupported`: this one cannot read what is there
 */
export async function inspectStream(
  address: StreamAddress,
  ffprobe: FfprobeBinary,
  signal: AbortSignal,
  options: InspectOptions = { media: 'both', verifyTls: true, resolved: null },
): Promise<StreamParameters> {
  const seen = await inspectOnce(address, ffprobe, signal, options)
  const thorough = { ...options, thorough: true }
  const isLonger = analysisOf(address, thorough) > analysisOf(address, options)
  return isLonger && !isWhole(seen, options.media) ? inspectOnce(address, ffprobe, signal, thorough) : seen
}

/** Whether longer analysis would show no more. The tables of MPEG-TS name every track, though not its measures. */
export function isWhole({ format, video, audio }: StreamParameters, media: InputOptions['media']): boolean {
  const isNamed = format.startsWith('mpegts')
  const hasVideo = media === 'audio' || video.length > 0 || isNamed
  const hasAudio = media === 'video' || audio.length > 0 || isNamed
  return (
    hasVideo &&
    hasAudio &&
    video.every(({ width }) => width > 0) &&
    audio.every(({ sampleRate }) => sampleRate !== null)
  )
}

async function inspectOnce(
  address: StreamAddress,
  ffprobe: FfprobeBinary,
  signal: AbortSignal,
  options: InspectOptions,
): Promise<StreamParameters> {
  const { args, url, script } = toldInput(address, options, ffprobe, 'inspection')
  const about = { address, media: options.media }
  const input = { args: [...args, url], env: options.env ?? {}, passOn: PROXY_VARIABLES, about }
  if (script === null) return runInspection(ffprobe, input, signal)
  return runInspection(ffprobe, { ...input, given: Buffer.from(script), isList: true }, signal)
}

/**
 * Reads what a recording says of itself, which ffprobe gets by its standard input.
 *
 * @param recording the beginning of a file; it need not end well
 * @param format its container; null: ffprobe finds out. FLV with codecs of Enhanced RTMP it gets as Matroska.
 * @throws MonitorError `inspection-failed`, as `inspectStream`
 */
export async function inspectRecording(
  recording: Uint8Array,
  format: 'flv' | null,
  ffprobe: FfprobeBinary,
  signal: AbortSignal,
): Promise<StreamParameters> {
  const matroska = format === 'flv' ? matroskaOf(recording) : null
  const container = matroska === null ? format : 'matroska'
  const how = container === null ? WHOLE_ANALYSIS : ['-f', container]
  const args = [...how, '-protocol_whitelist', 'pipe', '-i', 'pipe:0']
  const env = environmentOf(ffprobe)
  return runInspection(ffprobe, { args, env, passOn: [], given: matroska ?? recording }, signal)
}

interface Input {
  args: readonly string[]
  env: Readonly<Record<string, string>>
  passOn: readonly string[]
  /** By its standard input. */
  given?: Uint8Array
  /** Whether that is a list with the address. Default: false. */
  isList?: boolean
  /** Where it is read from, and what of it is wanted: said where this ffprobe is too old for that. */
  about?: { address: StreamAddress; media: InputOptions['media'] }
}

async function runInspection(
  ffprobe: FfprobeBinary,
  { args, env, passOn, given, isList = false, about }: Input,
  signal: AbortSignal,
): Promise<StreamParameters> {
  const command = ['-v', isList ? 'warning' : 'error', '-show_streams', '-show_format', '-of', 'json', ...args]
  const program = { file: ffprobe.path, args: command, memory: 'inspection', env, passOn, confined: true } as const
  const child = startChild(program, {
    ...(given === undefined ? { stdin: 'ignore' as const } : { input: given }),
    ...ONE_ANSWER,
    cancelSignal: signal,
    timeout: INSPECTION_TIMEOUT * 1000,
    maxBuffer: MOST_OUTPUT,
  })
  const result = await child.process
  if (result.isCanceled) throw new MonitorError('inspection-failed', 'The inspection was given up.')
  if (result.timedOut) {
    throw new MonitorError('inspection-failed', `The stream could not be inspected within ${INSPECTION_TIMEOUT} s.`)
  }
  const told = result.failed ? null : parseParameters(result.stdout)
  const parameters = told && about && isList ? withContainer(told, about.address, result.stderr) : told
  const limit =
    about && parameters && beyond(ffprobe, about.address, parameters, { media: about.media, errors: result.stderr })
  if (limit) throw limit
  if (parameters && parameters.video.length + parameters.audio.length > 0) return parameters
  const ending = classifyEnd({
    exit: {
      code: result.exitCode ?? null,
      signal: result.signal ?? null,
      startError: result.exitCode === undefined && result.signal === undefined ? (result.code ?? 'unknown') : null,
      memoryOver: child.memoryOver(),
      stderr: result.stderr.slice(-4096),
    },
    media: false,
    silence: result.durationMs / 1000,
    readTimeout: READ_TIMEOUT,
  })
  throw new MonitorError('inspection-failed', `The stream could not be inspected: ${ending.message}.`, {
    cause: ending,
  })
}

/** Tracks of one kind that are kept; no stream that is watched has more. */
const MOST_TRACKS = 8
/** Characters of a text that a server sent. */
const LONGEST_TEXT = 80

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads what ffprobe's `-show_streams -show_format -of json` prints. What is missing or makes no sense becomes null:
 * a publisher can send anything. Null when it is no such text at all.
 */
export function parseParameters(json: string): StreamParameters | null {
  const root = objectIn(json)
  if (root === null || !Array.isArray(root.streams)) return null
  const streams = root.streams.slice(0, 64).map(fieldsOf)
  const format = fieldsOf(root.format)
  const tags = fieldsOf(format.tags)
  return {
    format: text(format.format_name) ?? 'unknown',
    video: streams.filter(isVideo).slice(0, MOST_TRACKS).map(videoOf),
    audio: streams
      .filter((stream) => stream.codec_type === 'audio')
      .slice(0, MOST_TRACKS)
      .map(audioOf),
    encoder: text(tags.encoder) ?? text(tags.Encoder) ?? null,
  }
}

/** A cover picture is a video stream to ffprobe, and none to anybody else. */
function isVideo(stream: Fields): boolean {
  return stream.codec_type === 'video' && fieldsOf(stream.disposition).attached_pic !== 1
}

function videoOf(stream: Fields): VideoParameters {
  return {
    codec: text(stream.codec_name) ?? 'unknown',
    profile: text(stream.profile),
    level: within(stream.level, 1, 1000),
    width: within(stream.width, 1, 65536) ?? 0,
    height: within(stream.height, 1, 65536) ?? 0,
    declaredFrameRate: frameRate(stream.avg_frame_rate) ?? frameRate(stream.r_frame_rate),
    declaredBytesPerSecond: bytesPerSecond(stream.bit_rate),
    pixelFormat: text(stream.pix_fmt),
    fieldOrder: text(stream.field_order),
    bFrames: within(stream.has_b_frames, 0, 16),
  }
}

function audioOf(stream: Fields): AudioParameters {
  return {
    codec: text(stream.codec_name) ?? 'unknown',
    profile: text(stream.profile),
    sampleRate: within(stream.sample_rate, 1, 1_000_000),
    channels: within(stream.channels, 1, 64),
    declaredBytesPerSecond: bytesPerSecond(stream.bit_rate),
  }
}

/** Null for `unknown` as well, which is ffprobe's word for nothing. */
function text(value: unknown): string | null {
  const line = textOf(value, LONGEST_TEXT)
  return line === 'unknown' ? null : line
}

function within(value: unknown, least: number, most: number): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && number >= least && number <= most ? number : null
}

function bytesPerSecond(bitRate: unknown): number | null {
  const bits = within(bitRate, 1, 1e10)
  return bits === null ? null : bits / 8
}

/** `30000/1001`, in frames per second. A rate above 300 is the clock of the container, not of the picture. */
function frameRate(value: unknown): number | null {
  const found = typeof value === 'string' ? /^(\d{1,9})\/(\d{1,9})$/.exec(value) : null
  return found ? within(Number(found[1]) / Number(found[2]), 0.1, 300) : null
}
