import type { InspectionAnswer } from '../inspection/inspections.ts'
import type { VerdictWord } from '../inspection/verdict.ts'
import type { Issue, Severity } from '../observation/observation.ts'
import type { AudioParameters, StreamMeasurements, StreamParameters, VideoParameters } from '../observation/stream.ts'
import { bitrate, hundredths, seconds } from '../observation/words.ts'

/** Breaks a text into lines of at most `width` characters, between words. A longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Control characters could make a terminal do anything, and some of what is shown a server has sent. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
}

/** As `styleText` of node:util names them. */
export type Colour = 'green' | 'yellow' | 'red' | 'blue' | 'bold' | 'dim'

export interface Page {
  /** Characters in a line. */
  width: number
  paint(colour: Colour, text: string): string
}

const LOOKS: Readonly<Record<VerdictWord, { colour: Colour; says: string }>> = {
  pass: { colour: 'green', says: 'Nothing is wrong with this stream.' },
  warn: { colour: 'yellow', says: 'This stream works, and something about it should be better.' },
  fail: { colour: 'red', says: 'This stream is not fit to go on air.' },
  unknown: { colour: 'blue', says: 'Not known: the check could not be completed.' },
}

const COLOURS: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', info: 'blue' }

/** Narrower than that no text can be read. */
const NARROWEST = 40

/** The verdict for a person: what it is, what is wrong and what to do, and what arrives. */
export function reportOf(answer: InspectionAnswer, page: Page): string {
  const { verdict, reason, issues, profile, parameters, measurements } = answer
  const { colour, says } = LOOKS[verdict]
  const subject = `${answer.subject}${profile === null ? '' : `  for ${profile}`}`
  const blocks = [
    [
      `${page.paint(colour, page.paint('bold', verdict.toUpperCase()))}  ${says}`,
      page.paint('dim', printable(subject)),
    ],
    reason === null ? [] : wrap(printable(reason), Math.max(NARROWEST, page.width)),
    ...issues.map((issue) => issueLines(issue, page)),
    measurements === null ? [] : factLines(factsOf(parameters, measurements), page),
  ]
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${shown.join('\n\n')}\n`
}

/**
 *     error    gopSizeOver
 *              Key frames are as far apart as 9 s, where …
 *              1. On the encoder, …
 */
function issueLines({ severity, type, summary, remedy }: Issue, page: Page): string[] {
  const indent = 'warning  '.length
  const width = Math.max(NARROWEST, page.width - indent)
  const shifted = (line: string) => ' '.repeat(indent) + line
  const steps = remedy.flatMap((step, index) => {
    const number = `${index + 1}. `
    const lines = wrap(printable(step), width - number.length)
    return lines.map((line, at) => (at === 0 ? number : ' '.repeat(number.length)) + line)
  })
  return [
    page.paint(COLOURS[severity], severity.padEnd(indent)) + page.paint('bold', type),
    ...wrap(printable(summary), width).map(shifted),
    ...steps.map(shifted),
  ]
}

function factLines(facts: ReturnType<typeof factsOf>, page: Page): string[] {
  const column = Math.max(0, ...facts.map(([name]) => name.length)) + 2
  return facts.flatMap(([name, value]) => {
    const lines = wrap(printable(value), Math.max(NARROWEST, page.width - column))
    return lines.map((line, at) => page.paint('dim', (at === 0 ? name : '').padEnd(column)) + line)
  })
}

/** A line of the table: what it is, and what is known of it. */
type Fact = readonly [name: string, value: string]

const NOT_MEASURED = 'not measured'

/** What arrives, for a person: what the stream says of itself, and what was measured. */
function factsOf(parameters: StreamParameters | null, measurements: StreamMeasurements): Fact[] {
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
