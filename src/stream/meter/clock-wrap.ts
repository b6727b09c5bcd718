/**
 * Seconds after which the clocks of containers begin again:
 * MPEG-TS has 33 bits of 90 kHz (ISO/IEC 13818-1, 2.4.3.7), RTMP and FLV 32 bits of milliseconds (Adobe RTMP 1.0,
 * section 4; FLV 10.1, E.4.1), of which ffmpeg's FLV muxer uses 31 (measured: it publishes 4294957 s as 2147473 s).
 */
const WRAPS: readonly number[] = [2 ** 33 / 90_000, 2 ** 31 / 1000, 2 ** 32 / 1000]

/** Seconds. How much later than the time that passed a clock may stand after a wrap, to be still the same clock. */
const SLACK = 10

/**
 * The step from one time stamp to the next with a wrap of the container's clock taken out.
 *
 * @param step seconds, new less old
 * @param elapsed seconds that passed between the arrivals of the two
 */
export function unwrapStep(step: number, elapsed: number): number {
  if (Math.abs(step) < 10_000) return step
  for (const wrap of WRAPS) {
    for (const candidate of [step + wrap, step - wrap]) {
      if (candidate > -1 && candidate < elapsed + SLACK) return candidate
    }
  }
  return step
}

/** Seconds. FLV publishers begin at 0, MPEG-TS ones at 1.4 s (ffmpeg's default), both with a few frames of slack. */
const ABOUT_ZERO = 3

/**
 * Whether a time stamp is where a publisher begins that starts its clock anew. That is about 0, or one wrap above it:
 * libavformat prints it so when it takes the fall to 0 for a wrap.
 */
export function isAboutZero(dts: number): boolean {
  return isNear(dts) || WRAPS.some((wrap) => isNear(dts - wrap))
}

function isNear(dts: number): boolean {
  return dts >= -1 && dts <= ABOUT_ZERO
}
