import { createHash } from 'node:crypto'
import { findDecoder } from '../ffmpeg/binaries.ts'
import { decodePicture } from '../ffmpeg/picture.ts'
import type { MonitorState } from '../monitor/state.ts'
import { type ErrorCode, MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import { Limiter } from '../observation/limiter.ts'
import type { KeyFrame, KeyFrameAnswer } from '../observation/picture.ts'

/** A picture of a stream as it was at one moment. */
export interface Picture {
  jpeg: Buffer
  /** When its key frame arrived, milliseconds since the epoch. */
  at: number
  /** Seconds since then. */
  age: number
}

/** The node that watches a stream, as whoever makes pictures needs it. */
export interface PictureSource {
  /** What the target says of pictures: `true` everywhere, `null` not in emails, `false` nowhere. */
  allowed(name: string): boolean | null
  keyFrame(name: string, signal: AbortSignal): Promise<KeyFrameAnswer>
}

export type Decode = (keyFrame: KeyFrame, signal: AbortSignal) => Promise<Buffer>

/** Seconds for which a picture, or why there is none, is the answer to all who ask for the same stream. */
const ANSWERS_FOR = 2
/** Seconds since its key frame after which a picture shows nothing of now: three of the longest intervals in use. */
const LIVE_FOR = 30
/** Seconds for which a picture stays in memory when nobody asks any more. */
const KEPT_FOR = 60
/** Runs of ffmpeg at once in one monitor: each is a process for a tenth of a second. */
const MOST_AT_ONCE = 2
/** Streams that wait for one; what comes on top is refused at once. At two in a tenth of a second it is a wait of 3 s. */
const MOST_WAITING = 64

/** HTTP status by error. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  'unknown-target': 404,
  'no-picture': 409,
  unsupported: 409,
  'no-ffmpeg': 503,
  'no-resources': 503,
  busy: 503,
  internal: 500,
}

export function pictureStatusOf(code: ErrorCode): number {
  return STATUS_BY_CODE[code] ?? 400
}

/** How HTTP says what a picture is, and how old. */
export function pictureHeaders({ at, age }: Picture): Record<string, string> {
  return {
    'content-type': 'image/jpeg',
    'last-modified': new Date(at).toUTCString(),
    // Seconds. `Age` is for what caches hold (RFC 9111, section 5.1), and has whole ones.
    'picture-age': age.toFixed(1),
  }
}

/** @throws MonitorError `invalid-message` where the query does not name one target */
export function parsePictureQuery(query: unknown): string {
  const { target } = (query ?? {}) as { target?: unknown }
  if (typeof target === 'string' && target !== '') return target
  throw new MonitorError('invalid-message', 'the parameter target must name one stream, as in ?target=main')
}

/** What was decoded. */
interface Decoded {
  jpeg: Buffer
  /** Of the key frame. */
  digest: string
  /** When that arrived: monotonic seconds, and milliseconds since the epoch. */
  seen: number
  at: number
}

interface Attempt {
  decoded: Promise<Decoded>
  /** When it was made, or failed, monotonic seconds; null: it is under way. */
  over: number | null
}

/**
 * Pictures of the streams of one monitor, for whoever asks: none is made where nobody does, and of each stream at most one
 * in two seconds, whatever number asks.
 */
export class Pictures {
  readonly #state: MonitorState
  readonly #decode: Decode
  readonly #sources = new Map<string, { source: PictureSource; over: AbortController }>()
  readonly #attempts = new Map<string, Attempt>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #turns = new Limiter(MOST_AT_ONCE)

  constructor(state: MonitorState, decode: Decode = decodeWithFfmpeg) {
    this.#state = state
    this.#decode = decode
    state.directory.onLeft(({ kind, name }) => (kind === 'stream' ? this.#forget(name) : undefined))
  }

  /** @returns the way to take it back, which a node must do when it closes; what it is asked for then ends */
  offer(owner: string, source: PictureSource): () => void {
    const offered = { source, over: new AbortController() }
    this.#sources.set(owner, offered)
    return () => {
      offered.over.abort()
      if (this.#sources.get(owner) === offered) this.#sources.delete(owner)
    }
  }

  /** Whether the target says that pictures of it may go into emails. */
  isForEmails(name: string): boolean {
    const owner = this.#state.directory.get('stream', name)?.owner
    const offered = owner === undefined ? undefined : this.#sources.get(owner)
    try {
      return offered?.source.allowed(name) === true
    } catch {
      // The node lets go of it this moment.
      return false
    }
  }

  /** How many are kept. */
  get kept(): number {
    return this.#attempts.size
  }

  /**
   * The picture of a stream: within 12 s, where no key frame was kept, of the next one.
   *
   * @throws MonitorError `unknown-target`, `no-picture`, `unsupported`, `no-ffmpeg`, `no-resources`, `busy`
   */
  async of(name: string): Promise<Picture> {
    const entry = this.#state.directory.get('stream', name)
    if (entry === undefined) throw new MonitorError('unknown-target', 'No stream of that name is watched')
    const offered = this.#sources.get(entry.owner)
    if (offered === undefined) throw beingDeployed()
    if (offered.source.allowed(name) === false) {
      throw new MonitorError('no-picture', 'The target says that no picture is made of it ("picture": false)')
    }
    const now = () => this.#state.clock.monotonic()
    const known = this.#attempts.get(name)
    const isNewest = known !== undefined && (known.over === null || now() - known.over < ANSWERS_FOR)
    const attempt = isNewest ? known : this.#begin(name, offered.source, offered.over.signal)
    const { jpeg, seen, at } = await attempt.decoded
    return { jpeg, at, age: Math.max(0, now() - seen) }
  }

  #begin(name: string, source: PictureSource, signal: AbortSignal): Attempt {
    const before = this.#attempts.get(name)?.decoded.catch(() => null) ?? null
    const decoded = this.#make(name, source, before, signal)
    const attempt: Attempt = { decoded, over: null }
    this.#attempts.set(name, attempt)
    const over = guarded('picture', () => {
      attempt.over = this.#state.clock.monotonic()
      if (this.#attempts.get(name) === attempt) this.#forgetLater(name)
    })
    decoded.then(over, over)
    return attempt
  }

  async #make(
    name: string,
    source: PictureSource,
    before: Promise<Decoded | null> | null,
    signal: AbortSignal,
  ): Promise<Decoded> {
    const keyFrame = await source.keyFrame(name, signal)
    if (signal.aborted) throw beingDeployed()
    if ('code' in keyFrame) throw new MonitorError(keyFrame.code, keyFrame.message)
    const { clock } = this.#state
    const [seen, at] = [clock.monotonic() - keyFrame.age, clock.wall() - keyFrame.age * 1000]
    if (keyFrame.age > LIVE_FOR) throw tooOld(keyFrame.age)
    const digest = createHash('sha256').update(keyFrame.recording).digest('base64')
    const last = await before
    if (last?.digest === digest) return last
    if (this.#turns.waiting >= MOST_WAITING) {
      throw new MonitorError('busy', `Pictures of ${MOST_WAITING} streams are waited for already. Ask again in 5 s.`)
    }
    const jpeg = await this.#turns.run(() => this.#decode(keyFrame, signal))
    return { jpeg, digest, seen, at }
  }

  #forgetLater(name: string): void {
    clearTimeout(this.#timers.get(name))
    const forget = guarded('picture', () => this.#forget(name))
    this.#timers.set(name, setTimeout(forget, KEPT_FOR * 1000).unref())
  }

  #forget(name: string): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
    this.#attempts.delete(name)
  }
}

async function decodeWithFfmpeg(keyFrame: KeyFrame, signal: AbortSignal): Promise<Buffer> {
  return decodePicture(keyFrame, await findDecoder(), signal)
}

function beingDeployed(): MonitorError {
  return new MonitorError('busy', 'The node that watches it is just being deployed; try again')
}

function tooOld(age: number): MonitorError {
  return new MonitorError(
    'no-picture',
    `The newest key frame came ${age.toFixed(0)} s ago (expected: ${LIVE_FOR} s at most), so a picture of it is not live. Look whether the stream still comes.`,
  )
}
