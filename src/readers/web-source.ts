import { pipeline, type Readable, Transform } from 'node:stream'
import { destinationsOf } from '../connection/connect.ts'
import { type OpenAnswer, openHttp } from '../connection/http-request.ts'
import { ConnectionError, isForbidden } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { READ_TIMEOUT } from '../ffmpeg/ffprobe-arguments.ts'
import { type FfmpegOptions, type FfmpegSource, ffmpegSources } from '../ffmpeg/sources.ts'
import { MOST_REDIRECTS } from '../hls/hls-watch.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type {
  Ending,
  Inspection,
  PacketSource,
  PacketSources,
  SourceListener,
  SourceOptions,
} from '../stream/packet-source.ts'
import { HlsSource } from './hls-source.ts'
import { type Content, contentOf, ENOUGH } from './web-content.ts'

/**
 * Packet sources that ask web servers themselves, once: what a server sends says what it is, whatever its address is
 * called. Everything else, and what is not to be had that way, FFmpeg's programs read by its address.
 */
export function webSources(programs: FfmpegOptions): PacketSources {
  const sources = ffmpegSources(programs)
  return {
    ...sources,
    async choose(address, options) {
      const source = await sources.choose(address, options)
      return address.protocol.startsWith('http')
        ? new WebSource(source, new HlsSource(programs, options), options)
        : source
    },
  }
}

/** One stream of a web server, whatever it is. */
class WebSource implements PacketSource {
  readonly showsWithin: number
  readonly #programs: FfmpegSource
  readonly #hls: HlsSource
  readonly #options: SourceOptions
  /** What reads now. */
  #reading: FfmpegSource | HlsSource

  constructor(programs: FfmpegSource, hls: HlsSource, options: SourceOptions) {
    this.#programs = programs
    this.#hls = hls
    this.#reading = programs
    this.#options = options
    this.showsWithin = programs.showsWithin
  }

  async open(address: StreamAddress, listener: SourceListener, signal: AbortSignal): Promise<Ending> {
    this.#reading = this.#programs
    const allowed = await destinationsOf(address.host, signal)
    const answer = await this.#ask(address, allowed, signal)
    if (answer === null) return this.#programs.open(address, listener, signal)
    if ('end' in answer) return answer
    try {
      const content = await lookInto(answer, signal)
      if (content === 'media') return await this.#programs.open(address, listener, signal, withIdleEnd(answer.body))
      if (content === 'recording') return RECORDING
      answer.close()
      if (content === 'other') return await this.#programs.open({ ...address, hls: false }, listener, signal)
      this.#reading = this.#hls
      const ending = await this.#hls.open(address, listener, allowed, signal)
      if (ending !== 'foreign') return ending
      this.#reading = this.#programs
      return await this.#programs.open({ ...address, hls: true }, listener, signal)
    } finally {
      answer.close()
    }
  }

  inspect(signal: AbortSignal): Promise<Inspection> {
    return this.#reading.inspect(signal)
  }

  async keyFrame(): Promise<KeyFrameAnswer | null> {
    return this.#reading === this.#hls ? this.#hls.keyFrame() : null
  }

  ownFault(): string | null {
    return this.#reading.ownFault()
  }

  suspect(): void {
    this.#reading.suspect()
  }

  /** Null where a program may know another way, or words for what is wrong: Digest, a proxy, a server that is not there. */
  async #ask(
    { url }: StreamAddress,
    allowed: Destinations | null,
    signal: AbortSignal,
  ): Promise<OpenAnswer | Ending | null> {
    try {
      const { verifyTls } = this.#options
      const answer = await openHttp({
        url,
        redirects: MOST_REDIRECTS,
        within: READ_TIMEOUT,
        verifyTls,
        allowed,
        signal,
      })
      if (answer.status >= 200 && answer.status <= 299) return answer
      answer.close()
      return null
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error
      if (isForbidden(error)) return { end: 'refused', message: error.message }
      if (error.code === 'timeout') return { end: 'timeout', message: SILENT }
      return null
    }
  }
}

const SILENT = 'the server accepts the connection and then stays silent'
const RECORDING: Ending = {
  end: 'ended',
  message:
    'the server has a file of a fixed length there, which is a recording and no live stream, and it is not fetched',
  isRecording: true,
}

/** Reads as much of the answer as says what it is; it is all still there afterwards. */
async function lookInto({ body, headers }: OpenAnswer, signal: AbortSignal): Promise<Content> {
  const beginning = await beginningOf(body, signal)
  return contentOf(headers, beginning)
}

/** The first bytes of a body, which are put back; fewer where it ends, or nothing more comes for long. */
function beginningOf(body: Readable, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const done = guarded('first look', () => {
      clearTimeout(timer)
      body.off('readable', read).off('end', done).off('close', done)
      signal.removeEventListener('abort', done)
      const all = Buffer.concat(chunks)
      if (all.length > 0 && !body.destroyed && !body.readableEnded) body.unshift(all)
      resolve(all)
    })
    const take = () => {
      for (let chunk = body.read() as Buffer | null; chunk !== null; chunk = body.read() as Buffer | null) {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes >= ENOUGH) return done()
      }
    }
    // A fault here leaves the rest of the body unread, of which nothing more would be said: what there is has to do.
    const read = guarded('first look', take, done)
    const timer = setTimeout(done, READ_TIMEOUT * 1000)
    body.on('readable', read).once('end', done).once('close', done)
    signal.addEventListener('abort', done, { once: true })
  })
}

/** The same, ended when it has stayed silent for as long as FFmpeg's programs put up with. */
function withIdleEnd(body: Readable): Readable {
  const arm = () =>
    setTimeout(
      guarded('silent body', () => body.destroy()),
      READ_TIMEOUT * 1000,
    )
  let timer = arm()
  const passing = new Transform({
    transform(chunk, _encoding, done) {
      clearTimeout(timer)
      timer = arm()
      done(null, chunk)
    },
  })
  return pipeline(body, passing, () => clearTimeout(timer))
}
