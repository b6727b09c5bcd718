import type { Content, EndedSpan } from '../../observation/content.ts'
import { type FindingsListener, RULES } from './rules.ts'
import { MediaClock, Span } from './span.ts'

/** The last finding of a picture that is looked at; the filters add it about once a second, or at each key frame. */
export const PICTURE_SEEN = 'hmonitor.seen'

/** Seconds: of streams whose key frames are not known to come again. */
const UNKNOWN_INTERVAL = 10
/** Seconds. Key frames that are further apart belong to different stretches of media. */
const LONGEST_INTERVAL = 60
/** Intervals of which the longest counts: scene cuts bring key frames early. */
const INTERVALS = 3

/** What the filters say of the pictures: since when (media time) each is so, null while it is not. */
interface Said {
  blackSince: number | null
  stillSince: number | null
}

/** Judges pictures from the findings of blackdetect and freezedetect. Black wins: a black picture always stands still. */
export class Pictures implements FindingsListener {
  readonly #clock = new MediaClock()
  readonly #black: Span
  readonly #frozen: Span
  #said: Said = { blackSince: null, stillSince: null }
  #number = -1
  #pictures = 0
  #wasCut = false
  #isBlack: boolean | null = null
  #isFrozen: boolean | null = null
  readonly #seen: (isJudged: boolean) => void
  #keyframe: number | null = null
  #intervals: number[] = []

  /** @param seen called for every picture that was looked at, `isJudged` where it follows another one */
  constructor(ended: (span: EndedSpan) => void, seen: (isJudged: boolean) => void) {
    this.#black = new Span('black', this.#clock, ended)
    this.#frozen = new Span('frozen', this.#clock, ended)
    this.#seen = seen
  }

  /** Seconds between key frames: the longest of the newest intervals. */
  get keyframeInterval(): number | null {
    return this.#intervals.length > 0 ? Math.max(...this.#intervals) : null
  }

  /** Takes the DTS of a key frame, seconds, of the track that is looked at. */
  keyframe(dts: number): void {
    const interval = dts - (this.#keyframe ?? dts)
    this.#keyframe = dts
    if (interval > 0 && interval <= LONGEST_INTERVAL) this.#intervals = [...this.#intervals, interval].slice(-INTERVALS)
  }

  frame(number: number, time: number): void {
    if (number <= this.#number) this.begin()
    this.#number = number
    this.#clock.advance(time)
    if (this.#wasCut) this.#goOn()
  }

  entry(key: string, value: string): void {
    const said = this.#said
    if (key === 'lavfi.black_start') {
      said.blackSince = this.#clock.time
      this.#frozen.end(this.#clock.time)
    } else if (key === 'lavfi.black_end') {
      said.blackSince = null
      // Still pictures after a black one stand still from now on, whatever the filter takes for their beginning.
      if (said.stillSince !== null) said.stillSince = this.#clock.time
      this.#black.end(this.#clock.time)
    } else if (key === 'lavfi.freezedetect.freeze_start') said.stillSince = this.#clock.timeOf(Number(value))
    else if (key === 'lavfi.freezedetect.freeze_end') {
      said.stillSince = null
      this.#frozen.end(this.#clock.time)
    } else if (key === PICTURE_SEEN) this.#settle()
  }

  /** Nothing is known any more: media stalled, or another publisher began. What the filters said last still holds. */
  cut(): void {
    this.#wasCut = true
    this.#black.cut()
    this.#frozen.cut()
    this.#isBlack = null
    this.#isFrozen = null
    this.#pictures = 0
  }

  /** @param known false where what is known is too old */
  read(known: boolean): Pick<Content, 'black' | 'frozen' | 'spans'> {
    if (!known) return { black: null, frozen: null, spans: {} }
    const [black, frozen] = [this.#black.current, this.#frozen.current]
    return {
      black: this.#isBlack,
      frozen: this.#isFrozen,
      spans: { ...(black ? { black } : {}), ...(frozen ? { frozen } : {}) },
    }
  }

  /** The filters begin anew and remember nothing: in a new session, or with a picture of another size. */
  begin(): void {
    this.cut()
    this.#said = { blackSince: null, stillSince: null }
    this.#number = -1
  }

  /** The filters do not say again what has been so since before the cut; it counts from now on. */
  #goOn(): void {
    const { blackSince, stillSince } = this.#said
    const { time } = this.#clock
    this.#wasCut = false
    this.#said = { blackSince: blackSince === null ? null : time, stillSince: stillSince === null ? null : time }
  }

  #settle(): void {
    const { blackSince, stillSince } = this.#said
    this.#pictures++
    this.#seen(this.#pictures > 1)
    if (blackSince !== null) {
      this.#black.extend(blackSince, RULES.black.shortest)
      if (this.#black.counts) this.#isBlack = true
      this.#isFrozen = false
      return
    }
    this.#isBlack = false
    if (stillSince !== null) {
      const { keyframeIntervals, shortest } = RULES.frozen
      const interval = this.keyframeInterval ?? UNKNOWN_INTERVAL
      // Key frames do not come to the millisecond.
      this.#frozen.extend(stillSince, Math.max(shortest, keyframeIntervals * interval * 0.95))
      if (this.#frozen.counts) this.#isFrozen = true
    } else if (this.#pictures > 1) this.#isFrozen = false
  }
}
