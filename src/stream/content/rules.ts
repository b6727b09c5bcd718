/** What ffmpeg's filters say of a picture or a stretch of sound: `entry` is called for each finding of a `frame`. */
export interface FindingsListener {
  /** @param number since the filters were set up: it begins again when they are, because the format changed
   * @param time presentation time stamp, seconds */
  frame(number: number, time: number): void
  entry(key: string, value: string): void
}

/**
 * From when on a picture or sound counts as faulty. The first numbers of each are those of ffmpeg's filters; what a
 * fault means for the stream, and for how long it may last, the checks decide.
 */
export const RULES = {
  black: {
    /** Part of full luminance below which a pixel is black (blackdetect's `pixel_black_th`, its default). */
    pixel: 0.1,
    /** Part of the pixels that have to be (`picture_black_ratio_th`, its default): a small logo may remain. */
    picture: 0.98,
    /** Seconds that have to be black, so at least two pictures: a cut or a fade through black is none. */
    shortest: 1,
  },
  frozen: {
    /**
     * dB of full scale, mean difference of all pixels (freezedetect's `noise`, its default: 0.1 %). Measured on key
     * frames of x264: a slide at 1 Mb/s falls from 0.20 to 0.05 % within 12 s, at 4 Mb/s it is below 0.1 % after
     * 2 s; a camera's noise of one grey level makes 0.11 %, of two 0.2 %.
     */
    difference: -60,
    /** Key frame intervals that a picture has to stand: two key frames that are alike may be a coincidence. */
    keyframeIntervals: 2,
    /** Seconds, where key frames come faster. */
    shortest: 1,
  },
  silent: {
    /** dBFS, root mean square over half a second. Below it a channel is silent (silencedetect's default for noise). */
    level: -60,
    /** dBFS. Above it a channel is not silent any more. */
    clear: -55,
    /** Seconds (silencedetect's default): pauses of a speaker are shorter. */
    shortest: 2,
  },
  oneSided: {
    /** dBFS, root mean square. The other channel has to be louder: noise on one side alone is silence. */
    other: -50,
    /** Seconds. */
    shortest: 2,
  },
  clipping: {
    /** dBFS. A peak that reaches it, in 16 bits, is at full scale. */
    fullScale: -0.01,
    /**
     * Part of the samples of half a second at full scale. Measured after AAC at 64 and 128 kb/s: noise that a limiter
     * keeps at full scale has at most 0.25 %, noise 12 dB too loud 2.5 to 4 %.
     */
    samples: 0.005,
    /** dB between peak and root mean square, below which a wave at full scale is squarer than any tone (a sine has 3). */
    crest: 2.5,
    /** dBFS. For that, the peak has to reach this much: AAC rounds the corners off. */
    nearFullScale: -0.5,
    /** Faulty half seconds within `within` seconds; it ends after `clear` seconds without. */
    least: 3,
    within: 5,
    clear: 3,
  },
} as const
