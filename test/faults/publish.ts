/** ffmpeg publishers that say where in their media they are, so that a fault can be made, and timed, at that moment. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { until } from '../fixtures/wait.ts'
import { type Footage, footageFile } from './footage.ts'

export interface Publication {
  /** Played in this order; the last is repeated for ever, the others as often as they say. */
  footage?: Footage | readonly (Footage & { times?: number })[]
  /** Plays this file in the place of footage. */
  file?: string
  /** Media seconds sent per second. Default 1. */
  speed?: number
  audio?: boolean
  video?: boolean
  /** Default `flv`. */
  format?: string
  /** ffmpeg's options of the output, for example bitstream filters. */
  output?: readonly string[]
  /** ffmpeg's options of the input. */
  input?: readonly string[]
  /** Runs it in another network: words that stand before `ffmpeg`. */
  within?: readonly string[]
  /** Whether to wait until it was let in. Default true. */
  wait?: boolean
}

export interface FaultPublisher extends OwnedProcess {
  /** Seconds of media that were sent. */
  sent(): number
  /** Resolves when so much media was sent. */
  untilSent(seconds: number): Promise<void>
}

/** Seconds within which a server lets a publisher in. */
const PATIENCE = 20

export async function publish(url: string, publication: Publication = {}): Promise<FaultPublisher> {
  const { footage = {}, speed = 1, audio = true, video = true, format = 'flv', input = [], output = [] } = publication
  const source = await sourceOf(publication.file ?? footage)
  const { within = [], wait = true } = publication
  let sent = 0
  const [file = 'ffmpeg', ...args] = [
    ...within,
    ...['ffmpeg', '-hide_banner', '-loglevel', 'error', '-nostdin', '-progress', 'pipe:1', '-stats_period', '0.1'],
    ...['-readrate', String(speed), ...input, ...source.args],
    ...(video ? ['-map', '0:v'] : []),
    ...(audio ? ['-map', '0:a'] : []),
    ...['-c', 'copy', ...output, '-f', format],
    ...(format === 'flv' ? ['-flvflags', 'no_duration_filesize'] : []),
    url,
  ]
  const child = await startProcess(file, args, {
    install: 'apt-get install ffmpeg',
    onOutput: (text) => {
      for (const [, time] of text.matchAll(/^out_time_us=(\d+)$/gm)) sent = Number(time) / 1e6
    },
  })
  void child.exited.then(source.remove)
  const publisher = Object.assign(child, {
    sent: () => sent,
    untilSent: async (seconds: number) => {
      await until(() => sent >= seconds || !child.running, seconds / speed + 30, `${seconds} s are published to ${url}`)
      if (sent < seconds) throw new Error(`ffmpeg ended after ${sent} s of ${seconds} s: ${child.output()}`)
    },
  })
  if (wait) {
    try {
      await until(() => sent > 0 || !child.running, PATIENCE, `ffmpeg publishes to ${url}`)
      if (!child.running) throw new Error(`ffmpeg ended instead of publishing to ${url}: ${child.output()}`)
    } catch (error) {
      await child.kill()
      throw error
    }
  }
  return publisher
}

type Part = Footage & { times?: number; file?: string }

/** Times that the last footage is repeated: hours. */
const FOR_EVER = 1000

/** A list rather than `-stream_loop`, which ends bitstream filters at the first turn (measured with ffmpeg 5.1). */
async function sourceOf(played: NonNullable<Publication['footage']> | string) {
  const parts: readonly Part[] = typeof played === 'string' ? [{ file: played }] : [played].flat()
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fault-'))
  const list = path.join(folder, 'list.ffconcat')
  const lines = ['ffconcat version 1.0']
  for (const [index, { times = 1, file: given, ...part }] of parts.entries()) {
    const file = given ?? (await footageFile(part))
    const repeat = index === parts.length - 1 ? FOR_EVER : times
    for (let count = 0; count < repeat; count += 1) lines.push(`file '${file}'`)
  }
  await writeFile(list, `${lines.join('\n')}\n`)
  return {
    args: ['-f', 'concat', '-safe', '0', '-auto_convert', '0', '-i', list],
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
