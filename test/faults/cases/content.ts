/** Faults of picture and sound: the stream is healthy for 16 s, and then it is not. */
import type { Fault } from '../case.ts'
import type { Footage } from '../footage.ts'

const HEALTHY_FOR = 16

function becomes(
  id: string,
  what: string,
  footage: Footage,
  expects: string[],
  { bFrames = 0, ...options }: Partial<Fault> & { bFrames?: number } = {},
): Fault {
  const { target, ...rest } = options
  const checks = target?.checks ?? 'content'
  const reel: readonly Footage[] = [
    { ...footage, picture: 'moving', sound: 'programme', bFrames },
    { ...footage, bFrames },
  ]
  return {
    id,
    kind: 'content',
    what,
    how: `ffmpeg goes on with another clip, nginx-rtmp, \`"checks": "${checks}"\`${bFrames > 0 ? ', with B-frames' : ''}`,
    expects,
    target: { checks, ...target },
    footage: reel,
    ...rest,
    async play(stage) {
      const publisher = await stage.publish(stage.nginx(), { footage: reel })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(HEALTHY_FOR)
      stage.fault()
    },
  }
}

const black: Footage = { picture: 'black' }
const twoIntervals = { seconds: 4, because: 'with B-frames a key frame is seen two intervals late' }

const nextLook = {
  seconds: 60,
  because: 'the content is looked at on suspicion, 30 s after the look before at the soonest',
}

/** Of its own, because the healthy part has key frames. */
const refreshed: readonly Footage[] = [
  {},
  { gop: 90, length: 90, video: ['-x264-params', 'intra-refresh=1:nal-hrd=cbr:force-cfr=1'] },
]
const withoutKeyframes: Fault = {
  id: 'refreshed',
  kind: 'content',
  what: 'the picture is refreshed bit by bit, without key frames, so that none can be looked at',
  how: 'ffmpeg goes on with another clip, nginx-rtmp, `"checks": "content"`',
  expects: ['pictureNotSeen'],
  allowed: ['gopSizeOver', 'gopSizeLong', 'keyframeIntervalVaries', 'gopMismatch', 'parametersChanged'],
  target: { checks: 'content' },
  footage: refreshed,
  delay: { seconds: 4, because: 'the clip without key frames begins with one, which is still looked at' },
  async play(stage) {
    const publisher = await stage.publish(stage.nginx(), { footage: refreshed })
    await stage.watchUp(stage.nginx())
    await publisher.untilSent(HEALTHY_FOR)
    stage.fault()
  },
}

export const CONTENT: readonly Fault[] = [
  withoutKeyframes,
  becomes('black', 'the picture is black', black, ['videoBlack'], { short: true }),
  becomes('black-b', 'the picture is black', black, ['videoBlack'], { bFrames: 2, delay: twoIntervals }),
  becomes('black-full', 'the picture is black', black, ['videoBlack'], { target: { checks: 'full' } }),
  becomes('black-silent', 'black and silent', { picture: 'black', sound: 'silence' }, ['videoBlack', 'audioSilent']),
  becomes('frozen', 'the picture stands still, without a sound', { picture: 'still', sound: 'silence' }, [
    'audioSilent',
    'videoFrozen',
  ]),
  becomes(
    'frozen-fault',
    'the picture stands still under speech, which is said to be a fault',
    { picture: 'still' },
    ['videoFrozen'],
    {
      target: { stillPicture: 'fault' },
    },
  ),
  becomes(
    'frozen-full',
    'the picture stands still, without a sound',
    { picture: 'still', sound: 'silence' },
    ['audioSilent', 'videoFrozen'],
    {
      target: { checks: 'full' },
    },
  ),
  becomes('silent', 'no sound at all', { sound: 'silence' }, ['audioSilent']),
  becomes('hiss', 'nothing but the noise of an open input', { sound: 'hiss' }, ['audioSilent'], {
    allowed: ['loudnessLow'],
  }),
  becomes('left-only', 'the right channel is silent', { sound: 'leftOnly' }, ['audioOneSided']),
  becomes('right-only', 'the left channel is silent', { sound: 'rightOnly' }, ['audioOneSided'], {
    target: { checks: 'full' },
  }),
  becomes('clipped', 'the sound is cut off at full scale', { sound: 'clipped' }, ['audioClipping'], {
    allowed: ['loudnessHigh'],
  }),
  becomes('loud', 'the sound is too loud, though a limiter holds it', { sound: 'limited' }, ['loudnessHigh']),
  becomes('quiet', 'the sound is too quiet', { sound: 'quiet' }, ['loudnessLow']),
  becomes('auto-silent', 'no sound at all', { sound: 'silence' }, ['audioSilent'], {
    target: { checks: 'auto' },
    delay: nextLook,
  }),
  becomes('auto-black', 'the picture is black', { picture: 'black', rateControl: 'capped' }, ['videoBlack'], {
    target: { checks: 'auto' },
    delay: nextLook,
  }),
]
