import { LineReader } from './line-reader.ts'

/** Bytes. */
const LONGEST_LINE = 512

/** How FFmpeg's programs name the level of what they say, where they are asked to (`level+…`). */
const TOLD = /\[(?:warning|info|verbose|debug|trace)\]|^\s*Last message repeated/
const SERIOUS = /\[(?:error|fatal|panic)\] /

/**
 * What a program says by which a track shows that was not there at its beginning: of such a one it hands on no packet.
 * ffmpeg warns of it; of ffprobe it is what libavformat's demultiplexer of MPEG-TS says of each track that a table names
 * (FFmpeg 5.1, 6 and 7).
 */
const NEW_TRACK = {
  ffprobe: /\[debug\] stream=\d+ stream_type=/,
  ffmpeg: /\[warning\] New (?:video|audio) stream/,
} as const

/** What makes the programs say it. */
export const NEWS_LEVEL = { ffprobe: 'level+debug', ffmpeg: 'level+warning' } as const

/** Takes what a program says beside its errors out of what it writes, and hears of tracks that begin. */
export class TrackNews {
  readonly #program: keyof typeof NEW_TRACK
  readonly #began: () => void
  #errors: string[] = []
  readonly #lines = new LineReader(LONGEST_LINE, {
    line: (bytes, start, end) => this.#line(bytes.toString('utf8', start, end)),
    overlong: () => {},
  })

  constructor(program: keyof typeof NEW_TRACK, began: () => void) {
    this.#program = program
    this.#began = began
  }

  /** Takes the next bytes, and gives back the lines among them that are errors. */
  errorsIn(chunk: Buffer): Buffer {
    this.#errors = []
    this.#lines.push(chunk)
    return Buffer.from(this.#errors.join(''))
  }

  #line(line: string): void {
    if (NEW_TRACK[this.#program].test(line)) this.#began()
    if (!TOLD.test(line)) this.#errors.push(`${line.replace(SERIOUS, '')}\n`)
  }
}
