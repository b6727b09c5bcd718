import type { Content, EndedSpan } from '../../observation/content.ts'
import type { Packet } from '../packet.ts'
import { Pictures } from './pictures.ts'
import type { FindingsListener } from './rules.ts'
import { Sound } from './sound.ts'
import { milliseconds } from './span.ts'

/** Ended spans that are kept until the next `measure`. */
const MOST_ENDED = 100
/** Seconds, besides `stallAfter`, without any sound that was listened to, after which nothing is known of it. */
const LATE = 1.5
/** The same of pictures, in key frame intervals, but at least `LATE`. */
const LATE_PICTURES = 2
/** Seconds. A step of the time stamps that is longer is a jump of the clock, and not media that lasted so long. */
const LONGEST_STEP = 60

/** Counts the media of one track that was to be looked at and was not. */
class Unnoticed {
  #index: number | null = null
  #dts: number | null = null
  /** Seconds, in the time of the stream. */
  seconds = 0

  /** Other filters get the track from now on, perhaps by another number. */
  begin(): void {
    this.#index = null
    this.#dts = null
  }

  /** Takes a packet; true where it is one of the track that is looked at, which is the first of its medium. */
  add(index: number, dts: number): boolean {
    this.#index = Math.min(this.#index ?? index, index)
    if (index !== this.#index) return false
    const step = dts - (this.#dts ?? dts)
    if (step > 0 && step <= LONGEST_STEP) this.seconds += step
    this.#dts = dts
    return true
  }
}

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
    (isJudged) => {
      this.#lastPicture = this.#now
      if (isJudged) this.#unseen.seconds = 0
    },
  )
  readonly #sound = new Sound(
    (span) => this.#keep(span),
    () => {
      this.#lastSound = this.#now
      this.#unheard.seconds = 0
    },
  )
  readonly #unseen = new Unnoticed()
  readonly #unheard = new Unnoticed()
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
    this.#unseen.begin()
    this.#unheard.begin()
    return { pictures: this.#pictures, sound: this.#sound }
  }

  /** The findings that follow came at this moment. */
  foundAt(at: number): void {
    this.#now = at
  }

  /** Takes a packet of the session: the key frames of its first video track tell how far apart they are. */
  addPacket({ media, index, dts, keyframe }: Packet): void {
    if (media === 'other' || dts === null) return
    if (media === 'audio') this.#unheard.add(index, dts)
    else if (this.#unseen.add(index, dts) && keyframe) this.#pictures.keyframe(dts)
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
      unseen: milliseconds(this.#unseen.seconds),
      unheard: milliseconds(this.#unheard.seconds),
      keyframeInterval: this.#pictures.keyframeInterval,
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
