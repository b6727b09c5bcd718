import { seconds, times, truncate } from '../../observation/words.ts'
import { occurrences } from '../history.ts'
import { isHeldToOthers, type StreamCheck } from './stream-options.ts'

function missingTrack(row: {
  type: string
  track: 'video' | 'audio'
  weight: number
  why: string
  remedy: readonly string[]
}): StreamCheck {
  const { track } = row
  const other = track === 'video' ? 'audio' : 'video'
  return {
    type: row.type,
    unit: `${track} tracks`,
    severity: 'error',
    weight: row.weight,
    limits: { enter: null, enterHold: 0, clear: null, clearHold: 2, window: null },
    worse: 'higher',
    warmUp: 'judged',
    resets: ['publisher restart', 'new session'],
    assess({ reading, options }) {
      if (options.media === other) return 'not-judged'
      const there = reading.measurements.tracks[track]
      if (reading.outcome !== 'present' || there === null) return 'unmeasured'
      return { value: !there, measured: 0, expected: 1 }
    },
    summary: () => `The stream has no ${track}`,
    remedy: [...row.remedy, `If this stream is meant to have no ${track}, set its "media" to "${other}".`],
    text: {
      measures: `whether the session has shown ${track}`,
      window: () =>
        'the session, once it has run for 5 s and been looked at a second time, for up to 15 s; until then nothing is judged',
      raised: () => `no ${track} in the session, or none for 10 s while the other track goes on`,
      cleared: () => `${track} arrives`,
      why: row.why,
      blindTo: `A track of ${track} that carries nothing but ${track === 'video' ? 'black' : 'silence'}. Not judged where \`media\` of the target is \`${other}\`.`,
    },
  }
}

export const noVideoStream = missingTrack({
  type: 'noVideoStream',
  track: 'video',
  weight: 60,
  why: "YouTube's name; Facebook requires both tracks. An error, because there is nothing to see. The probe opens a session a second time before it says so, so it need not be held.",
  remedy: [
    'On the encoder, check whether the camera or the switcher is connected and chosen as the source.',
    'Stop the stream on the encoder and start it again.',
    'Is the codec HEVC, AV1 or VP9, and the server nginx with its RTMP module? Up to 1.2.2 that passes on the sound alone: choose H.264 on the encoder, or another server (MediaMTX, SRS, node-media-server).',
  ],
})

export const noAudioStream = missingTrack({
  type: 'noAudioStream',
  track: 'audio',
  weight: 40,
  why: "YouTube's name; Facebook requires both tracks. An error, because a service or a talk without sound is lost. The probe opens a session a second time before it says so, so it need not be held.",
  remedy: [
    'On the encoder, check whether an audio source is chosen and its level meter moves.',
    'Stop the stream on the encoder and start it again: most encoders add a track only at the start.',
  ],
})

export const parametersNotSeen: StreamCheck = {
  type: 'parametersNotSeen',
  severity: 'warning',
  weight: 10,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, options }) {
    if (!isHeldToOthers(options)) return 'not-judged'
    const { parameters } = reading.measurements
    if (reading.outcome !== 'present' || parameters === null) return 'unmeasured'
    return { value: parameters.unseen !== undefined, measured: 'headers', expected: 'headers and frames' }
  },
  summary: (_finding, { reading }) =>
    `Nobody looks at the frames, so that interlaced video, B-frames and, of other codecs than H.264 and AAC, profile and size are not judged. ${reading.measurements.parameters?.unseen ?? ''}`.trim(),
  remedy: [
    'Install FFmpeg where the monitor runs (Debian: apt-get install ffmpeg), or name an ffprobe in the node or in FFPROBE_PATH.',
    'Then deploy the flow again, so that the stream is connected and looked at once more.',
    'Until then, compare the settings of the encoder with those of the platform by hand.',
  ],
  text: {
    measures: 'whether an ffprobe has looked at the frames of a stream that the monitor reads itself',
    window: () => 'the newest inspection',
    raised: () => 'there is none',
    cleared: () => 'one has looked',
    why: 'RTMP is read without an ffprobe, and most is known from its headers; but what nobody has looked at must not look as if it had been passed. A warning, because nobody knows that anything is wrong.',
    blindTo:
      'What is wrong with the frames. Judged only where the target has a `profile` or is the `backupOf` another, because nothing else asks for it.',
  },
}

/** What the configuration of a codec is called, by the codec. */
const CONFIGURATIONS: Readonly<Record<string, readonly [codec: string, configuration: string]>> = {
  aac: ['AAC', "AudioSpecificConfig, RTMP's AAC sequence header"],
  h264: ['H.264', "AVCDecoderConfigurationRecord, RTMP's AVC sequence header"],
  hevc: ['HEVC', "HEVCDecoderConfigurationRecord, RTMP's HEVC sequence header"],
  vvc: ['VVC', "VVCDecoderConfigurationRecord, RTMP's VVC sequence header"],
}

function missingSequenceHeader(row: {
  type: string
  track: 'video' | 'audio'
  weight: number
  seen: string
  why: string
}): StreamCheck {
  const { track, seen } = row
  const other = track === 'video' ? 'audio' : 'video'
  return {
    type: row.type,
    severity: 'error',
    weight: row.weight,
    limits: { enter: null, enterHold: 5, clear: null, clearHold: 0, window: null },
    worse: 'higher',
    warmUp: 'judged',
    resets: ['publisher restart', 'new session'],
    assess({ reading, options }) {
      if (options.media === other) return 'not-judged'
      const isConfigured = reading.measurements.configured[track]
      if (reading.outcome !== 'present' || isConfigured === null) return 'unmeasured'
      return { value: !isConfigured, measured: 'none', expected: 'one before the first frame' }
    },
    summary(_finding, { reading }) {
      const codec = reading.measurements.parameters?.[track][0]?.codec ?? ''
      const [name, configuration = 'the sequence header'] = CONFIGURATIONS[codec] ?? []
      const medium = track === 'video' ? 'video' : 'sound'
      return `The stream carries ${name ? `${name} ` : ''}${medium}, but its configuration (${configuration}) never came: ${seen}`
    },
    remedy: [
      'Stop the stream on the encoder and start it again: an encoder sends the configuration once, when it begins.',
      'If it comes back, look at what is between the encoder and this server (a relay, a cloud switcher): it must hand the sequence headers on to who joins later. Restart it, or send to the server without it.',
      `Update the encoder, or choose another ${track} encoder in its settings.`,
    ],
    text: {
      measures: `whether the configuration of the ${track} codec (RTMP's sequence header) came before its frames`,
      window: () => 'the session',
      raised: () => `frames of ${track === 'video' ? 'H.264, HEVC or VVC' : 'AAC'} come, and no configuration`,
      cleared: () => 'it has come',
      why: row.why,
      blindTo: `Whether it is the right one. Only what the monitor reads itself is judged: RTMP, and FLV over HTTP; not with \`"reader": "ffprobe"\`, and no other protocol. Not judged where \`media\` of the target is \`${other}\`.`,
    },
  }
}

const WHY =
  'Without it a decoder does not know what the bytes are, whatever else is right. A server sends it to a player that joins before the first frame, so 5 s are enough for one that sends it late.'

export const noVideoSequenceHeader = missingSequenceHeader({
  type: 'noVideoSequenceHeader',
  track: 'video',
  weight: 60,
  seen: 'players stay black',
  why: `FLV specification, annex E.4.3.2. ${WHY}`,
})

export const noAudioSequenceHeader = missingSequenceHeader({
  type: 'noAudioSequenceHeader',
  track: 'audio',
  weight: 40,
  seen: 'players stay silent',
  why: `FLV specification, annex E.4.2.2. ${WHY}`,
})

/** How many changes a summary names; a hostile stream could declare any number. */
const MOST_NAMED = 4

export const parametersChanged: StreamCheck = {
  type: 'parametersChanged',
  severity: 'warning',
  weight: 5,
  limits: { enter: 1, enterHold: 0, clear: 0, clearHold: 0, window: 60 },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, history }, limits) {
    if (reading.outcome !== 'present') return 'unmeasured'
    const count = occurrences(history, 'parameters', limits.window ?? 0)
    const changes = reading.measurements.parameterChanges
    const named = truncate(changes.slice(0, MOST_NAMED).join(', '), 200)
    const more = changes.length > MOST_NAMED ? ` and ${changes.length - MOST_NAMED} more` : ''
    return { value: count, measured: named === '' ? times(count) : named + more, expected: 'no change' }
  },
  summary: (finding, _context, limits) =>
    `The stream changed while live, in the last ${seconds(limits.window ?? 0)} of media: ${finding.measured} (expected: no change)`,
  remedy: [
    'If somebody changed the settings of the encoder on purpose, there is nothing to do.',
    'Otherwise check the encoder: a second sender, a changed preset or another source can be behind it.',
    'Watch the stream on the platform: some players stop at a change, and then the stream must be started again.',
  ],
  text: {
    measures: 'changes of codec, size, frame rate, sample rate or channels while the publisher goes on',
    window: (limits) => `${limits.window} s of measured media`,
    raised: (limits) => `${times(limits.enter ?? 0)} or more within the window`,
    cleared: (limits) => `${times(limits.clear ?? 0)} within the window`,
    why: 'Facebook asks for no change in mid-stream. A change is an occurrence without an end of its own: the issue stays for the window, so that people and a scrape see it, and then goes, because the new settings may be as good as the old.',
    blindTo: 'A change back within one inspection, and whether the new settings suit the platform.',
  },
}
