import { execFile } from 'node:child_process'
import { closeSync, constants, openSync, readSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/**
 * Milliseconds between reads. ffprobe writes each packet by itself, 77 times a second for one stream: to be woken for
 * each costs 0.13 % of a core per stream, to read all pipes every 50 ms costs 0.01 % (50 streams, Node 22, measured).
 * Arrival times are as coarse as this.
 */
const PERIOD = 50
/** Periods without output after which a pipe is read only every `REST`th time. */
const QUIET = 40
const REST = 4

/** Reads of 64 KB at a time from one pipe: who writes faster than we read must not keep us from everything else. */
const MOST_READS = 4

/** A pipe for the output of a process, read at a steady pace. */
export interface OutputPipe {
  /** To be given to the process, and closed by `started` afterwards. */
  readonly fd: number
  started(): void
  /** Reads what is left and closes the pipe. May be called again. */
  finish(): void
}

const run = promisify(execFile)
const buffer = Buffer.allocUnsafeSlow(64 * 1024)

/** The pipes of this process that are open. One timer reads them all; it runs while there is one. */
const open = new Set<Reader>()
let timer: NodeJS.Timeout | null = null

/**
 * Opens a pipe. `onData` gets a view of a shared buffer: it has to take what it wants before it returns.
 *
 * @throws Error where the system has no named pipes (Windows), or the temporary directory cannot be written
 */
export async function openPipe(onData: (chunk: Buffer) => void): Promise<OutputPipe> {
  // Node has no call for an anonymous pipe, so it is a named one until both ends are open.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rtmp-hmonitor-'))
  try {
    const file = path.join(folder, 'output')
    await run('mkfifo', ['-m', '600', file])
    const readEnd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return new Reader(readEnd, openSync(file, constants.O_WRONLY), onData)
    } catch (error) {
      closeSync(readEnd)
      throw error
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

class Reader implements OutputPipe {
  readonly fd: number
  readonly #readEnd: number
  readonly #onData: (chunk: Buffer) => void
  #writerOpen = true
  #readerOpen = true
  #quiet = 0

  constructor(readEnd: number, writeEnd: number, onData: (chunk: Buffer) => void) {
    this.#readEnd = readEnd
    this.fd = writeEnd
    this.#onData = onData
    open.add(this)
    timer ??= setInterval(readAll, PERIOD)
  }

  started(): void {
    if (!this.#writerOpen) return
    this.#writerOpen = false
    closeSync(this.fd)
  }

  finish(): void {
    this.started()
    if (!this.#readerOpen) return
    this.read()
    this.#readerOpen = false
    closeSync(this.#readEnd)
    open.delete(this)
    if (open.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }

  /** Whether it is worth reading this time: an empty pipe costs an exception. */
  get isDue(): boolean {
    return this.#quiet < QUIET || this.#quiet % REST === 0
  }

  skip(): void {
    this.#quiet++
  }

  read(): void {
    for (let reads = 0; reads < MOST_READS && this.#readerOpen; reads++) {
      const size = this.#readSome()
      if (size === 0) {
        this.#quiet++
        return
      }
      this.#quiet = 0
      this.#onData(buffer.subarray(0, size))
      if (size < buffer.length) return
    }
  }

  #readSome(): number {
    try {
      return readSync(this.#readEnd, buffer)
    } catch {
      // EAGAIN: nothing is there now. Anything else shows as the end of the process.
      return 0
    }
  }
}

function readAll(): void {
  for (const reader of [...open]) {
    if (reader.isDue) reader.read()
    else reader.skip()
  }
}
