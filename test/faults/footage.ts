/**
 * What publishers replay without encoding it: encoded once per machine. By default 640x360 at 30 frames a second, key
 * frames every 2 s, 800 kb/s constant, stereo at 128 kb/s, which no shipped profile has a warning for.
 */
import { createHash } from 'node:crypto'
import { clipFile, encodeOnce } from '../fixtures/clips.ts'

export interface Footage {
  /** `WIDTHxHEIGHT`. */
  size?: string
  /** Frames per second, as ffmpeg takes it: `30`, `30000/1001`. */
  frameRate?: string
  /** Seconds between key frames. */
  gop?: number
  /** Seconds between key frames that alternate with `gop`. */
  otherGop?: number
  /** Seconds. Default 16. */
  length?: number
  /** Video bits per second. */
  videoBitrate?: number
  /** `cbr`: constant, filled up; `steady`: the same without filling, as most encoders; `capped`: by quality, up to it. */
  rateControl?: 'cbr' | 'steady' | 'capped'
  bFrames?: number
  /** Further options of the video encoder. */
  video?: readonly string[]
  /** Default `libx264`. */
  videoCodec?: string
  audioBitrate?: number
  sampleRate?: number
  channels?: number
  /** Default `aac`. */
  audioCodec?: string
  picture?: keyof typeof PICTURES
  sound?: keyof typeof SOUNDS
  /** Further tracks: copies of the first. */
  tracks?: { video?: number; audio?: number }
}

/** Filter graphs of one input without its size and rate. */
const PICTURES = {
  moving: (at: string) => `testsrc2=${at}`,
  black: (at: string) => `color=black:${at}`,
  still: (at: string, rate: string) => `testsrc2=${at},trim=end_frame=1,loop=loop=-1:size=1,setpts=N/(${rate})/TB`,
  /** Moving for 16 s, then a slide that stands for 24 s. */
  slide: (at: string, rate: string) =>
    `testsrc2=${at}:duration=16[a];testsrc2=${at},trim=end_frame=1,loop=loop=-1:size=1,setpts=N/(${rate})/TB,` +
    'trim=duration=24[b];[a][b]concat=n=2',
  /** A shared screen: 10 s of movement, 15 s that stand still, in turn; what is like the frame before is left out, but 2 a second. */
  screen: (at: string, rate: string) =>
    `testsrc2=${at},loop=loop=15*${rate}:size=1:start=10*${rate},loop=loop=15*${rate}:size=1:start=35*${rate},setpts=N/(${rate})/TB,mpdecimate=max=15`,
} as const

/** As loud as speech on air. */
const PROGRAMME = (rate: number) => `anoisesrc=sample_rate=${rate}:color=pink:amplitude=0.5:seed=7`

const SOUNDS = {
  programme: (rate: number, layout: string) => `${PROGRAMME(rate)},aformat=channel_layouts=${layout}`,
  /** Another noise on each side, on which an encoder spends all its bits. */
  wide: (rate: number) => `${PROGRAMME(rate)}[l];anoisesrc=sample_rate=${rate}:amplitude=0.5:seed=8[r];[l][r]amerge`,
  silence: (rate: number, layout: string) => `anullsrc=sample_rate=${rate}:channel_layout=${layout}`,
  /** What an input picks up to which nothing is connected. */
  hiss: (rate: number, layout: string) => `${PROGRAMME(rate)},volume=-50dB,aformat=channel_layouts=${layout}`,
  leftOnly: (rate: number) => `${PROGRAMME(rate)},aeval=val(0)|0:channel_layout=stereo`,
  rightOnly: (rate: number) => `${PROGRAMME(rate)},aeval=0|val(0):channel_layout=stereo`,
  clipped: (rate: number, layout: string) =>
    `${PROGRAMME(rate)},volume=18dB,aformat=sample_fmts=s16,aformat=channel_layouts=${layout}`,
  /** Too loud, and yet a limiter keeps it below full scale. */
  limited: (rate: number, layout: string) =>
    `${PROGRAMME(rate)},volume=18dB,alimiter=limit=0.95:level=disabled,aformat=channel_layouts=${layout}`,
  quiet: (rate: number, layout: string) => `${PROGRAMME(rate)},volume=-22dB,aformat=channel_layouts=${layout}`,
  /** A speaker: 6 s of sound, then a pause of 2.5 s. */
  speech: (rate: number, layout: string) =>
    `${PROGRAMME(rate)},volume='if(lt(mod(t,8.5),6),1,0.001)':eval=frame,aformat=channel_layouts=${layout}`,
} as const

const LAYOUTS: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' }

/** Filled in with what the field is by default. */
export function complete(footage: Footage) {
  return {
    size: '640x360',
    frameRate: '30',
    gop: 2,
    length: 16,
    videoBitrate: 800_000,
    rateControl: 'cbr' as const,
    bFrames: 0,
    video: [],
    videoCodec: 'libx264',
    audioBitrate: 128_000,
    sampleRate: 48_000,
    channels: 2,
    audioCodec: 'aac',
    picture: 'moving' as const,
    sound: 'programme' as const,
    ...footage,
  }
}

/** The path of the footage, encoded now unless it already is there. */
export function footageFile(footage: Footage): Promise<string> {
  const args = encoding(footage)
  const name = createHash('sha256').update(args.join(' ')).digest('hex').slice(0, 16)
  return inTurn(() => encodeOnce(clipFile(`v1-fault-${name}.mkv`), args))
}

let last: Promise<unknown> = Promise.resolve()

/** Encoders take all cores: one at a time. */
function inTurn<T>(make: () => Promise<T>): Promise<T> {
  const made = last.then(make)
  last = made.catch(() => undefined)
  return made
}

function encoding(footage: Footage): string[] {
  const f = complete(footage)
  const picture = PICTURES[f.picture](`size=${f.size}:rate=${f.frameRate}`, f.frameRate)
  const sound = SOUNDS[f.sound](f.sampleRate, LAYOUTS[f.channels] ?? 'stereo')
  const { video = 1, audio = 1 } = f.tracks ?? {}
  return [
    ...['-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound, '-t', String(f.length)],
    ...Array.from({ length: video }, () => ['-map', '0:v']).flat(),
    ...Array.from({ length: audio }, () => ['-map', '1:a']).flat(),
    ...[
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      f.videoCodec,
      ...(f.videoCodec === 'libx264' ? x264(f) : generic(f)),
      ...f.video,
    ],
    ...['-c:a', f.audioCodec, '-b:a', String(f.audioBitrate), '-strict', '-2'],
  ]
}

type Complete = ReturnType<typeof complete> & Footage

function x264(f: Complete): string[] {
  const frames = (seconds: number) => Math.round(seconds * framesPerSecond(f.frameRate))
  const rate = String(f.videoBitrate)
  return [
    ...['-preset', 'veryfast', '-bf', String(f.bFrames), '-sc_threshold', '0'],
    ...['-g', String(frames(Math.max(f.gop, f.otherGop ?? 0)))],
    ...(f.otherGop === undefined
      ? ['-keyint_min', String(frames(f.gop))]
      : ['-keyint_min', '1', '-force_key_frames', keyframeTimes(f)]),
    ...(f.rateControl === 'capped' ? ['-crf', '23'] : ['-b:v', rate, '-minrate', rate]),
    ...['-maxrate', rate, '-bufsize', rate],
    ...(f.rateControl === 'cbr' ? ['-nal-hrd', 'cbr'] : []),
  ]
}

function generic(f: Complete): string[] {
  return ['-g', String(Math.round(f.gop * framesPerSecond(f.frameRate))), '-b:v', String(f.videoBitrate)]
}

/** When key frames come; encoders count frames, and some footage has two lengths in turn. */
function keyframeTimes({ gop, otherGop, length }: Complete): string {
  const times: number[] = []
  for (let time = 0, index = 0; time < length; index += 1) {
    times.push(time)
    time += index % 2 === 1 ? (otherGop ?? gop) : gop
  }
  return times.map((time) => time.toFixed(4)).join(',')
}

export function framesPerSecond(rate: string): number {
  const [numerator = 0, denominator = 1] = rate.split('/').map(Number)
  return numerator / denominator
}
