import { anyOf, quantity } from '../../observation/words.ts'
import { parameterCheck } from './against-profile.ts'
import { formatsOf, isSegmented } from './stream-options.ts'

/** What is read by HLS or DASH was packed for players: it shows neither the container nor the tracks that were sent. */
const SEGMENTED = 'HLS and DASH, which are not judged: they are packed for players, not for the platform'

export const badContainer = parameterCheck({
  type: 'badContainer',
  severity: 'warning',
  weight: 10,
  limit: 'container',
  judged({ allowed }, { format }, context) {
    if (isSegmented(context)) return 'not-judged'
    const known = formatsOf(context.reading.measurements)
    return { fault: !known.some((name) => allowed.includes(name)), measured: format, expected: anyOf(allowed) }
  },
  says: ({ measured }) => `The container is ${measured}`,
  remedy: [
    'If a relay repacks this stream for the platform, add the container to the profile or take the limit away.',
    'Otherwise send it by RTMP or RTMPS, which every encoder and every platform knows.',
    'Look on the platform whether it receives the stream.',
  ],
  text: {
    measures: 'the container in which the stream was read',
    raised: 'a container that is not among those of the profile',
    why: "YouTube's name. It is a warning and no error, because the stream is read from a relay, which may send it on in another container. RTMP and HTTP-FLV always carry FLV.",
    blindTo: `What is sent on to the platform, and ${SEGMENTED}.`,
  },
})

function multipleTracks(row: {
  type: string
  media: 'video' | 'audio'
  limit: 'videoTracks' | 'audioTracks'
  sense: string
  where: string
}) {
  const { media, sense } = row
  return parameterCheck({
    type: row.type,
    unit: `${media} tracks`,
    severity: 'warning',
    weight: 5,
    limit: row.limit,
    judged({ max }, parameters, context) {
      if (isSegmented(context)) return 'not-judged'
      const count = parameters[media].length
      return { fault: count > max, measured: count, expected: `at most ${max}` }
    },
    says: ({ measured }) => `The stream has ${quantity(Number(measured), `${media} track`)}`,
    remedy: [
      `On the encoder, send one ${media} track only${row.where}.`,
      'Stop the stream on the encoder and start it again: most encoders change tracks only at the start.',
      `Look on the platform which of them is ${sense}.`,
    ],
    text: {
      measures: `how many ${media} tracks an inspection shows`,
      raised: 'more than the profile takes',
      why: `YouTube's name. Which track is ${sense} is left to the platform, and the broadcast goes on: a warning.`,
      blindTo: `Tracks that begin after the inspection, and ${SEGMENTED}.`,
    },
  })
}

export const multipleVideoStreams = multipleTracks({
  type: 'multipleVideoStreams',
  media: 'video',
  limit: 'videoTracks',
  sense: 'shown',
  where: '',
})

export const multipleAudioStreams = multipleTracks({
  type: 'multipleAudioStreams',
  media: 'audio',
  limit: 'audioTracks',
  sense: 'heard',
  where: ' (in OBS: Settings, Output, Audio Track)',
})
