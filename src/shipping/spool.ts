import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { isRecord } from '../observation/shape.ts'
import { type DamagedFile, JsonFile, reasonOf } from '../storage/json-file.ts'

/** Bytes after which a new file begins: what was sent is given back to the disk by whole files. */
const SEGMENT = 1_000_000

const NAME = /^(\d{1,12})\.ndjson$/
const NEWLINE = 10

interface Segment {
  readonly number: number
  bytes: number
  lines: number
}

/** What was sent of the first file. */
interface Position {
  segment: number
  bytes: number
}

/**
 * Lines that wait on disk, the oldest first, in files of a folder. Written at once, so that what was taken in survives the
 * end of the process; read from the beginning, and gone only when they are dropped. Whatever lies there, it throws nothing.
 */
export class Spool {
  readonly #folder: string
  readonly #position: JsonFile
  readonly #damaged: (file: DamagedFile, lines: number) => void
  readonly #segments: Segment[]
  /** Bytes and lines of the first file that were dropped. */
  #sent = { bytes: 0, lines: 0 }
  /** The newest file of an earlier process: the end of it may be half a line. */
  readonly #before: number
  #newest: number
  #problem: string | null = null

  /** @param damaged told of a file that is not what it should be, and of how many lines are gone with it */
  constructor(folder: string, damaged: (file: DamagedFile, lines: number) => void) {
    this.#folder = folder
    this.#damaged = damaged
    this.#position = new JsonFile(join(folder, 'position.json'), (file) => damaged(file, 0))
    this.#segments = this.#found()
    const position = this.#position.read(parsePosition)
    const first = this.#segments[0]
    this.#before = Math.max(0, position?.segment ?? 0, ...this.#segments.map(({ number }) => number))
    this.#newest = this.#before
    if (first !== undefined && position?.segment === first.number) this.#skip(first, position.bytes)
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0) - this.#sent.bytes
  }

  get lines(): number {
    return this.#segments.reduce((sum, { lines }) => sum + lines, 0) - this.#sent.lines
  }

  /** Why it could not be written or read last, in words; null where all is well. */
  get problem(): string | null {
    return this.#problem
  }

  /** @param lines without their ends @returns whether they are on disk now; where not, none of them is */
  append(lines: readonly string[]): boolean {
    try {
      const last = this.#segments.at(-1)
      const isNew = last === undefined || last.number <= this.#before || last.bytes >= SEGMENT
      const segment = isNew ? { number: this.#newest + 1, bytes: 0, lines: 0 } : last
      const piece = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      this.#write(segment, piece)
      segment.bytes += piece.length
      segment.lines += lines.length
      this.#newest = segment.number
      if (isNew) this.#segments.push(segment)
      this.#problem = null
      return true
    } catch (error) {
      this.#problem = `${this.#folder} cannot be written: ${reasonOf((error as NodeJS.ErrnoException).code)}`
      return false
    }
  }

  /** The oldest lines: at most so many, of at most so many bytes together, but one at least. They still wait. */
  peek(most: { lines: number; bytes: number }): string[] {
    for (let first = this.#segments[0]; first !== undefined; first = this.#segments[0]) {
      const rest = this.#restOf(first)
      if (rest === null) return []
      if (rest.length > 0) return firstLines(rest, most)
      this.#giveBack(first)
    }
    return []
  }

  /** These are settled: the oldest so many. */
  drop(count: number): void {
    let left = count
    for (let first = this.#segments[0]; first !== undefined && left > 0; first = this.#segments[0]) {
      const here = first.lines - this.#sent.lines
      if (left < here) {
        this.#sent = { bytes: this.#sent.bytes + this.#lengthOf(first, left), lines: this.#sent.lines + left }
        this.#position.write({ version: 1, segment: first.number, bytes: this.#sent.bytes })
        return
      }
      left -= here
      this.#giveBack(first)
    }
  }

  /** Everything goes, for when its owner is gone for good. */
  remove(): void {
    for (const segment of [...this.#segments]) this.#giveBack(segment)
    this.#position.remove()
  }

  #path({ number }: Segment): string {
    return join(this.#folder, `${number}.ndjson`)
  }

  #found(): Segment[] {
    try {
      const numbers = readdirSync(this.#folder).flatMap((name) => [...(NAME.exec(name)?.slice(1) ?? [])].map(Number))
      return numbers
        .sort((one, other) => one - other)
        .map((number) => ({ number, ...this.#measured(join(this.#folder, `${number}.ndjson`)) }))
    } catch {
      // There is no folder yet, or none that can be read: then none that can be written, which is said.
      return []
    }
  }

  /** A line that a killed process has not finished counts: whoever reads it sees that it is none. */
  #measured(path: string): { bytes: number; lines: number } {
    try {
      const content = readFileSync(path)
      return { bytes: content.length, lines: countOf(content) }
    } catch {
      return { bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0, lines: 1 }
    }
  }

  #skip(first: Segment, bytes: number): void {
    const content = this.#read(first)
    if (content === null || bytes > content.length) return
    this.#sent = { bytes, lines: countOf(content.subarray(0, bytes)) }
  }

  #write({ number, bytes }: Segment, piece: Buffer): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const file = openSync(join(this.#folder, `${number}.ndjson`), 'a', 0o600)
    try {
      let written = 0
      while (written < piece.length) written += writeSync(file, piece, written)
    } catch (error) {
      // A disk that is full has taken a part. All of it is written again.
      ftruncateSync(file, bytes)
      throw error
    } finally {
      closeSync(file)
    }
  }

  /** What waits in a file; empty where it is gone, null where it cannot be read now. */
  #restOf(segment: Segment): Buffer | null {
    const content = this.#read(segment)
    if (content === null) return null
    const rest = content.subarray(this.#sent.bytes)
    const [here, expected] = [countOf(rest), segment.lines - this.#sent.lines]
    if (here === expected) return rest
    const gone = Math.max(0, expected - here)
    const what = `${gone} of the lines in it are gone`
    if (gone > 0) this.#damaged({ path: this.#path(segment), what, kept: null }, gone)
    segment.lines = this.#sent.lines + here
    segment.bytes = content.length
    return rest
  }

  #read(segment: Segment): Buffer | null {
    try {
      return readFileSync(this.#path(segment))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return Buffer.alloc(0)
      this.#problem = `${this.#path(segment)} cannot be read: ${reasonOf(code)}`
      return null
    }
  }

  /** Bytes of so many lines that wait in the first file. */
  #lengthOf(first: Segment, lines: number): number {
    const rest = this.#read(first)?.subarray(this.#sent.bytes) ?? Buffer.alloc(0)
    let end = 0
    for (let line = 0; line < lines; line += 1) end = rest.indexOf(NEWLINE, end) + 1
    return end
  }

  #giveBack(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    this.#sent = { bytes: 0, lines: 0 }
    try {
      rmSync(this.#path(segment), { force: true })
    } catch {
      // What cannot be removed is sent again after a restart, and known by its ids.
    }
  }
}

function countOf(content: Buffer): number {
  let count = content.length > 0 && content.at(-1) !== NEWLINE ? 1 : 0
  for (let at = content.indexOf(NEWLINE); at !== -1; at = content.indexOf(NEWLINE, at + 1)) count += 1
  return count
}

function firstLines(content: Buffer, most: { lines: number; bytes: number }): string[] {
  const lines: string[] = []
  let start = 0
  while (start < content.length && lines.length < most.lines) {
    const newline = content.indexOf(NEWLINE, start)
    const end = newline === -1 ? content.length : newline
    if (lines.length > 0 && end > most.bytes) break
    lines.push(content.toString('utf8', start, end))
    start = end + 1
  }
  return lines
}

function parsePosition(value: unknown): Position | null {
  if (!isRecord(value) || value.version !== 1) return null
  const { segment, bytes } = value
  const isCount = (number: unknown): number is number => typeof number === 'number' && Number.isSafeInteger(number)
  return isCount(segment) && isCount(bytes) && segment > 0 && bytes >= 0 ? { segment, bytes } : null
}
