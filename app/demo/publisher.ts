import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pipeline, Readable } from 'node:stream'
import { programEnvironment } from '../../src/programs/environment.ts'
import { CLIP_LENGTH, DECLARED_VIDEO_BITRATE } from './clips.ts'
import { Reel, type Scene } from './reel.ts'

/** How long ffmpeg may take to say goodbye to the server, in milliseconds. */
const STOP_LIMIT = 1500

/** How long a publisher that ended by itself stays away, in milliseconds. */
const RESTART_DELAY = 1000

/** The encoder of the demo: an ffmpeg that sends clips in real time, for ever. */
export class Publisher {
  readonly #ffmpeg: string
  readonly #url: string
  #child: ChildProcess | null = null
  #reel: Reel | null = null
  #isFrozen = false
  #restart: NodeJS.Timeout | undefined

  constructor(ffmpeg: string, url: string) {
    this.#ffmpeg = ffmpeg
    this.#url = url
  }

  get running(): boolean {
    return this.#child !== null
  }

  /** Publishes a scene: within the stream that goes on, where that is possible, else as a stream of its own. */
  async play(scene: Scene): Promise<void> {
    if (this.#child && !this.#isFrozen && this.#reel?.takes(scene)) return this.#reel.cut(scene)
    await this.stop()
    this.#run(scene)
  }

  #run(scene: Scene): void {
    const reel = new Reel(scene, CLIP_LENGTH)
    const child = spawn(
      this.#ffmpeg,
      [
        ...['-hide_banner', '-loglevel', 'error', '-re', '-f', 'flv', '-i', 'pipe:0'],
        // With a copied stream the bitrate is what ffmpeg declares, not what it makes.
        ...['-c', 'copy', '-b:v', String(DECLARED_VIDEO_BITRATE), '-b:a', '128k', ...(scene.audio ? [] : ['-an'])],
        // Else ffmpeg holds video back for 10 s to wait for audio that does not come.
        ...['-max_interleave_delta', '100000', '-f', 'flv', this.#url],
      ],
      { stdio: ['pipe', 'ignore', 'ignore'], env: programEnvironment() },
    )
    this.#child = child
    this.#reel = reel
    this.#isFrozen = false
    // Few at a time, so that a cut is seen soon. How it ends is told by the process.
    if (child.stdin) pipeline(Readable.from(reel.play(), { highWaterMark: 4 }), child.stdin, () => {})
    const again = () => {
      if (this.#child !== child) return
      this.#child = null
      this.#restart = setTimeout(() => this.#run(scene), RESTART_DELAY)
    }
    child.once('exit', again).once('error', again)
  }

  /** Stops it in its tracks: it keeps its connection and sends nothing. */
  freeze(): void {
    this.#isFrozen = true
    this.#child?.kill('SIGSTOP')
  }

  /** Ends it as a person would. A frozen one is killed. */
  async stop(): Promise<void> {
    clearTimeout(this.#restart)
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT)
    child.kill('SIGTERM')
    await once(child, 'exit')
    clearTimeout(timer)
  }

  /** Ends it at once. */
  kill(): void {
    clearTimeout(this.#restart)
    this.#child?.kill('SIGKILL')
  }
}
