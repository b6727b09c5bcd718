/** Runs in a thread of its own: reads the streams that it is told to, and says what is known of them. */
import { type MessagePort, workerData } from 'node:worker_threads'
import { chooseFfprobe } from '../ffmpeg/binaries.ts'
import { systemClock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded, internalError, passOnInternalErrors } from '../observation/internal-errors.ts'
import { Limiter } from '../observation/limiter.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import { listenToPrograms } from '../programs/child.ts'
import { streamSources } from '../readers/sources.ts'
import { StreamProbe } from '../stream/stream-probe.ts'
import type { Fault, FilledAddress, Order, Report, SaidReading, StreamOrder, Turns } from './crossing.ts'
import { Doze } from './doze.ts'

/** Seconds before the turn of a stream's watch in which its reading is sent, and the time between two batches. */
const LEAD = { least: 0.075, most: 0.175 } as const
const ROUND = LEAD.most - LEAD.least
/** Inspections that run at once in one thread: each is a process, and mostly a connection of its own, for some seconds. */
const MOST_INSPECTIONS = 4

interface ReadStream {
  probe: StreamProbe
  turns: Turns
  /** When its watch reads next. Monotonic seconds. */
  due: number
  setAddress(address: FilledAddress): void
}

class ReadStreams {
  readonly #port: MessagePort
  readonly #streams = new Map<number, ReadStream>()
  readonly #inspections = new Limiter(MOST_INSPECTIONS)
  readonly #changed = new Set<number>()
  readonly #stopping = new Set<number>()
  readonly #questions = new Map<number, AbortController>()
  readonly #faults = new Map<string, Fault>()
  /** Something went wrong since the last report. */
  #hasFailed = false
  #round: NodeJS.Timeout | undefined
  #soon: NodeJS.Immediate | null = null
  readonly #doze = new Doze(() => this.#sayNow())

  constructor(port: MessagePort) {
    this.#port = port
  }

  take(order: Order): void {
    const known = this.#streams.get(order.stream)
    if (order.order === 'stop') guarded('reading order', () => this.#stop(order.stream))()
    else if (order.order === 'key-frame') guarded('reading order', () => this.#keyFrame(order.question, known?.probe))()
    else if (order.order === 'withdraw') this.#questions.get(order.question)?.abort()
    else if (order.order === 'read' && known === undefined) this.#read(order)
    if ('address' in order) known?.setAddress(order.address)
    if ('expected' in order) known?.probe.setExpected(order.expected)
  }

  failed(place: string, error: unknown): void {
    const count = (this.#faults.get(place)?.count ?? 0) + 1
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#faults.set(place, { place, count, text })
    this.#hasFailed = true
    this.#saySoon()
  }

  say(report: Report): void {
    this.#port.postMessage(report)
  }

  #read({ stream, how, address, ffprobe, expected, turns, before }: StreamOrder): void {
    let filled = address
    const listeners = new Set<() => void>()
    const probe = new StreamProbe(how, {
      clock: systemClock,
      sources: streamSources({ ffprobe: () => chooseFfprobe(ffprobe || undefined) }),
      inspections: this.#inspections,
      expand: () => urlOf(filled),
      // The secrets are known where what this says is taken.
      redact: (text) => text,
      onSecretChanged(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      before,
      wakeBy: (at) => this.#doze.wakeBy(at),
    })
    const setAddress = (next: FilledAddress) => {
      filled = next
      for (const listener of listeners) listener()
    }
    this.#streams.set(stream, { probe, turns, due: nextTurn(turns, systemClock.monotonic()), setAddress })
    probe.setExpected(expected)
    probe.start({
      changed: () => {
        this.#changed.add(stream)
        this.#saySoon()
      },
      happened: (event) => this.say({ report: 'happened', stream, event }),
    })
    this.#arm()
    this.#doze.begin()
  }

  async #stop(stream: number): Promise<void> {
    if (this.#stopping.has(stream)) return
    const probe = this.#streams.get(stream)?.probe
    this.#streams.delete(stream)
    if (this.#streams.size === 0) this.#doze.end()
    this.#changed.delete(stream)
    this.#stopping.add(stream)
    try {
      await probe?.stop()
    } finally {
      this.#stopping.delete(stream)
      this.say({ report: 'stopped', stream, last: probe === undefined ? null : readingOf(stream, probe, false) })
    }
  }

  async #keyFrame(question: number, probe: StreamProbe | undefined): Promise<void> {
    const asking = new AbortController()
    this.#questions.set(question, asking)
    try {
      const answer = await probe?.keyFrame(asking.signal)
      if (answer !== undefined) this.say({ report: 'key-frame', question, answer: withOwnBytes(answer) })
    } finally {
      this.#questions.delete(question)
    }
  }

  /** Several changes of one moment are said together. */
  #saySoon(): void {
    this.#soon ??= setImmediate(() => this.#sayNow())
  }

  #sayNow(): void {
    if (this.#soon === null) return
    clearImmediate(this.#soon)
    this.#soon = null
    guarded('reading round', () => this.#sayReadings(Number.NEGATIVE_INFINITY))()
    this.#arm()
  }

  /** @param until monotonic seconds: the streams whose turn is by then */
  #sayReadings(until: number): void {
    const readings: SaidReading[] = []
    for (const [stream, one] of this.#streams) {
      const changed = this.#changed.has(stream)
      if (!changed && one.due > until) continue
      if (one.due <= until) one.due = nextTurn(one.turns, until)
      readings.push(readingOf(stream, one.probe, changed))
    }
    this.#changed.clear()
    if (readings.length === 0 && !this.#hasFailed) return
    this.#hasFailed = false
    this.say({ report: 'readings', readings, faults: [...this.#faults.values()] })
  }

  #arm(): void {
    clearTimeout(this.#round)
    const now = systemClock.monotonic()
    let due = this.#hasFailed ? now + 1 : Number.POSITIVE_INFINITY
    for (const one of this.#streams.values()) due = Math.min(due, one.due)
    if (due === Number.POSITIVE_INFINITY) return
    const at = Math.ceil((due - LEAD.most) / ROUND) * ROUND
    const arm = () => this.#arm()
    const round = guarded(
      'reading round',
      () => {
        this.#sayReadings(systemClock.monotonic() + LEAD.most)
        arm()
      },
      arm,
    )
    this.#round = setTimeout(round, Math.max(0, Math.ceil((at - now) * 1000)))
  }
}

function readingOf(stream: number, probe: StreamProbe, changed: boolean): SaidReading {
  const at = systemClock.monotonic()
  try {
    return { stream, at, reading: probe.read(), changed }
  } catch (error) {
    internalError('probe', error)
    return { stream, at, reading: null, fault: error instanceof Error ? error.message : String(error), changed }
  }
}

/** What crosses is the whole memory in which bytes lie, and others may lie there too. */
function withOwnBytes(answer: KeyFrameAnswer): KeyFrameAnswer {
  return 'code' in answer ? answer : { ...answer, recording: Uint8Array.from(answer.recording) }
}

function urlOf(address: FilledAddress): string {
  if ('url' in address) return address.url
  throw new MonitorError(address.code, address.message)
}

/** The first turn after a moment. */
function nextTurn({ every, phase }: Turns, after: number): number {
  return phase + (Math.floor((after - phase) / every) + 1) * every
}

const { port } = workerData as { port: MessagePort }
const streams = new ReadStreams(port)
passOnInternalErrors((place, error) => streams.failed(place, error))
listenToPrograms((pid, runs) => streams.say({ report: 'program', pid, runs }))
port.on(
  'message',
  guarded('reading order', (order: Order) => streams.take(order)),
)
