import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { DECLARED_VIDEO_BITRATE } from './clips.ts'

/** How long ffmpeg may take to say goodbye to the server, in milliseconds. */
const STOP_LIMIT = 1500

/** How long a publisher that ended by itself stays away, in milliseconds. */
const RESTART_DELAY = 1000

/** The encoder of the demo: an ffmpeg that replays a clip in real time, for ever. */
export class Publisher {
  readonly #ffmpeg: string
  readonly #url: string
  #child: ChildProcess | null = null
  #restart: NodeJS.Timeout | undefined

  constructor(ffmpeg: string, url: string) {
    this.#ffmpeg = ffmpeg
    this.#url = url
  }

  get running(): boolean {
    return this.#child !== null
  }

  /** Begins to publish, in place of what was published before. */
  async start(clip: string, audio: boolean): Promise<void> {
    await this.stop()
    this.#run(clip, audio)
  }

  #run(clip: string, audio: boolean): void {
    const child = spawn(
      this.#ffmpeg,
      [
        ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', clip],
        // With a copied stream the bitrate is what ffmpeg declares, not what it makes.
        ...['-c', 'copy', '-b:v', String(DECLARED_VIDEO_BITRATE), '-b:a', '128k', ...(audio ? [] : ['-an'])],
        ...['-f', 'flv', this.#url],
      ],
      { stdio: 'ignore' },
    )
    this.#child = child
    const again = () => {
      if (this.#child !== child) return
      this.#child = null
      this.#restart = setTimeout(() => this.#run(clip, audio), RESTART_DELAY)
    }
    child.once('exit', again).once('error', again)
  }

  /** Stops it in its tracks: it keeps its connection and sends nothing. */
  freeze(): void {
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
