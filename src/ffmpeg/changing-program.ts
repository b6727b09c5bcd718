import { guarded } from '../observation/internal-errors.ts'
import type { Packet } from '../stream/packet.ts'
import type { PacketReader, ReaderInput, ReaderRun } from './packet-reader.ts'
import type { Program } from './program.ts'
import type { ProgramExit, RunningProgram } from './running-program.ts'
import { Splice } from './splice.ts'

/** One of the readers, running. */
interface Leg {
  readonly reader: PacketReader
  source: RunningProgram | null
  /** Puts its packets on the clock of the reader before it; null for those that that one had handed on. */
  adjusted(packet: Packet): Packet | null
}

/** A change-over that is under way. */
interface Change {
  readonly leg: Leg
  readonly splice: Splice
  done(changed: boolean): void
}

/**
 * The packets of one stream, read by one program after another without a gap: the next one connects, and when it has
 * caught up with the present one, that one ends. There are two connections only for that long.
 */
export class ChangingProgram implements RunningProgram {
  readonly ended: Promise<ProgramExit>
  readonly #run: ReaderRun
  #active: Leg
  #change: Change | null = null
  #changing: Promise<boolean> | null = null
  #resolve: (exit: ProgramExit) => void = () => {}
  #isOver = false

  private constructor(run: ReaderRun, reader: PacketReader) {
    this.#run = run
    this.#active = { reader, source: null, adjusted: (packet) => packet }
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** Begins with `reader`, whose program the run names. */
  static async start(run: ReaderRun, reader: PacketReader): Promise<ChangingProgram> {
    const source = new ChangingProgram(run, reader)
    await source.#start(source.#active, run, run.program)
    return source
  }

  get pid(): number | undefined {
    return this.#active.source?.pid
  }

  /** What reads now. */
  get reader(): PacketReader {
    return this.#active.reader
  }

  async stop(): Promise<void> {
    this.#isOver = true
    this.#change?.done(false)
    await Promise.all([this.#active.source?.stop(), this.#changing])
  }

  /**
   * Lets `reader` read on. Resolves when the program before it is gone; with false, and nothing is different, where it
   * could not be started, did not catch up within `patience` seconds, or the session ended. Never rejects.
   */
  async changeTo(reader: PacketReader, patience: number): Promise<boolean> {
    if (this.#isOver || this.#changing || reader === this.#active.reader) return false
    this.#changing = this.#changeTo(reader, patience)
    const changed = await this.#changing
    this.#changing = null
    return changed
  }

  async #changeTo(reader: PacketReader, patience: number): Promise<boolean> {
    const before = this.#active
    const leg: Leg = { reader, source: null, adjusted: (packet) => packet }
    let done: Change['done'] = () => {}
    const outcome = new Promise<boolean>((resolve) => {
      done = resolve
    })
    this.#change = { leg, splice: new Splice(), done }
    const timer = setTimeout(
      guarded('change of reader', () => done(false)),
      patience * 1000,
    )
    let input: ReaderInput | null = null
    try {
      const program = await reader.program()
      input = this.#isOver ? null : await this.#run.inputFor(program)
      if (input !== null && !this.#isOver) await this.#start(leg, input, program)
      const changed = leg.source !== null && !this.#isOver && (await outcome)
      this.#change = null
      await (changed ? before : leg).source?.stop()
      return changed
    } catch {
      this.#change = null
      await leg.source?.stop()
      return false
    } finally {
      clearTimeout(timer)
      const { release = () => {} } = input ?? {}
      if (leg.source === null) release()
      else leg.source.ended.then(release, release)
    }
  }

  async #start(leg: Leg, input: Pick<ReaderRun, 'args' | 'url' | 'env' | 'stdin'>, program: Program): Promise<void> {
    const { stdin: _, ...run } = this.#run
    const source = await leg.reader.start({
      ...run,
      program,
      args: input.args,
      url: input.url,
      env: input.env,
      ...(input.stdin && { stdin: input.stdin }),
      packet: (packet) => this.#packet(leg, packet),
      broken: () => (leg === this.#active ? this.#run.broken() : this.#failed(leg)),
    })
    leg.source = source
    if (this.#isOver) guarded('change of reader', () => source.stop())()
    guarded('change of reader', async () => {
      const exit = await source.ended
      return leg === this.#active ? this.#finish(exit) : this.#failed(leg)
    })()
  }

  #packet(leg: Leg, packet: Packet): void {
    if (leg === this.#active) {
      const adjusted = leg.adjusted(packet)
      if (adjusted === null) return
      this.#change?.splice.first(adjusted)
      this.#run.packet(adjusted)
      return
    }
    const change = this.#change
    if (leg !== change?.leg || this.#isOver) return
    const rest = change.splice.second(packet)
    if (rest === null) return
    leg.adjusted = (next) => change.splice.adjusted(next)
    this.#active = leg
    this.#change = null
    for (const next of rest) this.#run.packet(next)
    change.done(true)
  }

  #failed(leg: Leg): void {
    if (this.#change?.leg === leg) this.#change.done(false)
  }

  async #finish(exit: ProgramExit): Promise<void> {
    this.#isOver = true
    this.#change?.done(false)
    await this.#changing
    this.#resolve(exit)
  }
}
