import type { AudioParameters, StreamMeasurements, StreamParameters, VideoParameters } from '../observation/stream.ts'
import { bitrate, hundredths, seconds } from '../observation/words.ts'

/** A line of the table: what it is, and what is known of it. */
export type Fact = readonly [name: string, value: string]

const NOT_MEASURED = 'not measured'

/** What arrives, for a person: what the stream says of itself, and what was measured. */
export function factsOf(parameters: StreamParameters | null, measurements: StreamMeasurements): Fact[] {
  const [video] = parameters?.video ?? []
  const [audio] = parameters?.audio ?? []
  const { tracks, window } = measurements
  const facts: Fact[] = []
  if (parameters) facts.push(['Container', parameters.format])
  if (parameters?.encoder) facts.push(['Encoder', parameters.encoder])
  if (video) facts.push(['Video', videoText(video)])
  if (tracks.video) {
    facts.push([
      'Frame rate',
      rate(window.framesPerSecond, video?.declaredFrameRate, (value) => `${hundredths(value)}/s`),
    ])
    facts.push(['Video bitrate', rate(window.videoBytesPerSecond, video?.declaredBytesPerSecond, bitrate)])
    facts.push(['Key frames', measured(measurements.keyframeInterval, (value) => `every ${hundredths(value)} s`)])
  }
  if (audio) facts.push(['Audio', audioText(audio)])
  if (tracks.audio) {
    facts.push(['Audio bitrate', rate(window.audioBytesPerSecond, audio?.declaredBytesPerSecond, bitrate)])
  }
  if (tracks.video || tracks.audio) {
    facts.push(['Real time', measured(window.realtimeRatio, (ratio) => `${ratio.toFixed(2)} s of media per second`)])
  }
  if (measurements.connectSeconds !== null)
    facts.push(['First packet', `after ${seconds(measurements.connectSeconds)}`])
  return facts
}

function videoText({ codec, profile, width, height, fieldOrder, bFrames }: VideoParameters): string {
  const size = width > 0 && height > 0 ? `${width}x${height}` : null
  const reordered = bFrames === null ? null : bFrames === 0 ? 'no B-frames' : 'B-frames'
  return [joined(codec, profile), size, fieldOrder, reordered].filter((part) => part !== null).join(', ')
}

const LAYOUTS = ['no channels', 'mono', 'stereo']

function audioText({ codec, profile, sampleRate, channels }: AudioParameters): string {
  const kilohertz = sampleRate === null ? null : `${hundredths(sampleRate / 1000)} kHz`
  const layout = channels === null ? null : (LAYOUTS[channels] ?? `${channels} channels`)
  return [joined(codec, profile), kilohertz, layout].filter((part) => part !== null).join(', ')
}

function joined(codec: string, profile: string | null): string {
  return profile === null ? codec : `${codec} ${profile}`
}

function measured(value: number | null, text: (value: number) => string): string {
  return value === null ? NOT_MEASURED : text(value)
}

function rate(value: number | null, declared: number | null | undefined, text: (value: number) => string): string {
  return declared == null ? measured(value, text) : `${measured(value, text)} (declared ${text(declared)})`
}
