import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { RtmpMedia } from '../rtmp/reader.ts'
import { flvHeader, flvTag, TAG_HEADER } from './flv-recording.ts'

/** Seconds for which key frames are kept after somebody has asked: longer than a page takes to ask again. */
const KEPT_FOR = 15
/** Seconds that who asks first waits for the next key frame: the longest interval that is common, and some. */
const LONGEST_WAIT = 12
/** Bytes. A key frame of 2160p has 2 MB at most. */
const LARGEST = 4 * 2 ** 20

const NOTHING = Buffer.alloc(0)
const NONE_CAME: KeyFrameAnswer = {
  code: 'no-picture',
  message: `No key frame has come within ${LONGEST_WAIT} s, and a picture begins with one. Set a key frame interval of 2 s on the encoder.`,
}

/**
 * Keeps the newest key frame of a stream while somebody asks for it, and none otherwise: a hundred streams that nobody
 * looks at hold nothing. Who asks first gets the next one.
 */
export class FlvKeyFrames {
  readonly #clock: Clock
  /** Monotonic seconds. */
  #until = Number.NEGATIVE_INFINITY
  #newest: { tag: Buffer; at: number } | null = null
  /** The codec's parameters as a tag, as they last came. */
  #header: Buffer | null = null
  /** Of several pictures the lowest is the one that is judged. */
  #track: number | null = null
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether a key frame of so many bytes is to be kept when it has come. */
  wants(size: number): boolean {
    if (this.#until === Number.NEGATIVE_INFINITY) return false
    if (this.#clock.monotonic() > this.#until) this.end()
    return this.#until !== Number.NEGATIVE_INFINITY && size <= LARGEST
  }

  /** Takes a message of the stream. @param at when it arrived, monotonic seconds */
  add({ kind, packet, payload, time, keyframe, trackId }: Omit<RtmpMedia, 'head'>, at: number): void {
    if (kind !== 'video' || trackId > (this.#track ?? trackId)) return
    if (trackId !== this.#track) this.#header = this.#newest = null
    this.#track = trackId
    if (payload === null) return
    if (packet === 'sequence-header') {
      const header = flvTag(kind, payload, time)
      const isOther = this.#header?.subarray(TAG_HEADER).equals(header.subarray(TAG_HEADER)) === false
      if (isOther) this.#newest = null
      this.#header = header
    } else if (packet === 'frame' && keyframe && this.wants(payload.length)) {
      this.#newest = { tag: flvTag(kind, payload, time), at }
      for (const tell of [...this.#waiting]) tell()
    }
  }

  /** Keeps none from here on; who waits gets none. */
  end(): void {
    this.#until = Number.NEGATIVE_INFINITY
    this.#newest = null
    for (const tell of [...this.#waiting]) tell()
  }

  /** The newest one, or the next where none is kept. */
  async ask(signal: AbortSignal): Promise<KeyFrameAnswer> {
    this.#until = this.#clock.monotonic() + KEPT_FOR
    if (this.#newest === null && !signal.aborted) await this.#next(signal)
    if (this.#newest === null) return NONE_CAME
    const { tag, at } = this.#newest
    const recording = Buffer.concat([flvHeader({ audio: false, video: true }), this.#header ?? NOTHING, tag])
    return { recording, format: 'flv', age: this.#clock.monotonic() - at }
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = guarded('key frame', () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      })
      const timer = setTimeout(done, LONGEST_WAIT * 1000)
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }
}
