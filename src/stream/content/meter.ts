import type { Content, EndedSpan } from '../../observation/stream.ts'
import type { Packet } from '../packet.ts'
import { Pictures } from './pictures.ts'
import type { FindingsListener } from './rules.ts'
import { Sound } from './sound.ts'

/** Ended spans that are kept until the next `measure`. */
const MOST_ENDED = 100
/** Seconds, besides `stallAfter`, without any sound that was listened to, after which nothing is known of it. */
const LATE = 1.5
/** The same of pictures, in key frame intervals, but at least `LATE`. */
const LATE_PICTURES = 2

/**
 * Measures the pictures and the sound of one stream, across sessions, from what ffmpeg's filters find. Every `at` is in
 * monotonic seconds. No output of ffmpeg makes it throw, and its memory is bounded.
 */
export class ContentMeter {
  /** Which pictures are looked at. */
  readonly looksAt: Content['pictures']
  #stallAfter: number
  readonly #pictures = new Pictures(
    (span) => this.#keep(span),
    () => {
      this.#lastPicture = this.#now
    },
  )
  readonly #sound = new Sound(
    (span) => this.#keep(span),
    () => {
      this.#lastSound = this.#now
    },
  )
  #video: number | null = null
  #ended: EndedSpan[] = []
  #now = 0
  #lastPicture: number | null = null
  #lastSound: number | null = null

  /**
   * @param options.pictures which pictures are looked at
   * @param options.stallAfter seconds without media after which the stream is stalled
   */
  constructor(options: { pictures: Content['pictures']; stallAfter: number }) {
    this.looksAt = options.pictures
    this.#stallAfter = options.stallAfter
  }

  setStallAfter(seconds: number): void {
    this.#stallAfter = seconds
  }

  /** Other filters look at the stream from now on. @returns what takes their findings; `foundAt` says when they came */
  beginSession(): { pictures: FindingsListener; sound: FindingsListener } {
    this.#pictures.begin()
    this.#sound.begin()
    this.#video = null
    return { pictures: this.#pictures, sound: this.#sound }
  }

  /** The findings that follow came at this moment. */
  foundAt(at: number): void {
    this.#now = at
  }

  /** Takes a packet of the session: the key frames of its first video track tell how far apart they are. */
  addPacket(packet: Packet): void {
    if (packet.media !== 'video' || packet.dts === null) return
    this.#video = Math.min(this.#video ?? packet.index, packet.index)
    if (packet.keyframe && packet.index === this.#video) this.#pictures.keyframe(packet.dts)
  }

  /**
   * Nothing is known of what comes next, because the stream stalled, its publisher changed, or the session is over. What
   * went on ends here, as far as anybody can tell.
   */
  cut(): void {
    this.#pictures.cut()
    this.#sound.cut()
  }

  /** Seconds between key frames; null until it is known. */
  get keyframeInterval(): number | null {
    return this.#pictures.keyframeInterval
  }

  /** What is known at this moment. A pure read, but for `endedSpans`, which it hands over once. */
  measure(at: number): Content {
    const endedSpans = this.#ended
    this.#ended = []
    return { ...this.known(at), endedSpans }
  }

  /** The same without `endedSpans`: a pure read. */
  known(at: number): Omit<Content, 'endedSpans'> {
    const pictureDelay = Math.max(LATE, LATE_PICTURES * (this.#pictures.keyframeInterval ?? 0))
    const pictures = this.#pictures.read(this.#isFresh(this.#lastPicture, pictureDelay, at))
    const sound = this.#sound.read(this.#isFresh(this.#lastSound, LATE, at))
    return {
      pictures: this.looksAt,
      age: this.#age(at),
      ...pictures,
      ...sound,
      spans: { ...pictures.spans, ...sound.spans },
    }
  }

  /** Whether something is wrong with what is seen and heard now. */
  isFaulty(at: number, stillPicture: 'allowed' | 'fault'): boolean {
    const { black, frozen, silent, oneSided, clipping } = this.known(at)
    return Boolean(black || (frozen && stillPicture === 'fault') || silent || oneSided || clipping)
  }

  #isFresh(last: number | null, delay: number, at: number): boolean {
    return last !== null && at - last <= this.#stallAfter + delay
  }

  #age(at: number): number | null {
    const last = Math.max(this.#lastPicture ?? Number.NEGATIVE_INFINITY, this.#lastSound ?? Number.NEGATIVE_INFINITY)
    return Number.isFinite(last) ? Math.max(0, at - last) : null
  }

  #keep(span: EndedSpan): void {
    this.#ended = [...this.#ended, span].slice(-MOST_ENDED)
  }
}
