import { systemClock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { Probe, ProbeContext, ProbeEvent, ProbeListener, Reading } from '../observation/reading.ts'
import { STREAM_HANDOVER, type StreamMeasurements, type StreamReadOptions } from '../observation/stream.ts'
import { phaseOf } from '../polling/pace.ts'
import { LIVE } from '../stream/flow-watch.ts'
import { PacketMeter } from '../stream/meter.ts'
import { CONNECTING } from '../stream/stream-probe.ts'
import type { FilledAddress, SaidReading, StreamOrder, Turns } from './crossing.ts'
import type { ReadingThread, StreamInThread } from './reading-thread.ts'
import type { Loss } from './running-worker.ts'
import { readingThreads } from './thread-pool.ts'

/**
 * Seconds between readings at the most, however long the interval: somebody may ask in between, and a thread that hangs
 * is known by its silence.
 */
const MOST_BETWEEN = 1
/** Seconds by which a thread may be late and still be believed; a stream is called stalled after 2 s. */
const LATE_AFTER = 0.5
/** Seconds: what is younger was sent for this turn. */
const FOR_THIS_TURN = 0.2
/** Spans of faulty content that wait to be handed over. */
const MOST_ENDED_SPANS = 100

const NOT_READ: KeyFrameAnswer = { code: 'no-picture', message: 'The stream is not watched at this moment.' }

/** What is read in a thread: of a stream's target, what is needed for it. */
export interface ThreadedTarget extends StreamReadOptions {
  name: string
  /** Seconds. */
  interval: number
}

export interface ThreadedProbeContext extends Omit<ProbeContext<StreamMeasurements>, 'clock'> {
  /** @returns the way to stop listening */
  onSecretChanged(listener: () => void): () => void
  /** Path of ffprobe, as the dialog says; empty: wherever one is found. */
  ffprobe: string
  /** Default: those of this process. */
  threads?: { choose(): Thread }
}

/** What a stream uses of the thread that reads it. */
export type Thread = Pick<ReadingThread, 'add' | 'tell' | 'remove' | 'catchUp' | 'keyFrame'>

/** A stream that is read in another thread: holds the newest that is known of it there. */
export class ThreadedProbe implements Probe<StreamMeasurements>, StreamInThread {
  readonly isApart = true
  readonly #how: StreamReadOptions
  readonly #context: ThreadedProbeContext
  readonly #turns: Turns
  #listener: ProbeListener | null = null
  #place: { thread: Thread; number: number } | null = null
  #release: () => void = () => {}
  #expected = true
  #address: FilledAddress | null = null
  #reading: Reading<StreamMeasurements>
  /** When it was true, monotonic seconds; null where it does not grow old. */
  #at: number | null = null
  /** The newest text that came, and what may be shown of it: it mostly comes again. */
  #text = { raw: '', shown: '' }
  #stopped: Promise<void> | null = null

  constructor(target: ThreadedTarget, context: ThreadedProbeContext) {
    const { url, checks, media, stallAfter, verifyTls, stillPicture, reader, variant = null, name, interval } = target
    this.#how = { url, checks, media, stallAfter, verifyTls, stillPicture, reader, variant }
    this.#context = context
    const every = interval / Math.ceil(interval / MOST_BETWEEN)
    this.#turns = { every, phase: phaseOf(`stream/${name}`, interval) }
    const totals = context.before && { totals: context.before.total }
    const meter = new PacketMeter({ stallAfter: stallAfter ?? LIVE.stallAfter, ...totals })
    this.#reading = {
      ...CONNECTING,
      measurements: { ...meter.measure(systemClock.monotonic()), up: null, content: null },
    }
  }

  start(listener: ProbeListener): void {
    if (this.#listener || this.#stopped) return
    this.#listener = listener
    this.#release = this.#context.onSecretChanged(() => this.#secretChanged())
    const thread = (this.#context.threads ?? readingThreads).choose()
    this.#place = { thread, number: thread.add(this) }
  }

  read(): Reading<StreamMeasurements> {
    if (this.#age() > FOR_THIS_TURN) this.#place?.thread.catchUp()
    const reading = this.#reading
    const age = this.#age()
    this.#reading = { ...reading, measurements: withoutNews(reading.measurements) }
    if (age <= this.#turns.every + LATE_AFTER) return { ...reading, measurements: aged(reading.measurements, age) }
    const message =
      `The thread that reads this stream has said nothing for ${age.toFixed(1)} s, so it is not known whether media ` +
      'came: the computer is too busy, or the thread hangs.'
    return { outcome: 'unknown', code: 'loop-late', message, measurements: withoutValues(reading.measurements) }
  }

  setExpected(expected: boolean): void {
    if (expected === this.#expected) return
    this.#expected = expected
    if (this.#place) this.#place.thread.tell({ order: 'expect', stream: this.#place.number, expected })
  }

  async keyFrame(signal: AbortSignal): Promise<KeyFrameAnswer> {
    if (this.#place === null) return NOT_READ
    const answer = await this.#place.thread.keyFrame(this.#place.number, signal)
    return 'code' in answer ? { ...answer, message: this.#context.redact(answer.message) } : answer
  }

  stop(): Promise<void> {
    this.#listener = null
    this.#release()
    this.#stopped ??= this.#leave()
    return this.#stopped
  }

  async #leave(): Promise<void> {
    await this.#place?.thread.remove(this.#place.number)
    this.#place = null
    this.#at = null
  }

  order(stream: number): StreamOrder {
    this.#address = this.#filled()
    const { measurements } = this.#reading
    return {
      ...{ order: 'read', stream, how: this.#how, address: this.#address, ffprobe: this.#context.ffprobe },
      ...{ expected: this.#expected, turns: this.#turns, before: withoutNews(measurements) },
    }
  }

  said({ at, reading, fault = '', changed }: SaidReading): void {
    const before = this.#reading.measurements
    this.#at = at
    this.#reading =
      reading === null
        ? { outcome: 'unknown', code: 'internal', message: this.#shown(fault), measurements: withoutValues(before) }
        : { ...this.#redacted(reading), measurements: withNewsOf(before, reading.measurements) }
    if (changed) this.#listener?.changed()
  }

  happened(event: ProbeEvent): void {
    this.#listener?.happened(event)
  }

  lost({ code, message }: Loss): void {
    this.#at = null
    const measurements = withoutValues(this.#reading.measurements)
    this.#reading = { outcome: 'unknown', code, message: this.#shown(message), measurements }
    this.#listener?.changed()
  }

  /** Seconds since the newest reading; 0 where it does not grow old. */
  #age(): number {
    return this.#at === null ? 0 : Math.max(0, systemClock.monotonic() - this.#at)
  }

  #redacted(reading: Reading<StreamMeasurements>): Reading<StreamMeasurements> {
    if (reading.outcome === 'present' || reading.message === undefined) return reading
    return { ...reading, message: this.#shown(reading.message) }
  }

  #shown(raw: string): string {
    if (raw !== this.#text.raw) this.#text = { raw, shown: this.#context.redact(raw) }
    return this.#text.shown
  }

  #secretChanged(): void {
    const address = this.#filled()
    if (this.#place === null || JSON.stringify(address) === JSON.stringify(this.#address)) return
    this.#address = address
    this.#place.thread.tell({ order: 'address', stream: this.#place.number, address })
  }

  #filled(): FilledAddress {
    try {
      return { url: this.#context.expand(this.#how.url) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { code: error instanceof MonitorError ? error.code : 'internal', message }
    }
  }
}

/** What was known so many seconds ago. */
function aged(measurements: StreamMeasurements, seconds: number): StreamMeasurements {
  const { lastPacketAge } = measurements
  return lastPacketAge === null ? measurements : { ...measurements, lastPacketAge: lastPacketAge + seconds }
}

function withoutValues(measurements: StreamMeasurements): StreamMeasurements {
  return STREAM_HANDOVER.withoutValues(measurements)
}

function withoutNews(measurements: StreamMeasurements): StreamMeasurements {
  const { content } = measurements
  return { ...STREAM_HANDOVER.withoutNews(measurements), content: content && { ...content, endedSpans: [] } }
}

/** The newer one with what the older one still had to hand over. */
function withNewsOf(older: StreamMeasurements, newer: StreamMeasurements): StreamMeasurements {
  const { content } = newer
  const spans = [...(older.content?.endedSpans ?? []), ...(content?.endedSpans ?? [])].slice(-MOST_ENDED_SPANS)
  return { ...STREAM_HANDOVER.withNewsOf(older, newer), content: content && { ...content, endedSpans: spans } }
}
