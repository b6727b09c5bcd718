import { pipeline, type Readable, Transform } from 'node:stream'
import { destinationsOf } from '../connection/connect.ts'
import { type OpenAnswer, openHttp } from '../connection/http-request.ts'
import { ConnectionError, isForbidden } from '../connection/network-error.ts'
import type { Destinations } from '../connection/private-addresses.ts'
import { READ_TIMEOUT } from '../ffmpeg/ffprobe-arguments.ts'
import type { FfmpegOptions, FfmpegSource, FfmpegSources } from '../ffmpeg/sources.ts'
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
import { overHttp } from './message-readers.ts'
import type { ReadMessages, RtmpSource } from './rtmp-source.ts'
import { contentOf, ENOUGH, isFlv } from './web-content.ts'
import { mayBeReadByPrograms, networkEnding, statusEnding } from './web-endings.ts'
import { type MediaAnswer, WebMedia } from './web-media.ts'

/**
 * Packet sources that ask web servers themselves, once: what a server sends says what it is, whatever its address is
 * called. Programs are given what came, and no address; but where only they know the way, or what there is.
 */
export function webSources(
  programs: FfmpegOptions,
  sources: FfmpegSources,
  ofMessages: MessageSources,
): Pick<PacketSources, 'choose'> {
  return {
    async choose(address, options) {
      const source = await sources.choose(address, options)
      return address.protocol.startsWith('http') ? new WebSource({ source, programs, ofMessages }, options) : source
    },
  }
}

/** Makes a source of messages as RTMP has them. */
type MessageSources = (read: ReadMessages, options: SourceOptions) => Promise<RtmpSource>

interface WebReaders {
  /** What reads by an address. */
  source: FfmpegSource
  programs: FfmpegOptions
  ofMessages: MessageSources
}

/** One stream of a web server, whatever it is. */
class WebSource implements PacketSource {
  readonly showsWithin: number
  readonly #readers: WebReaders
  readonly #options: SourceOptions
  /** What reads now. */
  #reading: Pick<PacketSource, 'inspect' | 'keyFrame' | 'ownFault' | 'suspect'>

  constructor(readers: WebReaders, options: SourceOptions) {
    this.#readers = readers
    this.#reading = readers.source
    this.#options = options
    this.showsWithin = readers.source.showsWithin
  }

  async open(address: StreamAddress, listener: SourceListener, signal: AbortSignal): Promise<Ending> {
    const { source, programs } = this.#readers
    this.#reading = source
    const allowed = await destinationsOf(address.host, signal)
    const answer = await this.#ask(address, allowed, signal)
    if (answer === 'programs') return source.open(address, listener, signal)
    if ('end' in answer) return answer
    try {
      const { content, beginning } = await lookInto(answer, signal)
      if (content === 'recording') return RECORDING
      if (content === 'page') return PAGE
      if (content === 'manifest') {
        answer.close()
        return await source.open({ ...address, hls: false }, listener, signal)
      }
      if (content !== 'playlist') {
        const again = (until: AbortSignal) => this.#askAgain(address, allowed, until)
        const given = { address, body: withIdleEnd(answer.body), beginning, again }
        return await this.#openMedia(given, listener, signal)
      }
      answer.close()
      const hls = new HlsSource(programs, this.#options)
      this.#reading = hls
      const ending = await hls.open(address, listener, allowed, signal)
      if (ending !== 'foreign') return ending
      this.#reading = source
      return await source.open({ ...address, hls: true }, listener, signal)
    } finally {
      answer.close()
    }
  }

  async #openMedia(answer: MediaAnswer, listener: SourceListener, signal: AbortSignal): Promise<Ending> {
    const { programs, ofMessages } = this.#readers
    const options = this.#options
    if (isFlv(answer.beginning)) {
      const flv = await ofMessages(overHttp(answer.body, options.clock), options)
      this.#reading = flv
      return flv.open(answer.address, listener, signal)
    }
    const media = new WebMedia(programs, options)
    this.#reading = media
    return media.open(answer, listener, signal)
  }

  async #askAgain(address: StreamAddress, allowed: Destinations | null, signal: AbortSignal): Promise<Readable | null> {
    const other = await this.#ask(address, allowed, signal)
    return typeof other === 'object' && 'body' in other ? withIdleEnd(other.body) : null
  }

  inspect(signal: AbortSignal): Promise<Inspection> {
    return this.#reading.inspect(signal)
  }

  async keyFrame(signal: AbortSignal): Promise<KeyFrameAnswer | null> {
    return (await this.#reading.keyFrame?.(signal)) ?? null
  }

  ownFault(): string | null {
    return this.#reading.ownFault()
  }

  suspect(): void {
    this.#reading.suspect()
  }

  /** `programs`: they may know another way. */
  async #ask(
    { url }: StreamAddress,
    allowed: Destinations | null,
    signal: AbortSignal,
  ): Promise<OpenAnswer | Ending | 'programs'> {
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
      return mayBeReadByPrograms(url, answer) ? 'programs' : statusEnding(answer.status, 'the stream')
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error
      const isFinal = isForbidden(error) || !mayBeReadByPrograms(url, null)
      return isFinal ? networkEnding(error, 'the stream') : 'programs'
    }
  }
}

const RECORDING: Ending = {
  end: 'ended',
  message:
    'the server has a file of a fixed length there, which is a recording and no live stream, and it is not fetched',
  isRecording: true,
}

const PAGE: Ending = {
  end: 'refused',
  message:
    'the server has a web page there, perhaps with a player in it, and no stream: the address of the stream is needed',
}

/** Reads as much of the answer as says what it is; it is all still there afterwards. */
async function lookInto({ body, headers }: OpenAnswer, signal: AbortSignal) {
  const beginning = await beginningOf(body, signal)
  return { content: contentOf(headers, beginning), beginning }
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
