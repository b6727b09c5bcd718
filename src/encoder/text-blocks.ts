/** One block of the text protocol, or one of the two answers that are a line of their own. */
export type TextEvent =
  | { event: 'block'; header: string; values: ReadonlyMap<string, string> }
  | { event: 'ack' }
  | { event: 'nack' }
  /** A line that stands where only a header or an answer may. */
  | { event: 'nonsense' }

/** Characters of one line, and lines of one block: four times the longest that were captured. */
const LONGEST_LINE = 4096
const MOST_LINES = 256

/**
 * The only values that are kept of what a device says. Its stream key, its passphrase and its URL are in `STREAM SETTINGS`
 * and end here.
 */
const KEPT: ReadonlyMap<string, readonly string[]> = new Map([
  ['IDENTITY', ['model', 'label']],
  ['VERSION', ['software release']],
  ['STREAM SETTINGS', ['video mode']],
  ['STREAM STATE', ['status', 'bitrate', 'duration', 'cache used']],
  ['END PRELUDE', []],
])

/** Some emulators write `ACK:`, or the control characters of that name, as recorded exchanges of the text protocol on port 9977 show. */
const ANSWERS: ReadonlyMap<string, 'ack' | 'nack'> = new Map([
  ['ACK', 'ack'],
  ['ACK:', 'ack'],
  ['\u0006', 'ack'],
  ['NACK', 'nack'],
  ['NACK:', 'nack'],
  ['\u0015', 'nack'],
])

/**
 * Takes the bytes of the text protocol apart: blocks that end with an empty line, in LF or CRLF. Blocks and keys that are
 * not known are passed over, as the protocol asks for.
 */
export class TextBlockReader {
  #rest = ''
  #header: string | null = null
  #values = new Map<string, string>()
  #lines = 0

  /**
   * @returns what became whole with this piece
   * @throws RangeError where a line or a block has no end
   */
  read(piece: string): TextEvent[] {
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    const events = lines.flatMap((line) => this.#take(line.endsWith('\r') ? line.slice(0, -1) : line))
    if (this.#rest.length > LONGEST_LINE) throw new RangeError('a line without end')
    return events
  }

  #take(line: string): TextEvent[] {
    if (line.length > LONGEST_LINE) throw new RangeError('a line without end')
    const text = line.trim()
    const answer = this.#header === null ? ANSWERS.get(text) : undefined
    if (answer !== undefined) return [{ event: answer }]
    if (text === '') return this.#end()
    this.#lines += 1
    if (this.#lines > MOST_LINES) throw new RangeError('a block without end')
    const at = text.indexOf(':')
    if (this.#header === null) {
      if (at !== text.length - 1) return [{ event: 'nonsense' }]
      this.#header = text.slice(0, -1)
      return []
    }
    const key = text.slice(0, Math.max(at, 0)).trim().toLowerCase()
    if (KEPT.get(this.#header)?.includes(key)) this.#values.set(key, text.slice(at + 1).trim())
    return []
  }

  #end(): TextEvent[] {
    const header = this.#header
    const values = this.#values
    this.#header = null
    this.#values = new Map()
    this.#lines = 0
    return header !== null && KEPT.has(header) ? [{ event: 'block', header, values }] : []
  }
}
