import { seconds } from '../../observation/words.ts'
import { BY_KEYFRAMES, goingOn, lasting, plainSpan, spanCheck, unnoticedCheck } from './content-span.ts'

export const videoBlack = spanCheck({
  type: 'videoBlack',
  severity: 'error',
  weight: 40,
  after: 10,
  assess: plainSpan('black', 'a picture'),
  says: ({ measured }) => `The picture has been black for ${seconds(Number(measured))}`,
  remedy: [
    'Check the camera: is it on, is its lens cap off, and is its cable in?',
    'On the switcher or the encoder, check which source is on air.',
    'Put a slide or another camera on air until it is found.',
    'If it is meant to be black, before the event or between two parts, there is nothing to do.',
  ],
  measures: 'whether the picture is black',
  raised: 'black',
  cleared: 'a picture that is not black',
  late: BY_KEYFRAMES,
  why: 'Viewers see nothing, which is as bad as no video: an error. AWS MediaConnect lets 10 to 60 s be set for black frames; a fade or a cut takes less.',
  blindTo: 'A picture that is dark, but not black, and a black picture with a logo in it.',
})

export const videoFrozen = spanCheck({
  type: 'videoFrozen',
  severity: 'warning',
  weight: 20,
  after: 30,
  assess(content, { options }) {
    if (content.black) return { value: false }
    if (content.frozen === null) return 'unmeasured'
    const frozen = content.frozen ? lasting(content, 'frozen') : 0
    if (!content.frozen || options.stillPicture === 'fault') {
      return content.frozen ? goingOn(content, frozen, 'a picture that moves') : { value: false }
    }
    // A slide with speech is no fault; a picture that stands still without a sound is a source that is lost.
    if (content.silent === null) return 'unmeasured'
    return content.silent
      ? goingOn(content, Math.min(frozen, lasting(content, 'silent')), 'a picture that moves, or sound')
      : { value: false }
  },
  says: ({ measured }, { options }) =>
    options.stillPicture === 'fault'
      ? `The picture has been frozen for ${seconds(Number(measured))}`
      : `The picture has been frozen, without sound, for ${seconds(Number(measured))}: a source may be lost`,
  remedy: [
    'Check the camera and the switcher: does the picture on their own screens move?',
    'On the encoder, check whether its preview moves; if it does not, restart the source or the encoder.',
    'If it is meant to be so, as with a slide before the event, there is nothing to do.',
  ],
  measures:
    'whether the picture stands still: together with silence, or by itself where the target says `"stillPicture": "fault"`',
  raised: 'still and silent, or still',
  cleared: 'a picture that moves, or sound where that is enough',
  late: BY_KEYFRAMES,
  why: 'A slide with speech is what many services look like, so a still picture alone is no fault unless the user says so. A still picture without a sound is what a lost source looks like. It can be meant, so it is a warning. Black wins over frozen: one cause is one issue.',
  blindTo:
    'A frozen camera under speech, unless `stillPicture` says that it is a fault, and a picture in which only a clock moves.',
})

/** Seconds between key frames that are taken for usual while it is not known: the longest of common encoders. */
const LONGEST_USUAL = 10
/**
 * Key frame intervals until a second picture was looked at: up to one until the first key frame, two for which B-frames
 * hold it back, one to the next. And seconds for the looking itself.
 */
const INTERVALS = 4
const LOOKING = 2

export const pictureNotSeen = unnoticedCheck({
  type: 'pictureNotSeen',
  limits: { enter: 20, enterHold: 0, clear: null, clearHold: 0, window: null },
  unless: 'audio',
  assess: ({ black, unseen = 0, keyframeInterval = null }, enter) => ({
    unnoticed: unseen,
    usual: Math.max(enter, INTERVALS * (keyframeInterval ?? LONGEST_USUAL) + LOOKING),
    isKnown: black !== null,
  }),
  summary: ({ measured, expected }) =>
    `The picture cannot be looked at: ${seconds(Number(measured))} of video without two pictures that could be judged (expected: ${expected} s). Black and frozen pictures are not found`,
  remedy: [
    'Look at the stream yourself, with a player: the monitor does not see whether its picture is black or frozen.',
    'On the encoder, set a key frame interval of 2 s, and switch off intra refresh (x264: intra-refresh=0).',
    'If the encoder must send no key frames, set "checks" of this stream to "full", which looks at every picture.',
    'If players show a picture, the ffmpeg of the monitor cannot decode this codec: choose H.264 on the encoder, or name another ffmpeg in FFMPEG_PATH.',
  ],
  measures: 'how much video has come since two pictures in a row could be looked at',
  raised: `20 s, or ${INTERVALS} key frame intervals and ${LOOKING} s where that is longer; an interval that is not known counts as ${LONGEST_USUAL} s`,
  cleared: 'two pictures that could be looked at',
  why: 'A check that was asked for and cannot be made must not look as if it had been passed. Where key frames alone are looked at (`content`, `auto`), a stream that refreshes its picture bit by bit (intra refresh) shows none after its first one, and so does a codec that ffmpeg cannot decode (VVC), or one whose parameters never came. Nobody knows that anything is wrong, so it is a warning.',
  blindTo: 'What is in the pictures. Not judged where `media` of the target is `audio`.',
})
