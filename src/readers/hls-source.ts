import { setTimeout as sleep } from 'node:timers/promises'
import { AbortScope } from '../connection/abort-scope.ts'
import { CookieJar } from '../connection/cookies.ts'
import { KeptConnections } from '../connection/kept-connections.ts'
import { ConnectionError } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { inspectRecording } from '../ffmpeg/inspect.ts'
import type { PacketReader } from '../ffmpeg/packet-reader.ts'
import { stoppedBySomebody } from '../ffmpeg/session-end.ts'
import { type FfmpegOptions, readerFor } from '../ffmpeg/sources.ts'
import { askPlaylist, type WebClient } from '../hls/follow-playlist.ts'
import { chooseVariant, offered, readPlaylist, type Variant } from '../hls/media-playlist.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { StreamParameters } from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { Ending, Inspection, SourceListener, SourceOptions } from '../stream/packet-source.ts'
import { HlsLeg } from './hls-leg.ts'
import { PeriodClock } from './period-clock.ts'
import { networkEnding, statusEnding } from './web-endings.ts'

/** Seconds until a playlist of sound that could not be had, while the picture goes on, is asked for again. */
const AGAIN = 5

/** Bytes of a segment in which its first picture is. A key frame of 2160p has 2 MB at most. */
const FIRST_PICTURE = 4 * 2 ** 20
const NO_SEGMENT: KeyFrameAnswer = {
  code: 'no-picture',
  message: 'No segment has been fetched yet, so there is no picture. Ask again in some seconds.',
}

interface Part {
  url: string
  media: SourceOptions['media']
  /** The playlist, where it was read already. */
  given: { text: string; at: string } | null
}

/**
 * One stream over HLS, by our own client: one variant, the best or the one that the target names, with its sound where that has a playlist of its own. Programs
 * get segments by their standard input, and never an address.
 */
export class HlsSource {
  readonly #programs: FfmpegOptions
  readonly #options: SourceOptions
  #legs: readonly HlsLeg[] = []
  #readers: readonly PacketReader[] = []

  constructor(programs: FfmpegOptions, options: SourceOptions) {
    this.#programs = programs
    this.#options = options
  }

  /** Reads until the stream ends; `foreign`: it cannot be read in this way, and nothing was. */
  async open(
    address: StreamAddress,
    listener: SourceListener,
    allowed: Destinations | null,
    signal: AbortSignal,
  ): Promise<Ending | 'foreign'> {
    const { verifyTls } = this.#options
    const connections = new KeptConnections()
    const client = { cookies: new CookieJar(), verifyTls, allowed, connections }
    try {
      return await this.#read(address, client, listener, signal)
    } finally {
      connections.end()
    }
  }

  async #read(
    address: StreamAddress,
    client: Omit<WebClient, 'signal'>,
    listener: SourceListener,
    signal: AbortSignal,
  ): Promise<Ending | 'foreign'> {
    const parts = await partsOf(address.url, { ...client, signal }, this.#options)
    if (!Array.isArray(parts)) return parts
    const over = new AbortScope(signal)
    const periods = new PeriodClock()
    const legs = await Promise.all(
      parts.map(async ({ media }, at) => {
        const reader = readerFor(this.#programs, { ...this.#options, media })
        const program = await reader.program()
        const { clock, thorough = false } = this.#options
        const isSecond = at > 0
        return {
          reader,
          leg: new HlsLeg({
            ...{ address, reader, program, media, thorough, clock },
            ...{ periods, isSecond, isApart: parts.length > 1, listener, signal: over.signal },
          }),
        }
      }),
    )
    this.#legs = legs.map(({ leg }) => leg)
    this.#readers = legs.map(({ reader }) => reader)
    try {
      const [first, ...others] = parts.map(({ url, given }, at) => ({ url, given, leg: this.#legs[at] }))
      const besides = others.map(({ url, leg }) => keepReading(url, leg, client, over.signal))
      const ending = (await first?.leg?.read(first.url, client, first.given)) ?? 'foreign'
      over.abort()
      await Promise.all(besides)
      return ending
    } finally {
      over.abort()
      this.#legs = []
      this.#readers = []
    }
  }

  /** What the newest segments show. */
  async inspect(signal: AbortSignal): Promise<Inspection> {
    const samples = this.#legs.flatMap(({ sample }) => sample ?? [])
    if (samples.length === 0) return 'failed'
    const ffprobe = await this.#programs.ffprobe()
    const seen = await Promise.all(
      samples.map((sample) => inspectRecording(sample, null, ffprobe, signal).catch(() => null)),
    )
    const known = seen.filter((one) => one !== null)
    return known.length === 0 ? 'failed' : together(known)
  }

  /** The newest segment: servers cut them before key frames (RFC 8216, 6.2.1). */
  async keyFrame(): Promise<KeyFrameAnswer> {
    const [leg] = this.#legs
    const sample = leg?.sample ?? null
    if (leg === undefined || sample === null) return NO_SEGMENT
    return { recording: sample.subarray(0, FIRST_PICTURE), format: null, age: leg.sampleAge }
  }

  ownFault(): string | null {
    const stopped = this.#legs.some(({ isStopped }) => isStopped)
    return stopped ? stoppedBySomebody('what reads the stream') : null
  }

  suspect(): void {
    for (const reader of this.#readers) reader.suspect?.()
  }
}

/** The playlist of sound beside the picture: while it is not to be had the stream has no sound, and no other end. */
async function keepReading(
  url: string,
  leg: HlsLeg | undefined,
  client: Omit<WebClient, 'signal'>,
  signal: AbortSignal,
): Promise<void> {
  while (leg !== undefined && !signal.aborted) {
    await leg.read(url, client, null)
    await sleep(AGAIN * 1000, undefined, { signal }).catch(() => undefined)
  }
}

/** What is read of a stream: the media playlists of one variant. */
async function partsOf(
  url: string,
  client: WebClient,
  { media, variant = null }: Pick<SourceOptions, 'media' | 'variant'>,
): Promise<Part[] | Ending | 'foreign'> {
  try {
    const top = await askPlaylist(url, client)
    if (top.status < 200 || top.status > 299) return statusEnding(top.status, 'this playlist')
    const read = await readPlaylist(top.text, top.at)
    if (read.kind === 'fault') return { end: 'refused', message: read.message }
    if (read.kind === 'foreign') return 'foreign'
    if (read.kind === 'media') return [{ url, media, given: top }]
    const best = chooseVariant(read.variants, variant)
    if (best === null)
      return variant === null || read.variants.length === 0 ? 'foreign' : noVariant(variant, read.variants)
    const { audio } = best
    if (audio === null || audio === best.url || media === 'video') return [{ url: best.url, media, given: null }]
    const sound: Part = { url: audio, media: 'audio', given: null }
    return media === 'audio' ? [sound] : [{ url: best.url, media: 'video', given: null }, sound]
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    return networkEnding(error, 'this playlist')
  }
}

function noVariant(wanted: string, variants: readonly Variant[]): Ending {
  const message = `the playlist has no variant ${wanted}, which the target asks for (variant); it has ${offered(variants)}`
  return { end: 'not-found', message }
}

/** What both playlists have: the picture of the one, the sound of the other. */
function together(seen: readonly StreamParameters[]): StreamParameters {
  const [first, second] = seen
  return {
    format: 'hls',
    video: first?.video.length ? first.video : (second?.video ?? []),
    audio: second?.audio.length ? second.audio : (first?.audio ?? []),
    encoder: first?.encoder ?? second?.encoder ?? null,
  }
}
