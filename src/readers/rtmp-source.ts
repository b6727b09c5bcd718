import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { StreamParameters } from '../observation/stream.ts'
import { type MediaKind, type RtmpMedia, type RtmpStage, silentIn } from '../rtmp/reader.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { Ending, Inspection, PacketSource, SourceListener, SourceOptions } from '../stream/packet-source.ts'
import type { ContentFeed } from './content-feed.ts'
import { FlvKeyFrames } from './flv-key-frames.ts'
import { FlvRecording } from './flv-recording.ts'
import {
  joinedParameters,
  NEED_CONFIGURATION,
  saidParameters,
  withoutGuesses,
  withoutUnheard,
} from './said-parameters.ts'

/** Seconds until a stream that has shown nothing has no media: the longest key frame interval that is common, and some. */
const SHOWS_WITHIN = 12
/** Seconds that an inspection waits for a key frame and what follows it. */
const RECORDING_LIMIT = 14
/** Tracks and parameters that are kept of one stream. */
const MOST_TRACKS = 16

interface Track {
  /** The number that the meter knows it by: of several tracks of a medium it judges the lowest. */
  index: number
  kind: 'video' | 'audio'
  codec: string
  /** The codec's parameters, as they last came. */
  header: RecordedMessage | null
  /** They came again, with the next frame. */
  isNew: boolean
}

type RecordedMessage = Pick<RtmpMedia, 'kind' | 'payload' | 'time' | 'packet' | 'keyframe'>

/** What a stream of messages is read by. */
export interface MessageListener {
  /** @param at when it arrived, monotonic seconds */
  media(message: RtmpMedia, at: number): void
  /** Whether the whole of a frame is wanted, and not only that it came. @param length of its message, bytes */
  wantsFrame(kind: MediaKind, keyframe: boolean, length: number): boolean
  /** How far the connection has come. */
  stage?(stage: RtmpStage): void
}

/** Hands on the messages of one stream until it ends or `signal` aborts, and says why; nothing of it is left then. */
export type ReadMessages = (listener: MessageListener, signal: AbortSignal) => Promise<Ending>

/** Reads one stream of RTMP's messages, in this process, over the one connection that it needs: by RTMP, or as FLV by HTTP. */
export class RtmpSource implements PacketSource {
  readonly startsNothing = true
  readonly showsWithin = SHOWS_WITHIN
  readonly #read: ReadMessages
  readonly #clock: SourceOptions['clock']
  readonly #media: SourceOptions['media']
  readonly #inspectRecording: (recording: Uint8Array, signal: AbortSignal) => Promise<StreamParameters>
  readonly #content: ContentFeed | null
  /** By their index. */
  readonly #tracks = new Map<number, Track>()
  #metadata: RecordedMessage | null = null
  /** What was last seen of it, while its headers are the same. */
  #known: StreamParameters | null = null
  /** What an inspection is to see; null where the last one has seen it. */
  #recording: FlvRecording | null
  /** What waits for it to be whole. */
  #waiting: (() => void) | null = null
  #isOpen = false
  readonly #keyFrames: FlvKeyFrames
  #stage: RtmpStage = 'connection'

  /**
   * @param inspectRecording what ffprobe says of the beginning of an FLV file
   * @param content what has pictures and sound judged; null where nobody asks
   */
  constructor(
    read: ReadMessages,
    { media, clock }: Pick<SourceOptions, 'media' | 'clock'>,
    inspectRecording: (recording: Uint8Array, signal: AbortSignal) => Promise<StreamParameters>,
    content: ContentFeed | null,
  ) {
    this.#read = read
    this.#clock = clock
    this.#media = media
    this.#recording = new FlvRecording(media)
    this.#keyFrames = new FlvKeyFrames(clock)
    this.#inspectRecording = inspectRecording
    this.#content = content
  }

  async open(_: StreamAddress, listener: SourceListener, signal: AbortSignal): Promise<Ending> {
    this.#isOpen = true
    this.#content?.open()
    try {
      return await this.#read(
        {
          media: (message, at) => this.#take(message, at, listener),
          wantsFrame: (...frame) => this.#wantsFrame(...frame),
          stage: (stage) => {
            this.#stage = stage
            if (stage === 'play') listener.playRequest?.(this.#clock.monotonic())
          },
        },
        signal,
      )
    } finally {
      this.#isOpen = false
      this.#recording = null
      this.#waiting?.()
      this.#keyFrames.end()
      await this.#content?.close()
    }
  }

  keyFrame(signal: AbortSignal): Promise<KeyFrameAnswer> {
    return this.#keyFrames.ask(signal)
  }

  async inspect(signal: AbortSignal): Promise<Inspection> {
    if (!this.#isOpen) return 'failed'
    this.#recording ??= this.#newRecording()
    await this.#untilRecorded(signal)
    const recording = this.#recording
    this.#recording = null
    if (recording === null || signal.aborted) return 'failed'
    const tracks = [...this.#tracks.values()].sort((a, b) => a.index - b.index)
    const own = saidParameters(this.#metadata?.payload ?? null, tracks, recording.frameRate)
    try {
      const seen = await this.#inspectRecording(recording.bytes(), signal)
      if (signal.aborted) return 'failed'
      const joined = joinedParameters(own, withoutGuesses(seen, tracks))
      this.#known = withoutUnheard(joined, { known: this.#known, own }, (kind) => recording.hasFrames(kind))
      return this.#known
    } catch (error) {
      if (signal.aborted) return 'failed'
      // Of a codec that ffprobe does not know its headers are all there is; without one, it is so of every codec.
      const isMissing = error instanceof MonitorError && error.code === 'no-ffprobe'
      return isMissing ? { ...own, unseen: error.message } : own
    }
  }

  ownFault(): null {
    return null
  }

  silence(): string | null {
    return this.#stage === 'handshake' || this.#stage === 'connect' ? silentIn(this.#stage) : null
  }

  suspect(): void {
    this.#content?.suspect()
  }

  #wantsFrame(kind: MediaKind, keyframe: boolean, length: number): boolean {
    if (this.#recording?.wants(kind, keyframe) === true || this.#content?.wants(kind, keyframe) === true) return true
    return kind === 'video' && keyframe && this.#keyFrames.wants(length)
  }

  #take(message: RtmpMedia, at: number, listener: SourceListener): void {
    const { kind, packet, time, compositionTime, size, keyframe, trackId } = message
    this.#content?.add(message, at)
    this.#keyFrames.add(message, at)
    if (kind === 'data') {
      this.#metadata = recorded(message)
      this.#record(message)
      return
    }
    const track = this.#trackOf(kind, trackId, message.codec)
    if (track === null) return
    if (packet === 'sequence-header' && size > 0) this.#header(track, message)
    this.#record(message)
    if (packet !== 'frame' || size === 0) return
    const dts = time / 1000
    const pts = kind === 'video' ? (time + compositionTime) / 1000 : dts
    const needs = NEED_CONFIGURATION.has(track.codec) && { configured: track.header !== null }
    const read = { media: kind, index: track.index, dts, pts, size, keyframe, newExtradata: track.isNew, ...needs }
    track.isNew = false
    this.#content?.packet(read)
    listener.packet(read, at)
  }

  #trackOf(kind: 'video' | 'audio', trackId: number, codec: string): Track | null {
    const index = trackId * 2 + (kind === 'audio' ? 1 : 0)
    const known = this.#tracks.get(index)
    if (known !== undefined) {
      // What came before was of the former codec.
      if (known.codec !== codec) known.header = null
      known.codec = codec
      return known
    }
    if (this.#tracks.size >= MOST_TRACKS) return null
    const track: Track = { index, kind, codec, header: null, isNew: false }
    this.#tracks.set(index, track)
    return track
  }

  #header(track: Track, message: RtmpMedia): void {
    const before = track.header
    track.header = recorded(message)
    track.isNew = before !== null
    const isOther = before !== null && !sameBytes(before.payload, message.payload)
    if (isOther) this.#known = null
    // What was recorded is of the former parameters.
    if (isOther && this.#recording !== null) this.#recording = this.#newRecording()
  }

  #newRecording(): FlvRecording {
    const recording = new FlvRecording(this.#media)
    if (this.#metadata !== null) recording.add(this.#metadata)
    for (const { header } of this.#tracks.values()) if (header !== null) recording.add(header)
    return recording
  }

  #record(message: RtmpMedia): void {
    if (this.#recording === null) return
    this.#recording.add(message)
    if (this.#recording.isWhole) this.#waiting?.()
  }

  /** Resolves when there is enough, when the session ends, or when nothing more comes in time. */
  async #untilRecorded(signal: AbortSignal): Promise<void> {
    if (this.#recording === null || this.#recording.isWhole || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = guarded('stream inspection', () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#waiting = null
        resolve()
      })
      const timer = setTimeout(done, RECORDING_LIMIT * 1000)
      signal.addEventListener('abort', done, { once: true })
      this.#waiting = done
    })
  }
}

function recorded({ kind, payload, time, packet, keyframe }: RtmpMedia): RecordedMessage {
  // A copy: a short payload lies in memory that is used again.
  return { kind, payload: payload === null ? null : Buffer.from(payload), time, packet, keyframe }
}

function sameBytes(one: Buffer | null, other: Buffer | null): boolean {
  return one !== null && other !== null && one.equals(other)
}
