import { hundredths, seconds } from '../../observation/words.ts'
import type { Assessment, Limits } from '../check.ts'
import { levelOf } from '../history.ts'
import { peak } from '../level.ts'
import type { KeyframeIntervalLimit } from '../profile.ts'
import { againstLimit, parameterCheck, platformOf } from './against-profile.ts'
import type { StreamCheck, StreamContext } from './stream-options.ts'

/** On OBS, as on most encoders, this is where it is set. */
const SET_IT = 'On the encoder, set the key frame interval to 2 s (in OBS: Settings, Output, Keyframe Interval).'
const NO_SCENES = 'Switch off what adds or drops key frames by itself: scene detection, adaptive or dynamic GOP.'
const RESTART = 'Stop the stream on the encoder and start it again, so that the setting takes effect.'

/** The longest key frame interval of the window in seconds, null where there is none. */
function longest(context: StreamContext, limits: Limits): number | null {
  if (context.reading.measurements.keyframeInterval === null) return null
  return peak(levelOf(context.history, 'keyframeInterval'), limits.window ?? 0)
}

interface GopRow extends Pick<StreamCheck, 'type' | 'severity' | 'weight' | 'limits' | 'worse' | 'remedy'> {
  /** The limit of the profile, in seconds, that the interval is held against; null: not judged. */
  against(limit: KeyframeIntervalLimit): number | null
  says: string
  than: string
  why: string
  blindTo: string
  /** As a person reads it: `the maximum of the profile`. */
  limit: string
}

function gopCheck(row: GopRow): StreamCheck {
  const { type, severity, weight, limits, worse, remedy } = row
  const share = (ratio: number | null, side: string) =>
    `${ratio === 1 ? '' : `${ratio} times `}${row.limit}, or ${side}`
  return {
    type,
    unit: 's',
    severity,
    weight,
    limits,
    worse,
    warmUp: 'judged',
    resets: ['publisher restart'],
    needs: 'profile',
    assess: againstLimit('keyframeInterval', (limit, _measurements, context, own): Assessment => {
      const interval = longest(context, own)
      if (interval === null) return 'unmeasured'
      const against = row.against(limit)
      if (against === null) return 'not-judged'
      return { value: interval / against, measured: hundredths(interval), expected: limit.recommended ?? against }
    }),
    summary(finding, context) {
      const interval = context.options.profile?.limits.keyframeInterval
      const against = interval && row.against(interval)
      const best = interval?.recommended == null ? '' : ` and recommends ${seconds(interval.recommended)}`
      return `${row.says} ${seconds(Number(finding.measured))} apart (${platformOf(context)} accepts ${row.than} ${seconds(against ?? 0)}${best})`
    },
    remedy,
    text: {
      measures: 'the longest key frame interval (GOP length), in the time of the stream',
      window: (own) => `${own.window} s of measured media, in steps of 10 s`,
      raised: (own) => share(own.enter, worse === 'higher' ? 'longer' : 'shorter'),
      cleared: (own) => share(own.clear, worse === 'higher' ? 'shorter' : 'longer'),
      why: row.why,
      blindTo: row.blindTo,
    },
  }
}

export const gopSizeOver = gopCheck({
  type: 'gopSizeOver',
  severity: 'error',
  weight: 30,
  limits: { enter: 1, enterHold: 0, clear: 0.95, clearHold: 0, window: 30 },
  worse: 'higher',
  against: ({ excessive }) => excessive,
  says: 'Key frames are',
  than: 'less than',
  remedy: [SET_IT, NO_SCENES, RESTART],
  limit: 'what the profile calls excessive',
  why: "YouTube's name. Its graver message for key frames says that viewers will see it buffer, so it is an error. One interval is enough: it was measured in the time of the stream, which no network stretches.",
  blindTo: 'What the platform does with it. The number is no published one for any platform that is shipped.',
})

export const gopSizeLong = gopCheck({
  type: 'gopSizeLong',
  severity: 'warning',
  weight: 10,
  limits: { enter: 1.05, enterHold: 0, clear: 1.02, clearHold: 0, window: 30 },
  worse: 'higher',
  against: ({ max }) => max,
  says: 'Key frames are',
  than: 'at most',
  remedy: [SET_IT, NO_SCENES, RESTART],
  limit: 'the maximum of the profile',
  why: "YouTube's name. Its milder message says that it can buffer: the picture may suffer, the broadcast goes on. 5 % cover frame rates such as 29.97, by which 120 frames last 4.004 s.",
  blindTo: 'Whether players in fact suffer. From gopSizeOver on, that is raised instead.',
})

export const gopSizeShort = gopCheck({
  type: 'gopSizeShort',
  severity: 'info',
  weight: 2,
  limits: { enter: 0.9, enterHold: 20, clear: 0.98, clearHold: 0, window: 30 },
  worse: 'lower',
  against: ({ min }) => min,
  says: 'Key frames are no more than',
  than: 'at least',
  remedy: [
    SET_IT,
    'Check whether the encoder is set to send only key frames (intra only, GOP size 1).',
    'If it is meant to be so, there is nothing to do: it costs bitrate, not the broadcast.',
  ],
  limit: 'the minimum of the profile',
  why: "YouTube's name. Key frames are large: many of them leave less bitrate for the picture in between. That is advice, so it is no more than information.",
  blindTo: 'A few short intervals among long ones: the longest of the window is judged.',
})

export const openGop = parameterCheck({
  type: 'openGop',
  severity: 'warning',
  weight: 5,
  limit: 'closedGop',
  judged({ required }, { video }) {
    const open = video[0]?.openGop
    if (!required) return 'not-judged'
    if (open == null) return 'unmeasured'
    return { fault: open, measured: open ? 'open' : 'closed', expected: 'closed GOPs' }
  },
  says: () => 'Frames after a key frame refer to frames before it (open GOP)',
  remedy: [
    'On the encoder, choose closed GOPs, or switch open GOP off (x264: open-gop=0).',
    'If there is no such setting, set B-frames to 0.',
    RESTART,
  ],
  text: {
    measures: 'whether a decoder can begin at every key frame: whether frames come after one that are shown before it',
    raised: 'open GOPs, where the profile wants closed ones',
    why: "YouTube's name. A player that begins at such a key frame shows a broken picture for a moment; it does not stop the broadcast, so it is a warning.",
    blindTo: 'Codecs other than H.264, and an encoder that is set to open GOPs and makes none.',
  },
})
