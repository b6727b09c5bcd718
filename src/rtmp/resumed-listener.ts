import type { RtmpStage } from './ending.ts'
import type { RtmpListener, RtmpMedia } from './media.ts'

/**
 * Milliseconds by which media of another connection may lie behind what has come: a server sends from the last key frame
 * on. Further back it is another clock, of which nothing has come yet.
 */
const LONGEST_REPEAT = 30_000

/** Passes media on, but for what has come already over the connection before. */
export class ResumedListener implements RtmpListener {
  readonly #listener: RtmpListener
  /** Of the newest frame, in milliseconds modulo 2^32, by track: of each number one of video and one of audio. */
  readonly #newest: number[] = []
  /** Tracks of which it is not known yet whether their media goes on; null while there is none, as nearly always. */
  #doubtful: Set<number> | null = null

  constructor(listener: RtmpListener) {
    this.#listener = listener
  }

  /** Another connection follows. */
  resume(): void {
    this.#doubtful = new Set(this.#newest.keys())
  }

  media(message: RtmpMedia, at: number): void {
    if (message.packet === 'frame') {
      const track = message.trackId * 2 + (message.kind === 'audio' ? 1 : 0)
      if (this.#doubtful !== null && this.#isRepeated(track, message.time, this.#doubtful)) return
      this.#newest[track] = message.time
    }
    this.#listener.media(message, at)
  }

  stage(stage: RtmpStage): void {
    this.#listener.stage?.(stage)
  }

  #isRepeated(track: number, time: number, doubtful: Set<number>): boolean {
    if (!doubtful.has(track)) return false
    const before = this.#newest[track]
    const ahead = before === undefined ? 1 : (time - before) | 0
    if (ahead <= 0 && ahead > -LONGEST_REPEAT) return true
    doubtful.delete(track)
    if (doubtful.size === 0) this.#doubtful = null
    return false
  }
}
