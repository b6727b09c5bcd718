import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { removePipeFoldersOf } from '../ffmpeg/named-pipes.ts'
import { systemClock } from '../observation/clock.ts'
import { guarded, internalError } from '../observation/internal-errors.ts'
import type { StreamFailure } from '../observation/stream.ts'
import { familyOf } from '../programs/memory.ts'
import type { Fault, Order, Report } from './crossing.ts'

export interface ThreadOptions {
  /** What it runs. */
  script: URL
  /**
   * Seconds of silence, and as many looks in a row, after which it is taken for hung: it has something to say once a
   * second. Looks, because a host that slept is no thread that hung.
   */
  silence: number
  /** MB of JavaScript's heap that it may hold, without the buffers of sockets and programs. */
  heap: number
}

/** Why nothing is known of the streams of a thread. Its message is not redacted. */
export interface Loss {
  code: StreamFailure
  message: string
}

/**
 * MB of the heap where what is new begins, which a thread of 100 streams fills some times a second: Node's own 48 MB
 * cost it 25 MB more and save no CPU, 4 MB save 10 MB more and cost a tenth of its CPU (Node 22, measured).
 */
const YOUNG = 12

export interface WorkerListener {
  heard(report: Report): void
  /** Whether it should have something to say. */
  isBusy(): boolean
  /** Orders or reports may have been lost by a fault of ours: all orders are to be given again. At most once a second. */
  lostOrders(): void
  /** It has ended, and with it what it had started. @param ran seconds */
  ended(loss: Loss, ran: number): void
}

/** One thread, from its beginning to its end. */
export class RunningWorker {
  readonly #options: ThreadOptions
  readonly #listener: WorkerListener
  readonly #worker: Worker
  readonly #port: MessagePort
  /** It is known no more when the thread has ended. */
  readonly #threadId: number
  readonly #began = systemClock.monotonic()
  /** What it has started, by process id. */
  readonly #programs = new Set<number>()
  /** Of the faults that it has told, by place. */
  readonly #counted = new Map<string, number>()
  readonly #hear = guarded(
    'reading report',
    (report: Report) => this.#heard(report),
    () => {
      this.#hasLost = true
    },
  )
  #hasLost = false
  /** Looks in a row since it was heard. */
  #silent = 0
  #looks: NodeJS.Timeout | undefined
  /** Why it ends. */
  #fault: unknown = null
  #loss: Loss | null = null
  #isOver = false

  /** @throws Error where the system gives no thread */
  constructor(options: ThreadOptions, listener: WorkerListener) {
    this.#options = options
    this.#listener = listener
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    try {
      this.#worker = new Worker(options.script, {
        ...{ name: 'streams', workerData: { port: port2 }, transferList: [port2] },
        resourceLimits: { maxOldGenerationSizeMb: options.heap, maxYoungGenerationSizeMb: YOUNG },
      })
    } catch (error) {
      port1.close()
      throw error
    }
    this.#threadId = this.#worker.threadId
    this.#port.on('message', this.#hear)
    // The thread itself keeps this process from ending, while it has streams.
    this.#port.unref()
    this.#worker.on(
      'error',
      guarded('reading thread', (error: unknown) => {
        this.#fault = error
      }),
    )
    const over = () => this.#over()
    this.#worker.once(
      'exit',
      guarded(
        'end of a reading thread',
        (code: number) => {
          this.#fault ??= `exit status ${code}`
          over()
        },
        over,
      ),
    )
    this.#looks = setInterval(
      guarded('reading watchdog', () => this.#look()),
      1000,
    ).unref()
  }

  tell(order: Order): void {
    this.#port.postMessage(order)
  }

  /** Takes what has arrived and waits for its turn in a loop that was busy. */
  catchUp(): void {
    for (let said = receiveMessageOnPort(this.#port); said; said = receiveMessageOnPort(this.#port)) {
      this.#hear(said.message)
    }
  }

  /** Whether it keeps this process from ending. */
  setNeeded(isNeeded: boolean): void {
    if (isNeeded) this.#worker.ref()
    else this.#worker.unref()
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  /** What it has started dies at once, and what it has made goes. */
  leaveNothing(): void {
    for (const pid of this.#programs) killFamily(pid)
    removePipeFoldersOf(this.#threadId)
  }

  #heard(report: Report): void {
    this.#silent = 0
    if (report.report === 'readings') for (const fault of report.faults) this.#failed(fault)
    if (report.report !== 'program') this.#listener.heard(report)
    else if (report.runs) this.#programs.add(report.pid)
    else this.#programs.delete(report.pid)
  }

  #failed({ place, count, text }: Fault): void {
    const counted = this.#counted.get(place) ?? 0
    if (count <= counted) return
    this.#counted.set(place, count)
    internalError(place, Object.assign(new Error(text.split('\n')[0]), { stack: text }), count - counted)
    if (place === 'reading order') this.#hasLost = true
  }

  #look(): void {
    if (!this.#listener.isBusy() || this.#loss !== null) return
    if (this.#hasLost) this.#listener.lostOrders()
    this.#hasLost = false
    this.#silent++
    const { silence } = this.#options
    if (this.#silent <= silence) return
    const message = `The thread that reads this stream has said nothing for ${silence} s, and was ended`
    this.#loss = { code: 'loop-late', message }
    guarded('reading watchdog', () => this.end())()
  }

  #over(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearInterval(this.#looks)
    this.leaveNothing()
    this.#port.close()
    const loss = this.#loss ?? lossBy(this.#fault ?? 'it is not known why', this.#options.heap)
    if (this.#listener.isBusy())
      internalError('reading thread', this.#fault instanceof Error ? this.#fault : new Error(loss.message))
    this.#listener.ended(loss, systemClock.monotonic() - this.#began)
  }
}

function lossBy(fault: unknown, heap: number): Loss {
  const isMemory = fault instanceof Error && 'code' in fault && fault.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const message = fault instanceof Error ? fault.message : String(fault)
  if (!isMemory) return { code: 'crashed', message: `The thread that reads this stream ended (${message})` }
  return {
    code: 'out-of-memory',
    message: `The thread that reads this stream held more than ${heap} MB of memory, and was ended`,
  }
}

/** What is called by its name may be a script that starts it. */
function killFamily(pid: number): void {
  for (const one of familyOf(pid)) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}
