import { closeSync, constants, openSync, readSync } from 'node:fs'
import { guarded } from '../observation/internal-errors.ts'
import { PipeNames } from './named-pipes.ts'

/**
 * Milliseconds between reads. ffprobe writes each packet by itself, 77 times a second for one stream: to be woken for
 * each costs 0.13 % of a core per stream, to read all pipes every 50 ms costs 0.01 % (50 streams, Node 22, measured).
 * Arrival times are as coarse as this.
 */
const PERIOD = 50
/** Periods without output after which a pipe is read only in every `REST`th one. */
const QUIET = 40
const REST = 4

/** Reads of 64 KB at a time from one pipe: who writes faster than we read must not keep us from everything else. */
const MOST_READS = 4

export interface PipeListener {
  /** Gets a view of a shared buffer: it has to take what it wants before it returns. */
  take(chunk: Buffer): void
  /** In which periods it is read: 1 is each of them, 20 a second. */
  every: number
}

/** A pipe for the output of a process, read at a steady pace. */
export interface OutputPipe {
  /** To be given to the process, and closed by `started` afterwards. */
  readonly fd: number
  started(): void
  /** Reads what is left and closes the pipe. May be called again. */
  finish(): void
}

/** Node has no call for an anonymous pipe, so they are named ones until both ends are open. */
const names = new PipeNames()
const buffer = Buffer.allocUnsafeSlow(64 * 1024)

/** The pipes of this process that are open. One timer reads them all; it runs while there is one. */
const open = new Set<Reader>()
let timer: NodeJS.Timeout | null = null

/**
 * Opens a pipe for each listener.
 *
 * @throws Error where there can be no named pipes
 */
export async function openPipes(listeners: readonly PipeListener[]): Promise<OutputPipe[]> {
  const pipes: OutputPipe[] = []
  try {
    for (const listener of listeners) pipes.push(await names.use((file) => openPipe(file, listener)))
    return pipes
  } catch (error) {
    for (const pipe of pipes) pipe.finish()
    throw error
  }
}

function openPipe(file: string, listener: PipeListener): OutputPipe {
  const readEnd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    return new Reader(readEnd, openSync(file, constants.O_WRONLY), listener)
  } catch (error) {
    closeSync(readEnd)
    throw error
  }
}

class Reader implements OutputPipe {
  readonly fd: number
  readonly #readEnd: number
  readonly #listener: PipeListener
  #writerOpen = true
  #readerOpen = true
  /** Periods: all of them, and those since the last output. */
  #periods = 0
  #quiet = 0

  constructor(readEnd: number, writeEnd: number, listener: PipeListener) {
    this.#readEnd = readEnd
    this.fd = writeEnd
    this.#listener = { ...listener, take: guarded('reader output', listener.take) }
    open.add(this)
    timer ??= setInterval(guarded('reader output', readAll), PERIOD)
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
    names.clear()
  }

  /** To be called once each period. It does not always read: an empty pipe costs an exception. */
  pass(): void {
    this.#periods++
    this.#quiet++
    const { every } = this.#listener
    if (this.#periods % (this.#quiet < QUIET ? every : Math.max(every, REST)) === 0) this.read()
  }

  read(): void {
    for (let reads = 0; reads < MOST_READS && this.#readerOpen; reads++) {
      const size = this.#readSome()
      if (size === 0) return
      this.#quiet = 0
      this.#listener.take(buffer.subarray(0, size))
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
  for (const reader of [...open]) reader.pass()
}
