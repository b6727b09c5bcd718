import type { Clock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import { Limiter } from '../observation/limiter.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { StreamReadOptions } from '../observation/stream.ts'
import { ONE_ANSWER, startChild } from '../programs/child.ts'
import { redactUrl, type StreamAddress } from '../secrets/stream-address.ts'
import { type FfmpegBinary, findDecoder } from './binaries.ts'
import { routeTo } from './route.ts'
import { toldInput } from './told-input.ts'

/** Seconds from one connection for a picture of a stream to the next: each is a reader in somebody's statistics. */
const EVERY = 10
/** Seconds after one that brought nothing, as with a server that lets in one reader only. */
const AFTER_FAILURE = 60
/** Seconds for connection, analysis and the next key frame: the longest interval that is common, and some. */
const PATIENCE = 15
/** Bytes. A key frame of 2160p has 2 MB at most. */
const LARGEST = 4 * 2 ** 20
/** Connections for pictures that one thread has at once, and streams that wait for one; what comes on top is refused. */
const MOST_AT_ONCE = 2
const MOST_WAITING = 16

/** Of all streams of a thread. */
const turns = new Limiter(MOST_AT_ONCE)

export interface LookedAt {
  address: StreamAddress
  verifyTls: boolean
  media: StreamReadOptions['media']
}

/**
 * Key frames of a stream whose packets a program reads, and nothing else of it: over a short connection of its own, and only
 * where somebody asks.
 */
export class KeyFrameLooks {
  readonly #clock: Clock
  readonly #ffmpeg: () => Promise<FfmpegBinary>
  #look: Promise<KeyFrameAnswer> | null = null
  /** When it came: monotonic seconds. */
  #last: { answer: KeyFrameAnswer; at: number } | null = null
  #forgetting: NodeJS.Timeout | undefined

  constructor(clock: Clock, ffmpeg: () => Promise<FfmpegBinary> = findDecoder) {
    this.#clock = clock
    this.#ffmpeg = ffmpeg
  }

  /** Never rejects. @param signal aborts when the stream is read no more */
  async ask(stream: LookedAt, signal: AbortSignal): Promise<KeyFrameAnswer> {
    if (this.#last !== null) {
      const { answer, at } = this.#last
      return 'code' in answer ? answer : { ...answer, age: answer.age + this.#clock.monotonic() - at }
    }
    this.#look ??= this.#begin(stream, signal)
    return this.#look
  }

  /** Resolves when nothing of it is left. It has to be aborted before. */
  async ended(): Promise<void> {
    await this.#look
    clearTimeout(this.#forgetting)
    this.#last = null
  }

  async #begin(stream: LookedAt, signal: AbortSignal): Promise<KeyFrameAnswer> {
    const answer = await this.#made(stream, signal)
    this.#look = null
    if (signal.aborted) return answer
    this.#last = { answer, at: this.#clock.monotonic() }
    const forget = guarded('key frame', () => {
      this.#last = null
    })
    this.#forgetting = setTimeout(forget, ('code' in answer ? AFTER_FAILURE : EVERY) * 1000).unref()
    return answer
  }

  async #made(stream: LookedAt, signal: AbortSignal): Promise<KeyFrameAnswer> {
    if (turns.waiting >= MOST_WAITING) {
      const message = `Pictures of ${MOST_WAITING} streams that programs read are waited for already. Ask again in ${AFTER_FAILURE} s.`
      return { code: 'no-picture', message }
    }
    try {
      return await turns.run(async () => keyFrameOf(stream, await this.#ffmpeg(), signal), signal)
    } catch (error) {
      if (signal.aborted) return GIVEN_UP
      return { code: 'unsupported', message: error instanceof MonitorError ? error.message : String(error) }
    }
  }
}

const GIVEN_UP: KeyFrameAnswer = { code: 'no-picture', message: 'The stream is not read any more.' }
const NONE_CAME: KeyFrameAnswer = {
  code: 'no-picture',
  message: `No key frame has come within ${PATIENCE} s over a second connection, which is tried again in ${AFTER_FAILURE} s: the server lets in no second reader, or the key frame interval is too long (expected: 2 s).`,
}

/** What a picture is made of, read over a connection that ends with the first key frame. */
async function keyFrameOf(
  { address, verifyTls, media }: LookedAt,
  ffmpeg: FfmpegBinary,
  signal: AbortSignal,
): Promise<KeyFrameAnswer> {
  const { protocol } = address
  if (!protocol.startsWith('rtsp') && !ffmpeg.protocols.has(protocol)) {
    const message = `${ffmpeg.path} (${ffmpeg.version}) cannot read ${protocol}://, so there is no picture. Name an ffmpeg that can, in FFMPEG_PATH.`
    return { code: 'unsupported', message }
  }
  const route = await routeTo(address, ffmpeg, verifyTls)
  if (!('release' in route)) return NONE_CAME
  try {
    const { relayed, resolved, proxied, env } = route
    const read = relayed ?? address
    const told = toldInput(read, { media, verifyTls, resolved, proxied }, ffmpeg, 'picture')
    if (told.script === null && redactUrl(read.url) !== read.url) {
      const message = `${ffmpeg.path} (${ffmpeg.version}) cannot be told an address but on its command line, where everybody would see its secret, so there is no picture. Name an ffmpeg that has the demultiplexer "concat", in FFMPEG_PATH.`
      return { code: 'unsupported', message }
    }
    const args = [
      ...['-hide_banner', '-v', 'error', ...told.args, '-i', told.url],
      // What comes before the first key frame is left out by itself.
      ...['-map', '0:V:0', '-c', 'copy', '-frames:v', '1', '-f', 'matroska', 'pipe:1'],
    ]
    const program = { file: ffmpeg.path, args, memory: 'inspection', env, confined: true } as const
    const child = startChild(program, {
      ...(told.script === null ? { stdin: 'ignore' as const } : { input: told.script }),
      encoding: 'buffer',
      ...ONE_ANSWER,
      cancelSignal: signal,
      timeout: PATIENCE * 1000,
      maxBuffer: LARGEST,
    })
    const { stdout, failed } = await child.process
    return failed || stdout.length === 0 ? NONE_CAME : { recording: stdout, format: null, age: 0 }
  } finally {
    route.release()
  }
}
