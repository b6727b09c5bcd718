import type { Content } from '../observation/content.ts'
import type { StreamReadOptions } from '../observation/stream.ts'
import { PICTURE_SEEN } from '../stream/content/pictures.ts'
import { RULES } from '../stream/content/rules.ts'
import { BLOCK, PART, SOUND_HEARD } from '../stream/content/sound.ts'
import { packetOutput } from './framecrc-line.ts'

/** Descriptors on which ffmpeg writes what its filters find. */
const PICTURES_FD = 3
const SOUND_FD = 4

/**
 * Threads that decode. With key frames alone more of them would only delay the pictures and cost memory. Where all
 * pictures are decoded, four of them are enough for 2160p60 on cores that do 1080p60 each.
 */
const DECODER_THREADS: Readonly<Record<Content['pictures'], number>> = { keyframes: 1, all: 4 }

export interface ContentInput {
  pictures: Content['pictures']
  media: StreamReadOptions['media']
  /** What says where and how to read, without `-i`. */
  args: readonly string[]
  url: string
  /** Whether tables name the tracks, as in MPEG-TS: then one may be named that never comes. Default: false. */
  isNamed?: boolean | undefined
  /** Whether it prints the packets too. Default: true. */
  packets?: boolean
  /** Of what it says to stderr. Default: errors. */
  level?: string
}

/**
 * ffmpeg's arguments to print the packets of a stream to its standard output and what is found in its pictures and its
 * sound to two further descriptors, all from one connection. A track that is not there is left out.
 */
export function contentArguments(input: ContentInput): string[] {
  const { pictures, media, args, url, isNamed = false, packets = true, level = 'error' } = input
  // The time stamps of what the filters let pass may go back; the muxer that throws it all away would complain.
  const nowhere = ['-bsf', 'setts=ts=N', '-f', 'null', '-']
  // An output for each: one of both would wait, and fill up, where a track that a table names never comes.
  const tracks = [
    ...(media === 'audio' ? [] : ['-map', '0:V:0?', '-filter:v', PICTURE_FILTERS, ...nowhere]),
    ...(media === 'video' ? [] : ['-map', '0:a:0?', '-filter:a', SOUND_FILTERS, ...nowhere]),
  ]
  return [
    // Standard input is not for keys, and slices of one picture are not worth a thread per core.
    ...['-nostdin', '-hide_banner', '-nostats', '-v', level, '-filter_threads', '1'],
    // Time stamps as the server sends them: the packet meter tells publisher restarts and wraps by them.
    ...['-copyts', '-correct_ts_overflow', '0', '-fpsprobesize', '0'],
    ...['-threads', String(DECODER_THREADS[pictures])],
    // The decoder holds as many pictures back as it would reorder: with B-frames a key frame is seen two intervals late
    // (FFmpeg's decoders of H.264 and HEVC, measured with x264's and x265's default of 2; no option of theirs prevents it).
    ...(pictures === 'keyframes' ? ['-skip_frame:v', 'nokey'] : []),
    ...[...args, '-i', url],
    ...(packets ? packetOutput(isNamed) : []),
    ...tracks,
  ]
}

/** Seconds. A picture that is the same for less is no finding of freezedetect. */
const STILL = 0.5
/** Seconds of media between findings that say no more than that a picture was looked at. */
const SEEN_EVERY = 0.9

const PICTURE_FILTERS = [
  `blackdetect=d=0:picture_black_ratio_th=${RULES.black.picture}:pixel_black_th=${RULES.black.pixel}`,
  `freezedetect=noise=${RULES.frozen.difference}dB:duration=${STILL}`,
  `metadata=mode=add:key=${PICTURE_SEEN}:value=1:enable='${nowAndThen(SEEN_EVERY)}'`,
  `metadata=mode=print:file=${escapedPipe(PICTURES_FD)}:direct=1`,
].join(',')

const PARTS = Math.round(BLOCK / PART)

/** ebur128 cuts sound into parts of 0.1 s; the levels are those of 5 of them, and the last of the 5 is printed. */
const SOUND_FILTERS = [
  'ebur128=metadata=1',
  // As players do it: what is louder than full scale is cut off.
  'aformat=sample_fmts=s16',
  `astats=metadata=1:reset=${PARTS}:measure_perchannel=Peak_level+RMS_level+Peak_count:measure_overall=Number_of_samples`,
  `aselect='not(mod(n+1,${PARTS}))'`,
  `ametadata=mode=add:key=${SOUND_HEARD}:value=1`,
  `ametadata=mode=print:file=${escapedPipe(SOUND_FD)}:direct=1`,
].join(',')

/** True at most so often, in seconds of media. ffmpeg asks more than once for a picture; `ld(0)` is when it last was. */
function nowAndThen(seconds: number): string {
  return `if(eq(t,ld(0))+gte(abs(t-ld(0)),${seconds}),1+0*st(0,t),0)`
}

/** The colon is escaped twice: for the options of the filter, and for the graph of filters. */
function escapedPipe(descriptor: number): string {
  return `pipe\\\\:${descriptor}`
}
