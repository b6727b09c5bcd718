/** What content checks look for in pictures and sound. */
export const CONTENT_FAULTS = ['black', 'frozen', 'silent', 'oneSided', 'clipping'] as const
export type ContentFault = (typeof CONTENT_FAULTS)[number]

/** A stretch of media that is faulty throughout. Media seconds, as the stream's own time stamps count them. */
export interface ContentSpan {
  /** Presentation time at which it began. On the present publisher's clock, so it may be negative. */
  since: number
  /** From there to the newest picture or sound that was looked at, or to its end. */
  duration: number
}

export interface EndedSpan extends ContentSpan {
  fault: ContentFault
  /** True where the stream, the session or the looking ended within it, so that it may have lasted longer. */
  cut: boolean
}

/**
 * Filled by content checks. A value is null while nothing is known: before the first pictures or sound, on a track that
 * is not there or stalls, and with `checks: auto` between two looks.
 */
export interface Content {
  /**
   * Which pictures are looked at. Between key frames nothing is seen; and where there are B-frames, FFmpeg shows a key
   * frame only two intervals later. Sound is listened to throughout.
   */
  pictures: 'keyframes' | 'all'
  /** Seconds since a picture or sound was looked at; null when none ever was. */
  age: number | null
  /**
   * Seconds of video, in the time of the stream, that were to be looked at since two pictures in a row were: one alone
   * shows neither black nor a still picture. Between two looks (`auto`) it does not grow.
   */
  unseen?: number
  /** The same of sound since some was listened to. */
  unheard?: number
  /** Seconds between the key frames of what was looked at; null while it is not known. */
  keyframeInterval?: number | null
  black: boolean | null
  /** The picture stands still, at least over two key frame intervals (over 1 s with all pictures); not while black. */
  frozen: boolean | null
  /** No channel carries more than noise. */
  silent: boolean | null
  /** One of two channels is silent while the other is not. */
  oneSided: boolean | null
  /** The channel that is silent while `oneSided`. */
  silentSide: 'left' | 'right' | null
  /** Sound is cut off at full scale again and again. */
  clipping: boolean | null
  /** LUFS, short-term: the last 3 s (EBU Tech 3341). Null below -70, and where the sound is silent. */
  loudness: number | null
  /** LUFS, momentary: the last 400 ms (EBU Tech 3341). */
  momentaryLoudness: number | null
  /** LUFS, integrated since the session (with `checks: auto` the look) began, gated (EBU R 128, ITU-R BS.1770). */
  integratedLoudness: number | null
  /** dBFS of the largest sample of any channel in the last half second; 0 is full scale. */
  peak: number | null
  /** Those that go on. */
  spans: Partial<Record<ContentFault, ContentSpan>>
  /** Those that ended since the last observation, each handed over once. */
  endedSpans: EndedSpan[]
}
