import { seconds } from '../../observation/words.ts'
import { contentOf, plainSpan, spanCheck, unnoticedCheck } from './content-span.ts'
import type { StreamCheck } from './stream-options.ts'

export const audioSilent = spanCheck({
  type: 'audioSilent',
  severity: 'error',
  weight: 30,
  after: 20,
  assess: plainSpan('silent', 'sound'),
  says: ({ measured }) => `No sound for ${seconds(Number(measured))}, though the stream has an audio track`,
  remedy: [
    'On the encoder, check the level meter: does it move? Is the source muted?',
    'On the mixing desk, check whether the bus to the stream is up; what is heard in the room says nothing about it.',
    'Check the cable from the mixing desk to the encoder.',
    'If it is meant to be silent, as before the event, there is nothing to do.',
  ],
  measures: 'whether every channel is silent',
  raised: 'silence',
  cleared: 'sound',
  why: 'What users report most: people in the room hear everything and nobody knows that viewers hear nothing. It is as bad as no audio, so an error. A pause in speech is shorter; a minute of silence in a hall is not silent to a microphone.',
  blindTo: 'Noise and hum without a programme, and a microphone that is far away.',
})

export const audioOneSided = spanCheck({
  type: 'audioOneSided',
  severity: 'warning',
  weight: 10,
  after: 20,
  assess: plainSpan('oneSided', 'sound on both sides'),
  says({ measured }, context) {
    const side = contentOf(context)?.silentSide
    return `${side == null ? 'One' : `The ${side}`} channel has been silent for ${seconds(Number(measured))} (expected: sound on both)`
  },
  remedy: [
    'On the mixing desk, check whether the bus to the stream is panned to the middle.',
    'Check both cables, or both halves of the stereo cable, from the mixing desk to the encoder.',
    'On the encoder, mix the source down to mono if only one channel can be had (in OBS: Advanced Audio Properties, Mono).',
  ],
  measures: 'whether one of two channels is silent while the other is not',
  raised: 'one side silent',
  cleared: 'sound on both sides',
  why: 'Who listens with one ear, or on a telephone, hears nothing, and the others hear it badly: a warning.',
  blindTo: 'Channels that differ but both carry something, and more than two channels.',
})

export const audioClipping = spanCheck({
  type: 'audioClipping',
  severity: 'warning',
  weight: 10,
  after: 5,
  assess: plainSpan('clipping', 'sound below full scale'),
  says: ({ measured }) => `The sound has been clipping for ${seconds(Number(measured))}: it is distorted`,
  remedy: [
    'On the mixing desk, lower the bus to the stream until its meter stays out of the red.',
    'On the encoder, lower the gain of the audio source, and check whether two stages amplify.',
    'Listen to the stream: distortion from an earlier stage stays, however low the last one is.',
  ],
  measures: 'whether samples reach full scale again and again',
  raised: 'clipping',
  cleared: 'no more clipping',
  why: 'Speech becomes hard to follow, and the broadcast goes on: a warning. A single clap is none.',
  blindTo: 'Sound that was distorted before it was turned down.',
})

function loudnessCheck(row: {
  type: string
  worse: 'higher' | 'lower'
  limits: StreamCheck['limits']
  says: string
  remedy: readonly string[]
  why: string
  blindTo: string
}): StreamCheck {
  const high = row.worse === 'higher'
  const side = (limit: number | null, more: boolean) => `${limit} LUFS or ${more ? 'more' : 'less'}`
  return {
    type: row.type,
    unit: 'LUFS',
    severity: 'info',
    weight: 2,
    limits: row.limits,
    worse: row.worse,
    warmUp: 'judged',
    resets: ['publisher restart', 'new session'],
    needs: 'content',
    assess(context, limits) {
      const loudness = contentOf(context)?.loudness ?? null
      if (loudness === null) return 'unmeasured'
      const measured = Math.round(loudness * 10) / 10 + 0
      return { value: loudness, measured, expected: side(limits.clear, !high) }
    },
    summary: ({ measured, expected }) => `The sound is too ${row.says}: ${measured} LUFS (expected ${expected})`,
    remedy: row.remedy,
    text: {
      measures: 'short-term loudness (EBU R 128): of the last 3 s',
      window: () => '3 s',
      raised: (limits) => side(limits.enter, high),
      cleared: (limits) => side(limits.clear, !high),
      why: row.why,
      blindTo: row.blindTo,
    },
  }
}

export const loudnessLow = loudnessCheck({
  type: 'loudnessLow',
  worse: 'lower',
  limits: { enter: -35, enterHold: 30, clear: -30, clearHold: 5, window: null },
  says: 'quiet',
  remedy: [
    'On the mixing desk, raise the bus to the stream; the level in the room says nothing about it.',
    'On the encoder, raise the gain of the audio source until speech stands at about two thirds of the meter.',
    'If the programme is meant to be quiet now, there is nothing to do.',
  ],
  why: 'EBU R 128 asks for -23 LUFS over a programme, and platforms play louder still. 12 LU below that viewers turn up their volume or give up. Music may be quiet, so it is information, and only after half a minute.',
  blindTo: 'Silence, which is audioSilent, and a voice that is too quiet under loud music.',
})

export const loudnessHigh = loudnessCheck({
  type: 'loudnessHigh',
  worse: 'higher',
  limits: { enter: -9, enterHold: 15, clear: -11, clearHold: 5, window: null },
  says: 'loud',
  remedy: [
    'On the mixing desk, lower the bus to the stream.',
    'On the encoder, lower the gain of the audio source, and check whether a compressor or limiter drives it up.',
    'Listen to the stream: if it is not distorted, it can stay until there is a pause.',
  ],
  why: 'YouTube turns down what is louder than about -14 LUFS, so nothing is won by it. 5 LU above that leaves no room for peaks: it is about to clip. Advice, so it is information.',
  blindTo: 'Short peaks, and distortion, which is audioClipping.',
})

export const soundNotHeard = unnoticedCheck({
  type: 'soundNotHeard',
  limits: { enter: 20, enterHold: 0, clear: null, clearHold: 0, window: null },
  unless: 'video',
  assess: ({ silent, unheard = 0 }, enter) => ({ unnoticed: unheard, usual: enter, isKnown: silent !== null }),
  summary: ({ measured, expected }) =>
    `The sound cannot be listened to: ${seconds(Number(measured))} of audio that could not be decoded (expected: ${expected} s). Silence is not found`,
  remedy: [
    'Listen to the stream yourself, with a player: the monitor does not hear whether it is silent.',
    'On the encoder, choose AAC as the audio codec, stop the stream and start it again.',
    'If players have sound, the ffmpeg of the monitor cannot decode this codec: name another one in FFMPEG_PATH.',
  ],
  measures: 'how much audio has come since some could be listened to',
  raised: '20 s',
  cleared: 'sound, or silence, that could be listened to',
  why: 'A check that was asked for and cannot be made must not look as if it had been passed. Sound is listened to throughout, so that nothing of it for 20 s is no delay of ours. It may be as well as ever, so it is a warning.',
  blindTo: 'What the sound is. Not judged where `media` of the target is `video`.',
})
