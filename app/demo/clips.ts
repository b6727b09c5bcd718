import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { startChild } from '../../src/programs/child.ts'
import { type FlvClip, parseFlv } from './flv.ts'

export type ClipName = 'normal' | 'halfBitrate' | 'halfFrameRate' | 'longGop' | 'otherSize'

interface ClipSpec {
  size: string
  framesPerSecond: number
  /** Seconds between key frames. */
  gop: number
  /** Bits per second of video, constant. */
  videoBitrate: number
}

const FRAMES_PER_SECOND = 30

const NORMAL: ClipSpec = { size: '1280x720', framesPerSecond: FRAMES_PER_SECOND, gop: 2, videoBitrate: 2_000_000 }

const CLIPS: Record<ClipName, ClipSpec> = {
  normal: NORMAL,
  halfBitrate: { ...NORMAL, videoBitrate: 1_000_000 },
  halfFrameRate: { ...NORMAL, framesPerSecond: 15 },
  longGop: { ...NORMAL, gop: 4 },
  otherSize: { ...NORMAL, size: '854x480' },
}

/**
 * Seconds. It loops without a seam, because it is a whole number of GOPs, of video frames and of AAC frames: 375 of
 * 1024 samples at 48 kHz.
 */
const LENGTH = 8

/** Milliseconds, of every clip. */
export const CLIP_LENGTH = LENGTH * 1000

/** Seconds that one may take: a busy machine of one small core needs a quarter of it. */
const PATIENCE = 180

/**
 * The clips that the publisher replays. But for `otherSize` their video is encoded alike, so that the publisher can go
 * from one to another without a new beginning. Each is encoded once, which takes a few seconds of a core, and kept: encoding
 * all the time would take a third of one.
 */
export class Clips {
  readonly #folder: string
  readonly #ffmpeg: string
  /** One at a time, so that the machine stays usable. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(folder: string, ffmpeg: string) {
    this.#folder = folder
    this.#ffmpeg = ffmpeg
  }

  /** A clip, made now unless it is there. */
  async get(name: ClipName): Promise<FlvClip> {
    return parseFlv(readFileSync(await this.#file(name)))
  }

  /** Makes what is missing, so that no button has to wait for it. */
  async makeAll(): Promise<void> {
    for (const name of Object.keys(CLIPS) as ClipName[]) await this.#file(name)
  }

  #file(name: ClipName): Promise<string> {
    const { size, framesPerSecond, gop, videoBitrate } = CLIPS[name]
    const file = join(this.#folder, `v1-${size}-${framesPerSecond}fps-gop${gop}-${videoBitrate}.flv`)
    // What is there need not wait for what is being made.
    if (existsSync(file)) return Promise.resolve(file)
    const made = this.#queue.then(() => (existsSync(file) ? file : this.#make(file, CLIPS[name])))
    this.#queue = made.catch(() => {})
    return made
  }

  async #make(file: string, { size, framesPerSecond, gop, videoBitrate }: ClipSpec): Promise<string> {
    mkdirSync(this.#folder, { recursive: true })
    const draft = `${file}.${process.pid}.part`
    const frames = String(gop * framesPerSecond)
    const rate = String(videoBitrate)
    const args = [
      ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'],
      // testsrc draws a clock: the seconds since it began.
      ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${FRAMES_PER_SECOND}`],
      ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'],
      // Frames are left out, and the rate is not lowered: so that the encoder's settings stay as they are.
      ...['-vf', `select=not(mod(n\\,${FRAMES_PER_SECOND / framesPerSecond}))`, '-vsync', 'vfr'],
      ...['-t', String(LENGTH), '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-level', '3.1'],
      ...['-g', frames, '-keyint_min', frames, '-sc_threshold', '0'],
      // Constant: x264 fills up what the simple picture does not need.
      ...['-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-x264-params', 'filler=1'],
      ...['-c:a', 'aac', '-b:a', '128k', '-f', 'flv', draft],
    ]
    const options = { stdin: 'ignore', timeout: PATIENCE * 1000, killSignal: 'SIGKILL', reject: false } as const
    const { process: encoding } = startChild({ file: this.#ffmpeg, args, memory: 'keyframes' }, options)
    // The monitor and its publisher go first.
    if (encoding.pid !== undefined) os.setPriority(encoding.pid, os.constants.priority.PRIORITY_LOW)
    try {
      const { failed, timedOut, stderr } = await encoding
      if (timedOut) throw new Error(`ffmpeg did not make a clip of ${LENGTH} s within ${PATIENCE} s`)
      if (failed) throw new Error(`ffmpeg could not make a clip (${stderr.trim().split('\n').at(-1) ?? ''})`)
      renameSync(draft, file)
      return file
    } finally {
      rmSync(draft, { force: true })
    }
  }
}

/** Bits per second of video that the publisher declares, whatever it sends. */
export const DECLARED_VIDEO_BITRATE = NORMAL.videoBitrate
