import type { Readable } from 'node:stream'
import { Looks, type LookTimes } from '../ffmpeg/looks.ts'
import type { RunningProgram } from '../ffmpeg/running-program.ts'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { MediaKind, RtmpMedia } from '../rtmp/reader.ts'
import type { ContentMeter } from '../stream/content/meter.ts'
import type { Packet } from '../stream/packet.ts'
import type { SourceOptions } from '../stream/packet-source.ts'
import { BoundedInput } from './bounded-input.ts'
import { type Container, containerOf, type KeptMessage, keptMessage } from './content-container.ts'

/** Seconds from the first medium to the other, which then need not be waited for. */
const OTHER_MEDIUM = 2
/** Seconds without a key frame after which a picture is looked at as it comes. */
const NO_KEYFRAME = 12
/** Seconds from the end of a program that failed to the next: twice as long each time. */
const RETRY = { first: 1, longest: 60 } as const
/** Seconds after which one that failed had judged well. */
const JUDGED_WELL = 60

export interface FeedOptions extends Pick<SourceOptions, 'media'> {
  /** Starts what judges pictures and sound that it reads, of so many tracks. */
  start(stdin: Readable, container: Container['name'], tracks: number): Promise<RunningProgram>
  meter: ContentMeter
  clock: Clock
  /** When it is to judge, and whether what it sees is faulty; null: all the time. */
  looks: { times?: LookTimes; isFaulty(): boolean } | null
}

/** The one track of a medium that is judged: of several the lowest. */
interface JudgedTrack {
  readonly id: number
  /** Its parameters as they last came, or its first frame; null until one came whole. */
  parameters: KeptMessage | null
}

/** One program, from its start until it is gone. */
interface Run {
  readonly input: BoundedInput
  readonly container: Container
  readonly began: number
  /** Aborted when it is to end: it is of no more use, or not wanted any more. */
  readonly over: AbortController
  /** Whether the next one has to wait, because this one failed or could not keep up. */
  failed: boolean
  ended: Promise<void>
}

/**
 * Has one program judge pictures and sound of a stream that is read by RTMP: what it needs of the messages goes to its
 * standard input. Nothing waits for it. One that dies, or is too far behind, is replaced with the next key frame, at
 * growing intervals; meanwhile nothing is known of the content.
 */
export class ContentFeed {
  readonly #options: FeedOptions
  readonly #looks: Looks | null
  readonly #tracks: { video: JudgedTrack | null; audio: JudgedTrack | null } = { video: null, audio: null }
  /** The newest key frame, where key frames alone are looked at. */
  #keyframe: KeptMessage | null = null
  /** Whether the content is to be judged at present. */
  #isOn = false
  /** When the first medium was seen, and since when a program is wanted; monotonic seconds. */
  #firstSeen: number | null = null
  #wantedSince: number | null = null
  #run: Run | null = null
  #failures = 0
  #notBefore = Number.NEGATIVE_INFINITY
  #close: () => void = () => {}

  constructor(options: FeedOptions) {
    this.#options = options
    const { meter, looks } = options
    this.#looks = looks && new Looks({ meter, isFaulty: looks.isFaulty, ...(looks.times && { times: looks.times }) })
  }

  /** The session begins. */
  open(): void {
    const looks = this.#looks
    if (looks === null) {
      this.#isOn = true
      return
    }
    const ended = new Promise<void>((resolve) => {
      this.#close = resolve
    })
    const begin = async () => {
      this.#isOn = true
      return true
    }
    const finish = async () => {
      await this.#rest()
      return true
    }
    guarded('content looks', () => looks.follow({ ended, begin, finish }))()
  }

  /** The session is over. Resolves when nothing is left of it. */
  async close(): Promise<void> {
    this.#close()
    await this.#rest()
  }

  suspect(): void {
    this.#looks?.suspect()
  }

  /** Whether a frame is to be given to `add` whole. */
  wants(kind: MediaKind, keyframe: boolean): boolean {
    if (kind === 'video' && this.#options.meter.looksAt === 'keyframes') return keyframe
    return this.#isOn
  }

  /** Takes a message. @param at when it arrived, monotonic seconds */
  add(message: RtmpMedia, at: number): void {
    const { kind, packet, keyframe, trackId } = message
    const { media } = this.#options
    if (kind === 'data' || (media !== 'both' && media !== kind)) return
    const track = this.#trackOf(kind, trackId, at)
    if (track.id !== trackId || (packet !== 'frame' && packet !== 'sequence-header')) return
    if (packet === 'frame' && !this.wants(kind, keyframe)) return
    const kept = keptMessage(message)
    if (kept === null) return
    if (packet === 'sequence-header') this.#parameters(track, kept)
    track.parameters ??= kept
    const isKeyframe = kind === 'video' && packet === 'frame' && keyframe
    const isHeld = isKeyframe && this.#options.meter.looksAt === 'keyframes'
    if (isHeld) this.#keyframe = kept
    if (!this.#isOn) return
    if (this.#run !== null) this.#write(this.#run, kept, at)
    else if (this.#mayBegin(isKeyframe, at)) this.#begin(packet === 'frame' && !isHeld ? kept : null, at)
  }

  /** Takes a packet that was read: what passes without being judged is counted by them. */
  packet(packet: Packet): void {
    if (this.#isOn) this.#options.meter.addPacket(packet)
  }

  #trackOf(kind: MediaKind, id: number, at: number): JudgedTrack {
    const known = this.#tracks[kind]
    if (known !== null && known.id <= id) return known
    this.#firstSeen ??= at
    const track: JudgedTrack = { id, parameters: null }
    this.#tracks[kind] = track
    if (kind === 'video') this.#keyframe = null
    // The program that runs was told of the other medium only, or of another track.
    this.#run?.over.abort()
    return track
  }

  #parameters(track: JudgedTrack, newer: KeptMessage): void {
    const older = track.parameters
    track.parameters = newer
    const isSame = older?.packet === newer.packet && older.codec === newer.codec
    if (isSame && older.payload.equals(newer.payload)) return
    if (newer.kind === 'video') this.#keyframe = null
    const run = this.#run
    // FLV can go on with other parameters, but not with a medium or a codec that it does not have.
    const goesOn = run?.container.name === 'flv' && run.container.media.includes(newer.kind)
    if (!goesOn || containerOf([newer])?.name !== 'flv') run?.over.abort()
  }

  #mayBegin(isKeyframe: boolean, at: number): boolean {
    this.#wantedSince ??= at
    if (at < this.#notBefore) return false
    const { media } = this.#options
    const { video, audio } = this.#tracks
    const lacks = (media !== 'audio' && video === null) || (media !== 'video' && audio === null)
    if (lacks && at - (this.#firstSeen ?? at) < OTHER_MEDIUM) return false
    return video === null || isKeyframe || this.#keyframe !== null || at - this.#wantedSince >= NO_KEYFRAME
  }

  /** @param first what it begins with besides what is kept */
  #begin(first: KeptMessage | null, at: number): void {
    const { video, audio } = this.#tracks
    const container = containerOf([video?.parameters ?? [], audio?.parameters ?? []].flat())
    if (container === null) return
    const input = new BoundedInput()
    const over = new AbortController()
    const run: Run = { input, container, began: at, over, failed: false, ended: Promise.resolve() }
    this.#run = run
    run.ended = this.#play(run)
    input.write(container.beginning, at)
    for (const kept of [this.#keyframe, first]) if (kept !== null) this.#write(run, kept, at)
  }

  #write(run: Run, message: KeptMessage, at: number): void {
    const { input, container, over } = run
    const written = over.signal.aborted ? null : container.write(message)
    if (written === null || input.write(written, at)) return
    run.failed = true
    over.abort()
    this.#options.meter.cut()
  }

  /** Never rejects. */
  async #play(run: Run): Promise<void> {
    const { start, meter, clock } = this.#options
    const { input, container, over } = run
    try {
      const running = await start(input.stream, container.name, container.media.length)
      const stop = guarded('content reader', () => running.stop())
      if (over.signal.aborted) stop()
      else over.signal.addEventListener('abort', stop, { once: true })
      await running.ended
    } catch {
      // The system cannot start it just now.
    }
    input.end()
    // What it still said while it ended is of no use.
    meter.cut()
    this.#wantedSince = null
    this.#run = null
    if (over.signal.aborted && !run.failed) return
    const at = clock.monotonic()
    this.#failures = at - run.began >= JUDGED_WELL ? 0 : this.#failures + 1
    this.#notBefore = at + Math.min(RETRY.longest, RETRY.first * 2 ** Math.max(0, this.#failures - 1))
  }

  /** Resolves when no program is left, and none begins. */
  async #rest(): Promise<void> {
    this.#isOn = false
    this.#wantedSince = null
    const run = this.#run
    run?.over.abort()
    await run?.ended
  }
}
