import { anyOf, hundredths, quantity } from '../../observation/words.ts'
import { againstLimit, parameterCheck, platformOf } from './against-profile.ts'
import type { StreamCheck } from './stream-options.ts'

/** Share by which a picture may miss the aspect ratio: sizes are rounded to even numbers of pixels. */
const ASPECT_TOLERANCE = 0.01

const NEW_SETTINGS = 'Stop the stream on the encoder and start it again: a change while it is live can stop players.'

export const videoCodec = parameterCheck({
  type: 'videoCodec',
  severity: 'error',
  weight: 40,
  limit: 'videoCodec',
  judged({ allowed }, { video }) {
    const codec = video[0]?.codec
    if (codec === undefined) return 'unmeasured'
    return { fault: !allowed.includes(codec), measured: codec, expected: anyOf(allowed) }
  },
  says: ({ measured }) => `The video codec is ${measured}`,
  remedy: [
    'On the encoder, choose H.264 as the video codec.',
    NEW_SETTINGS,
    'Then look at the picture on the platform.',
  ],
  text: {
    measures: 'the codec of the first video track',
    raised: 'a codec that is not among those of the profile',
    why: "YouTube's name. A platform cannot show what it cannot decode, so it is an error.",
    blindTo: 'Profile and level of the codec, and what a relay on the way to the platform makes of it.',
  },
})

export const interlacedVideo = parameterCheck({
  type: 'interlacedVideo',
  severity: 'warning',
  weight: 10,
  limit: 'progressive',
  judged({ required }, { video }) {
    const order = video[0]?.fieldOrder ?? null
    if (!required) return 'not-judged'
    if (order === null || order === 'unknown') return 'unmeasured'
    return { fault: order !== 'progressive', measured: order, expected: 'progressive video' }
  },
  says: ({ measured }) => `The video is interlaced (field order ${measured})`,
  remedy: [
    'On the camera, choose a progressive format: 1080p or 720p, not 1080i.',
    'Where the camera has none, switch deinterlacing on in the switcher or the encoder.',
    NEW_SETTINGS,
  ],
  text: {
    measures: 'the field order of the first video track',
    raised: 'another field order than progressive, where the profile wants progressive video',
    why: "YouTube's name. Moving edges show combs, and the broadcast goes on: a warning.",
    blindTo: 'Interlaced pictures that are declared progressive, or whose field order the stream does not say.',
  },
})

export const videoResolutionUnsupported = parameterCheck({
  type: 'videoResolutionUnsupported',
  severity: 'error',
  weight: 40,
  limit: 'resolution',
  judged({ min, max }, { video }) {
    const size = sizeOf(video[0])
    if (min === null && max === null) return 'not-judged'
    if (size === null) return 'unmeasured'
    return {
      fault: size.lines < (min ?? 0) || size.lines > (max ?? Number.POSITIVE_INFINITY),
      measured: size.text,
      expected:
        [min === null ? '' : `at least ${min}`, max === null ? '' : `at most ${max}`].filter(Boolean).join(' and ') +
        ' lines',
    }
  },
  says: ({ measured }) => `The picture is ${measured}`,
  remedy: [
    'On the encoder, set the output to 1920×1080 or 1280×720.',
    NEW_SETTINGS,
    'Then look at the picture on the platform.',
  ],
  text: {
    measures: 'the lines of the first video track, which are the pixels of its shorter side',
    raised: 'more or fewer lines than the profile takes',
    why: "YouTube's name. What a platform does not take is not shown, so it is an error.",
    blindTo: 'A size that was set for this event on the platform, and one that only some accounts may send.',
  },
})

export const videoResolutionSuboptimal = parameterCheck({
  type: 'videoResolutionSuboptimal',
  severity: 'info',
  weight: 2,
  limit: 'resolution',
  judged({ lines, aspectRatio, min, max }, { video }) {
    const size = sizeOf(video[0])
    if (lines.length === 0 && aspectRatio === null) return 'not-judged'
    if (size === null) return 'unmeasured'
    // A size that is not taken at all is videoResolutionUnsupported: one cause is one issue.
    if (size.lines < (min ?? 0) || size.lines > (max ?? Number.POSITIVE_INFINITY)) return 'not-judged'
    const fits = lines.length === 0 || lines.includes(size.lines)
    const sizes = lines.length === 0 ? '' : `${anyOf(lines)} lines`
    return {
      fault: !fits || !hasAspect(size.ratio, aspectRatio),
      measured: size.text,
      expected: [sizes, aspectRatio].filter(Boolean).join(' at '),
    }
  },
  says: ({ measured }) => `The picture is ${measured}`,
  verb: 'prefers',
  remedy: [
    'On the encoder, set the output to a usual size: 1920×1080, 1280×720 or 854×480.',
    'If the picture is meant to have this shape, there is nothing to do: the platform scales it.',
    'Change it before the next event, not while this one is live.',
  ],
  text: {
    measures: 'lines and aspect ratio of the first video track, lying or upright',
    raised: 'lines that are not among those of the profile, or another aspect ratio (1 % off is still the same)',
    why: "YouTube's name. The platform scales it or puts bars beside it. That is advice, so it is information.",
    blindTo: 'Pixels that are not square, and bars that are part of the picture.',
  },
})

export const frameRateHigh: StreamCheck = {
  type: 'frameRateHigh',
  unit: 'frames per second',
  severity: 'warning',
  weight: 10,
  limits: { enter: 1.05, enterHold: 5, clear: 1.02, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  needs: 'profile',
  assess: againstLimit('frameRate', ({ max }, { window }) => {
    const rate = window.framesPerSecond
    return rate === null ? 'unmeasured' : { value: rate / max, measured: hundredths(rate), expected: max }
  }),
  summary: ({ measured, expected }, context) =>
    `The stream has ${measured} frames per second (${platformOf(context)} accepts at most ${expected})`,
  remedy: [
    'On the encoder, set the frame rate to 30 or, for sport, to 60 (25 or 50 in countries with 50 Hz).',
    'Check whether the camera delivers more than that and the encoder passes it on.',
    NEW_SETTINGS,
  ],
  text: {
    measures: 'frames per second, measured in the time of the stream',
    window: () => 'the longer of 10 s and 3 key frame intervals',
    raised: (limits) => `${limits.enter} times the maximum of the profile, or more`,
    cleared: (limits) => `${limits.clear} times the maximum of the profile, or less`,
    why: "YouTube's name. The platform drops frames or the picture judders, and the broadcast goes on: a warning. Measured frame rates are within 1 % over 10 s, so 5 % is no noise.",
    blindTo: 'What the stream declares: only frames that arrive count.',
  },
}

export const bFramesNotAllowed = parameterCheck({
  type: 'bFramesNotAllowed',
  unit: 'B-frames',
  severity: 'warning',
  weight: 10,
  limit: 'bFrames',
  judged({ max }, { video }) {
    const count = video[0]?.bFrames ?? null
    if (count === null) return 'unmeasured'
    return { fault: count > max, measured: count, expected: max === 0 ? 'none' : `at most ${max}` }
  },
  says: ({ measured }) => `Decoders must reorder ${quantity(Number(measured), 'B-frame')}`,
  remedy: [
    'On the encoder, set B-frames to 0, or choose the profile "baseline" or the tuning "zerolatency".',
    NEW_SETTINGS,
    'Watch the stream: a picture that jumps back and forth is the sign of B-frames where they are not accepted.',
  ],
  text: {
    measures: 'how many B-frames a decoder must reorder',
    raised: 'more than the profile takes',
    why: 'Platforms that deliver in less than a second cannot reorder frames; none of the shipped profiles forbids B-frames. The picture suffers, so it is a warning.',
    blindTo: 'B-frames that an encoder may send and has not sent yet.',
  },
})

interface Size {
  /** Pixels of the shorter side. */
  lines: number
  /** The longer side to the shorter one. */
  ratio: number
  text: string
}

function sizeOf(video: { width: number; height: number } | undefined): Size | null {
  if (video === undefined || !(video.width > 0) || !(video.height > 0)) return null
  const lines = Math.min(video.width, video.height)
  return { lines, ratio: Math.max(video.width, video.height) / lines, text: `${video.width}×${video.height}` }
}

/** @param wanted as `16:9`; null: any */
function hasAspect(ratio: number, wanted: string | null): boolean {
  if (wanted === null) return true
  const [longer = 1, shorter = 1] = wanted.split(':').map(Number)
  return Math.abs(ratio / (longer / shorter) - 1) <= ASPECT_TOLERANCE
}
