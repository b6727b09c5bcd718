import { MonitorError } from '../observation/errors.ts'
import type { KeyFrame } from '../observation/picture.ts'
import { explainShortage, ONE_ANSWER, startChild } from '../programs/child.ts'
import type { FfmpegBinary } from './binaries.ts'
import { matroskaOf } from './matroska.ts'
import { environmentOf } from './route.ts'

/** Pixels. */
const WIDEST = 640
/** Pixels: of a picture that stands upright, as those of telephones do. */
const HIGHEST = 1280
/** Pixels of what is decoded: 8192 by 8192. A broken header may ask for more, and memory for it. */
const MOST_PIXELS = 2 ** 26
/** Seconds. It takes a tenth of one, and many times that on a machine that is very busy. */
const PATIENCE = 10
/** Bytes. A picture of 640 by 1280 that is all noise has 0.5 MB. */
const LARGEST = 2 ** 20

/** Never larger than the picture is; as wide as its pixels are shown, which need not be square. */
const FIT = `scale=w='max(2,min(min(${WIDEST},iw*sar),${HIGHEST}*dar))':h='max(2,ow/dar)':flags=area,setsar=1`

/**
 * Makes a JPEG of a key frame, with one run of ffmpeg that gets it by its standard input.
 *
 * @throws MonitorError `no-picture`: this ffmpeg cannot make a picture of it; `no-resources`
 */
export async function decodePicture(
  { recording, format }: Pick<KeyFrame, 'recording' | 'format'>,
  ffmpeg: FfmpegBinary,
  signal: AbortSignal,
): Promise<Buffer> {
  const matroska = format === 'flv' ? matroskaOf(recording) : null
  const container = matroska === null ? format : 'matroska'
  const args = [
    ...['-hide_banner', '-v', 'error', '-threads', '1', '-max_pixels', String(MOST_PIXELS)],
    ...(container === null ? [] : ['-f', container]),
    ...['-protocol_whitelist', 'pipe', '-i', 'pipe:0', '-map', '0:v:0', '-frames:v', '1', '-vf', FIT],
    ...['-threads', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '5', '-f', 'mjpeg', 'pipe:1'],
  ]
  const child = startChild(
    { file: ffmpeg.path, args, memory: 'keyframes', env: environmentOf(ffmpeg), confined: true },
    {
      input: matroska ?? recording,
      encoding: 'buffer',
      ...ONE_ANSWER,
      cancelSignal: signal,
      timeout: PATIENCE * 1000,
      maxBuffer: LARGEST,
    },
  )
  const { stdout, code, isCanceled, timedOut } = await child.process
  const shortage = explainShortage(code)
  if (shortage !== null) throw new MonitorError('no-resources', `ffmpeg could not be started: ${shortage}.`)
  const jpeg = Buffer.from(stdout)
  if (isWhole(jpeg)) return jpeg
  throw new MonitorError(
    'no-picture',
    failure(ffmpeg, { isCanceled, timedOut, isTooLarge: child.memoryOver() !== null }),
  )
}

/** ITU-T T.81, annex B: it begins with SOI and ends with EOI. */
function isWhole(jpeg: Buffer): boolean {
  return jpeg.length > 4 && jpeg.readUInt16BE(0) === 0xffd8 && jpeg.readUInt16BE(jpeg.length - 2) === 0xffd9
}

/** What ffmpeg says itself is not told: it may quote what a stranger sends. */
function failure(
  { version }: FfmpegBinary,
  { isCanceled, timedOut, isTooLarge }: { isCanceled: boolean; timedOut: boolean; isTooLarge: boolean },
): string {
  if (isCanceled) return 'The picture was given up.'
  if (timedOut) return `ffmpeg made no picture within ${PATIENCE} s: this machine is too busy. Ask again later.`
  if (isTooLarge) return 'ffmpeg needed more memory for the picture than it may take.'
  return `ffmpeg ${version} can make no picture of the newest key frame: it is damaged, or of a codec that this version does not know. The checks of the stream say more.`
}
