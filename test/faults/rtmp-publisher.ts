/**
 * An RTMP publisher whose every time stamp is chosen by the test, for what ffmpeg's muxer mends or refuses: time that
 * goes back, wraps, parameters that change in mid-stream, two senders' clocks. It plays FLV that ffmpeg made.
 */
import { execFile } from 'node:child_process'
import { access, readFile, rename } from 'node:fs/promises'
import { promisify } from 'node:util'
import { flvTags } from '../../app/demo/flv.ts'
import { AUDIO, VIDEO } from '../../src/rtmp/chunk-stream.ts'
import { openPublication } from '../fixtures/publication.ts'
import { until } from '../fixtures/wait.ts'
import { type Footage, footageFile } from './footage.ts'
import { monotonic } from './watched-stream.ts'

/** A message of audio (8) or video (9). */
interface Tag {
  type: number
  /** Milliseconds. */
  time: number
  body: Buffer
  /** The codec's parameters. */
  header: boolean
}

/** A stretch of media. */
export interface Step {
  footage: Footage
  /** Seconds. */
  seconds: number
  /** Seconds by which the time stamps of this stretch and of all that follow are moved. */
  shift?: number
  /** Media seconds sent per second. Default 1. */
  speed?: number
  /** A medium of which the codec's configuration is not sent. */
  unconfigured?: 'audio' | 'video'
}

export interface ScriptedPublisher {
  /** Resolves when a step begins, with the monotonic time of it. */
  untilStep(index: number): Promise<number>
  stop(): Promise<void>
}

/** Publishes the steps one after the other, the last one for as long as nobody stops it. @param from first time stamp, seconds */
export async function publishScript(url: string, steps: readonly Step[], from = 0): Promise<ScriptedPublisher> {
  const reels = await Promise.all(steps.map(({ footage }) => reelOf(footage)))
  const publication = await openPublication(url)
  const begun: number[] = []
  let stopped = false
  const play = async () => {
    // Time stamps are the media's own time, plus what the steps move it by.
    let mediaTime = from * 1000
    let due = monotonic()
    for (const [index, step] of steps.entries()) {
      const reel = reels[index] ?? []
      const length = (index === steps.length - 1 ? 3600 : step.seconds) * 1000
      const speed = step.speed ?? 1
      mediaTime += (step.shift ?? 0) * 1000
      begun[index] = monotonic()
      for (const { type, body, header, time } of repeated(reel, length)) {
        const medium = type === AUDIO ? 'audio' : 'video'
        if (header && step.unconfigured === medium) continue
        // An encoder that goes on as before has no reason to send its parameters again.
        const hasSent = steps[index - 1]?.unconfigured !== medium
        if (header && hasSent && reels[index - 1]?.some((tag) => tag.header && tag.body.equals(body))) continue
        const wait = due + time / 1000 / speed - monotonic()
        if (wait > 0.005) await new Promise((resolve) => setTimeout(resolve, wait * 1000))
        if (stopped || publication.isOver()) return
        publication.send(type, Math.round(mediaTime + time), body)
      }
      mediaTime += length
      due += length / 1000 / speed
    }
  }
  const playing = play()
  return {
    untilStep: async (index) => {
      await until(() => begun[index] !== undefined || publication.isOver(), 120, `step ${index} of ${url} begins`)
      const at = begun[index]
      if (at === undefined) throw new Error(`The server ended the connection of ${url}`)
      return at
    },
    stop: async () => {
      stopped = true
      publication.end()
      await playing
    },
  }
}

/** The headers once, then the media again and again, up to a length in milliseconds. */
function* repeated(reel: readonly Tag[], length: number): Generator<Tag> {
  const media = reel.filter(({ header }) => !header)
  const frames = media.filter(({ type }) => type === VIDEO)
  const last = frames.at(-1)?.time ?? 0
  const turn = last + (last - (frames.at(-2)?.time ?? 0))
  yield* reel.filter(({ header }) => header).map((tag) => ({ ...tag, time: 0 }))
  for (let start = 0; start < length; start += turn) {
    for (const tag of media) {
      if (start + tag.time < length && tag.time < turn) yield { ...tag, time: start + tag.time }
    }
  }
}

async function reelOf(footage: Footage): Promise<Tag[]> {
  const source = await footageFile(footage)
  const file = source.replace(/\.mkv$/, '.flv')
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (!exists) {
    const draft = `${file}.${process.pid}.${Math.random()}`
    const copy = ['-i', source, '-map', '0', '-c', 'copy', '-f', 'flv', draft]
    await promisify(execFile)('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...copy])
    await rename(draft, file)
  }
  const tags = flvTags(await readFile(file))
  return tags
    .filter(({ media, kind }) => media !== 'script' && kind !== 'end')
    .map(({ media, kind, timestamp: time, body }) => {
      return { type: media === 'audio' ? AUDIO : VIDEO, time, body, header: kind === 'header' }
    })
}
