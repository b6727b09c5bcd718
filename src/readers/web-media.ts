import type { Readable } from 'node:stream'
import { AbortScope } from '../connection/abort-scope.ts'
import {
  analysisOf,
  LONGEST_ANALYSIS,
  pipeArguments,
  READ_TIMEOUT,
  transportArguments,
} from '../ffmpeg/ffprobe-arguments.ts'
import { inspectRecording } from '../ffmpeg/inspect.ts'
import type { PacketReader } from '../ffmpeg/packet-reader.ts'
import type { Program } from '../ffmpeg/program.ts'
import { environmentOf } from '../ffmpeg/route.ts'
import { classifyEnd, GIVEN_UP, stoppedBySomebody } from '../ffmpeg/session-end.ts'
import { type FfmpegOptions, readerFor } from '../ffmpeg/sources.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { Packet } from '../stream/packet.ts'
import type { Ending, Inspection, SourceListener, SourceOptions } from '../stream/packet-source.ts'
import { Beginnings, FedProgram, TOO_MANY, TrackNumbers } from './fed-program.ts'
import { BEHIND, Sample } from './sample.ts'
import { TransportStream } from './transport-stream.ts'
import { isTransport, otherMedia, type Track } from './transport-tables.ts'

/** Seconds from the beginning of an answer to its first packet. */
const START_TIMEOUT = LONGEST_ANALYSIS + READ_TIMEOUT + 5

const NO_PICTURE: KeyFrameAnswer = {
  code: 'no-picture',
  message: 'The stream has ended before a key frame came. Ask again when it is there.',
}
const CLOSED: Ending = { end: 'refused', message: 'the server closed the connection before any media came' }
const NO_STREAM: Ending = {
  end: 'refused',
  message: 'the server answers, but with nothing that could be read as a stream',
}

/** The answer of a web server that is media. */
export interface MediaAnswer {
  address: StreamAddress
  /** Ends when the server is silent for `READ_TIMEOUT`. */
  body: Readable
  /** Its first bytes, which are still to come. */
  beginning: Buffer
  /** Another answer, for another program; null where there is none. */
  again(signal: AbortSignal): Promise<Readable | null>
}

interface Reading {
  reader: PacketReader
  program: Program
  listener: SourceListener
  over: AbortScope
  /** Where the container tells its tracks within; null: only at its beginning. */
  transport: TransportStream | null
  answer: MediaAnswer
  /** The beginning of the stream, where nothing else tells what it is. */
  head: Sample | null
  fault: Ending | null
}

/** One stream over one connection to a web server, read by programs by their standard input. */
export class WebMedia {
  readonly #programs: FfmpegOptions
  readonly #options: SourceOptions
  readonly #beginnings = new Beginnings()
  #reading: Reading | null = null
  #fed: FedProgram | null = null
  #tracks: readonly Track[] | null = null
  #lastPacket: number | null = null
  #samples: readonly Sample[] = []

  constructor(programs: FfmpegOptions, options: SourceOptions) {
    this.#programs = programs
    this.#options = options
  }

  /** Reads until the stream ends. */
  async open(answer: MediaAnswer, listener: SourceListener, signal: AbortSignal): Promise<Ending> {
    const { clock } = this.#options
    const reader = readerFor(this.#programs, this.#options)
    const program = await reader.program()
    const over = new AbortScope(signal)
    const transport = isTransport(answer.beginning) ? new TransportStream() : null
    const head = transport === null ? new Sample(Buffer.alloc(0), clock.monotonic()) : null
    const reading: Reading = {
      reader,
      program,
      listener,
      over,
      transport,
      answer,
      head,
      fault: null,
    }
    this.#reading = reading
    this.#samples = head === null ? [] : [head]
    const began = clock.monotonic()
    const late = guarded('stream watchdog', () => {
      if (this.#lastPacket === null) this.#end(reading, { end: 'timeout', message: 'no media could be read' })
    })
    const watchdog = setTimeout(late, START_TIMEOUT * 1000)
    try {
      await this.#read(reading).catch(() => undefined)
      for (const sample of this.#samples) sample.end()
      const exit = await this.#fed?.finish(over.signal)
      if (reading.fault !== null) return reading.fault
      if (signal.aborted) return GIVEN_UP
      if (exit === undefined) return answer.beginning.length > 0 ? NO_STREAM : CLOSED
      const silence = clock.monotonic() - (this.#lastPacket ?? began)
      const media = this.#lastPacket !== null
      return classifyEnd({ program: reader.name, exit, media, silence, readTimeout: READ_TIMEOUT })
    } finally {
      clearTimeout(watchdog)
      this.#reading = null
      over.abort()
      await this.#fed?.stop()
    }
  }

  async inspect(signal: AbortSignal): Promise<Inspection> {
    const reading = this.#reading
    if (reading === null) return 'failed'
    try {
      const bytes = await this.#sampled(reading, signal)
      if (bytes === null) return 'failed'
      return await inspectRecording(bytes, null, await this.#programs.ffprobe(), signal)
    } catch {
      return 'failed'
    }
  }

  /** Of a container whose beginning alone tells what is in it there is none. */
  async keyFrame(signal: AbortSignal): Promise<KeyFrameAnswer | null> {
    const reading = this.#reading
    if (reading === null || reading.transport === null) return null
    const recording = await this.#sampled(reading, signal)
    return recording === null ? NO_PICTURE : { recording, format: null, age: BEHIND }
  }

  /** Some seconds of what comes now; of what tells its tracks at its beginning only, that. Null where it is over before. */
  async #sampled({ head, transport, over }: Reading, signal: AbortSignal): Promise<Buffer | null> {
    const { clock } = this.#options
    const sample = head ?? new Sample(transport?.tables() ?? Buffer.alloc(0), clock.monotonic())
    if (head === null) this.#samples = [...this.#samples, sample]
    const waiting = new AbortScope(signal)
    const stop = guarded('stream inspection', () => waiting.abort())
    over.signal.addEventListener('abort', stop, { once: true })
    try {
      return await sample.bytes(() => clock.monotonic(), waiting.signal)
    } finally {
      over.signal.removeEventListener('abort', stop)
      waiting.end()
      if (head === null) this.#samples = this.#samples.filter((one) => one !== sample)
    }
  }

  ownFault(): string | null {
    return this.#fed?.isStopped === true ? stoppedBySomebody(this.#reading?.reader.name ?? 'its reader') : null
  }

  suspect(): void {
    this.#reading?.reader.suspect?.()
  }

  async #read(reading: Reading): Promise<void> {
    const { transport, answer, over } = reading
    for await (const chunk of answer.body) {
      const pieces = transport?.push(chunk as Buffer) ?? [{ begins: null, bytes: chunk as Buffer }]
      for (const { begins, bytes } of pieces) {
        if (over.signal.aborted) return
        if (begins !== null) await this.#finishProgram(over.signal)
        this.#fed ??= await this.#begin(reading, begins)
        for (const sample of this.#samples) sample.add(bytes)
        await this.#fed?.feed(bytes, over.signal)
      }
    }
  }

  async #begin(reading: Reading, tracks: readonly Track[] | null): Promise<FedProgram | null> {
    const { reader, program, over, transport, answer } = reading
    const { clock, media, thorough = false } = this.#options
    if (!this.#beginnings.allow(clock.monotonic())) {
      this.#end(reading, TOO_MANY)
      return null
    }
    const numbers = new TrackNumbers()
    const others = otherMedia(this.#tracks, tracks)
    this.#tracks = tracks
    const args =
      tracks === null ? pipeArguments(analysisOf(answer.address, { media, thorough })) : transportArguments(reader.name)
    const fed = await FedProgram.start({
      ...{ reader, program },
      input: (one) => ({ ...args, env: environmentOf(one) }),
      takeOver: async () => (transport === null ? answer.again(over.signal) : transport.tables()),
      packet: (packet) => {
        if (over.signal.aborted) return
        const { index, isFirst } = numbers.of(packet.index, packet.media)
        const newExtradata = packet.newExtradata || (isFirst && others.has(packet.media))
        this.#packet(reading, { ...packet, index, newExtradata })
      },
      broken: () =>
        this.#end(reading, { end: 'bad-output', message: `${reader.name} prints something else than packets` }),
    })
    if (over.signal.aborted) {
      await fed.stop()
      return null
    }
    this.#watch(reading, fed)
    return fed
  }

  #packet({ listener }: Reading, packet: Packet): void {
    const at = this.#options.clock.monotonic()
    this.#lastPacket = at
    for (const sample of this.#samples) sample.saw(packet, at)
    listener.packet(packet, at)
  }

  /** A program that ends by itself takes no more: nothing has to be read for it. */
  #watch(reading: Reading, fed: FedProgram): void {
    const began = this.#options.clock.monotonic()
    guarded('fed program', async () => {
      const exit = await fed.ended
      if (this.#fed !== fed || reading.answer.body.readableEnded) return
      const silence = this.#options.clock.monotonic() - (this.#lastPacket ?? began)
      const facts = { program: reading.reader.name, exit, media: this.#lastPacket !== null, silence }
      this.#end(reading, classifyEnd({ ...facts, readTimeout: READ_TIMEOUT }))
    })()
  }

  #end(reading: Reading, ending: Ending): void {
    reading.fault ??= ending
    reading.over.abort()
    reading.answer.body.destroy()
  }

  async #finishProgram(signal: AbortSignal): Promise<void> {
    const fed = this.#fed
    this.#fed = null
    await fed?.finish(signal)
  }
}
