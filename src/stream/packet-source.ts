import type { Clock } from '../observation/clock.ts'
import type { AbsenceReason, FailureCode } from '../observation/observation.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import {
  isStreamFailure,
  type SessionEnd,
  type StreamParameters,
  type StreamReadOptions,
} from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { ContentMeter } from './content/meter.ts'
import type { Packet } from './packet.ts'

/** Why a session ended. */
export interface Ending {
  end: SessionEnd
  /** Why nothing is known, where no end says it so well: the program that is there cannot read such a stream. */
  code?: 'unsupported'
  /** For a person: what happened. It may quote a program or a server, and so hold secrets. */
  message: string
  /** No connection came about: it says something of the server, or of its address, and nothing of the stream. */
  beforeStream?: true
  /** The source ended it by itself, to begin again at once: it says nothing of the stream. */
  again?: true
  /** The server says that the publisher has ended: whoever publishes next is another one. */
  publisherEnded?: true
  /** What the address gives is a recording: it stays so for long, and is not worth a look every two seconds. */
  isRecording?: true
}

/**
 * What is said while a connection stands and no media has come over it yet. Without TCP it is not known whether a server
 * is there at all.
 */
export const NO_MEDIA_YET = {
  tcp: 'the server accepts the connection, but sends no media: nobody publishes there, or its source is slow to start',
  udp: 'no media comes: no server answers there, or nobody publishes, or the source is slow to start',
} as const

/** What is known of a stream at one moment. */
export type Knowledge =
  | { outcome: 'present' }
  | { outcome: 'absent'; reason: AbsenceReason; message?: string; beforeStream?: true }
  | { outcome: 'unknown'; code: FailureCode; message: string }

/** What an end leaves to be known of the stream: that it is not there, or nothing. */
export function knownAfter({ end, code, message, beforeStream }: Ending): Knowledge {
  if (isStreamFailure(end)) return { outcome: 'unknown', code: code ?? end, message }
  return { outcome: 'absent', reason: end, message, ...(beforeStream && { beforeStream }) }
}

/**
 * Ends that a connection may come to because this process did not run: it did not answer, or its own network is not there
 * again yet.
 */
const OF_ABSENCE: ReadonlySet<SessionEnd> = new Set(['ended', 'timeout', 'unreachable', 'dns-failed', 'killed'])

export function isOfAbsence(end: SessionEnd): boolean {
  return OF_ABSENCE.has(end)
}

/** What is known after such an end: nothing. Seconds. */
export function lostByAbsence(seconds: number): string {
  return `The monitor itself stood still for ${seconds.toFixed(0)} s, and its connection did not outlive that: it connects again.`
}

/** What a stream says of itself. `turned-away`: the server accepts no second reader. */
export type Inspection = StreamParameters | 'failed' | 'turned-away'

/** What a source says while it is open. */
export interface SourceListener {
  /** @param at when it arrived, monotonic seconds */
  packet(packet: Packet, at: number): void
  /** The server was asked to play: what it kept of a publisher comes now. @param at monotonic seconds */
  playRequest?(at: number): void
  /** A playlist says how long its segments are, or that they have another length now. Seconds. */
  targetDuration(seconds: number): void
}

/** Reads the packets of one stream for one session. `PacketSources` makes one for each, and it is opened once. */
export interface PacketSource {
  /** It reads by itself, so that more of them may begin in a second than processes. Default: false. */
  readonly startsNothing?: boolean
  /** Seconds after which a stream that has shown nothing has no media: the longest that the source looks for it. */
  readonly showsWithin: number
  /**
   * Reads until the stream ends, the source can read no more, or `signal` aborts, and says why. When it resolves,
   * nothing of it is left: no process, no socket, no timer. Rejects only for a fault of our own.
   */
  open(address: StreamAddress, listener: SourceListener, signal: AbortSignal): Promise<Ending>
  /** What the stream that is open says of itself. */
  inspect(signal: AbortSignal): Promise<Inspection>
  /** Why nothing comes, where it is for a reason that says nothing of the stream; else null. */
  ownFault(): string | null
  /** What is known of a connection that has shown nothing so far, where it is more than `NO_MEDIA_YET`; else null. */
  silence?(): string | null
  /** Something makes the content suspect: a source that looks at it only now and then looks soon. */
  suspect(): void
  /**
   * The newest key frame of the stream that is open, or the next one where none is kept: within seconds. Null, or left out:
   * the source has what a program says of the stream, and not the stream itself.
   */
  keyFrame?(signal: AbortSignal): Promise<KeyFrameAnswer | null>
}

/** How a stream is to be read. */
export interface SourceOptions
  extends Pick<StreamReadOptions, 'media' | 'verifyTls' | 'checks' | 'stillPicture' | 'reader' | 'variant'> {
  /** Takes what is found in pictures and sound; null where they are not looked at (`checks: packets`). */
  content: ContentMeter | null
  clock: Clock
  /** The session before overlooked a track that is there: look for all of them for as long as it may take. Default: false. */
  thorough?: boolean
}

/** Whatever can read streams, given to a probe by whoever makes it. */
export interface PacketSources {
  /**
   * What reads an address, by its protocol and the options.
   *
   * @throws MonitorError `no-ffprobe`, `no-ffmpeg`, `no-resources`: nothing here can read it; `unsupported`: what it carries
   */
  choose(address: StreamAddress, options: SourceOptions): Promise<PacketSource>
  /**
   * Reads what a stream says of itself, over a short connection of its own. Null where that shows no more than a session
   * does, which knows every track from its first packets on.
   *
   * @throws MonitorError `inspection-failed`, and as `choose`; its message is to be redacted
   */
  inspect(
    address: StreamAddress,
    options: Pick<SourceOptions, 'media' | 'verifyTls' | 'reader' | 'checks'>,
    signal: AbortSignal,
  ): Promise<StreamParameters | null>
  /** @throws MonitorError as `choose`, where nothing here can read the address */
  ready(address: StreamAddress, options: Pick<SourceOptions, 'reader' | 'checks'>): Promise<void>
}
