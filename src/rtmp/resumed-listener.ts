import type { RtmpListener, RtmpMedia } from './media.ts'

/**
 * Milliseconds by which media of another connection may lie behind what has come: a server sends from the last key frame
 * on. Further back it is another clock, of which nothing has come yet.
 */
const LONGEST_REPEAT = 30_000
/** Tracks whose time is remembered. */
const MOST_TRACKS = 64

/** Passes media on, but for what has come already over the connection before. */
export class ResumedListener implements RtmpListener {
  readonly #listener: RtmpListener
  /** Of the newest frame, in milliseconds modulo 2^32, by track. */
  readonly #newest = new Map<string, number>()
  /** Tracks of which it is not known yet whether their media goes on. */
  #doubtful = new Set<string>()

  constructor(listener: RtmpListener) {
    this.#listener = listener
  }

  /** Another connection follows. */
  resume(): void {
    this.#doubtful = new Set(this.#newest.keys())
  }

  media(message: RtmpMedia, at: number): void {
    const { kind, trackId, packet, time } = message
    if (packet === 'frame') {
      const track = `${kind} ${trackId}`
      if (this.#doubtful.has(track)) {
        const ahead = (time - (this.#newest.get(track) ?? 0)) | 0
        if (ahead <= 0 && ahead > -LONGEST_REPEAT) return
        this.#doubtful.delete(track)
      }
      if (this.#newest.has(track) || this.#newest.size < MOST_TRACKS) this.#newest.set(track, time)
    }
    this.#listener.media(message, at)
  }
}
