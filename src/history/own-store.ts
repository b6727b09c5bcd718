import { existsSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type DamagedFile, moveAside } from '../storage/json-file.ts'
import type { AnswerOf, Batch, Bounds, Fault, Question } from './crossing.ts'
import { closeQuietly, faultOf, openDatabase, removeCompanions, StoreFault } from './database.ts'
import { answer } from './read.ts'
import { keepUp } from './upkeep.ts'
import { Writer } from './write.ts'

/** Seconds from one time that the store is packed and made smaller to the next. */
const UPKEEP_EVERY = 600

/**
 * The store in its thread: opened when it is first needed, opened again after a fault, begun anew where it is damaged.
 * Everything here waits for the disk.
 */
export class OwnStore {
  readonly #path: string
  readonly #bounds: Bounds
  readonly #damaged: (file: DamagedFile) => void
  #open: { db: DatabaseSync; writer: Writer; inode: bigint } | null = null
  /** Monotonic seconds. */
  #upkeepAt = 0

  constructor(path: string, bounds: Bounds, damaged: (file: DamagedFile) => void) {
    this.#path = path
    this.#bounds = bounds
    this.#damaged = damaged
  }

  /** @returns why nothing of it was written, or null */
  write(batches: readonly Batch[]): Fault | null {
    try {
      this.#retried(() => this.#opened().writer.write(batches))
      return null
    } catch (error) {
      const { kind, message } = faultOf(error)
      return { kind, message }
    }
  }

  /** @throws StoreFault where it cannot be opened or read */
  answer(question: Question): AnswerOf[Question['ask']] {
    return this.#retried(() => answer(this.#opened().db, question))
  }

  /**
   * Does a part of what makes the store smaller, where it is time for that.
   *
   * @param monotonic seconds
   * @returns whether there is more to do
   */
  keepUp(wall: number, monotonic: number): boolean {
    if (this.#open === null || monotonic < this.#upkeepAt) return false
    const { db } = this.#open
    try {
      if (this.#retried(() => keepUp(db, this.#bounds, wall))) return true
    } catch (error) {
      // The next write says what is wrong.
      if (!(error instanceof StoreFault)) throw error
    }
    this.#upkeepAt = monotonic + UPKEEP_EVERY
    return false
  }

  close(): void {
    closeQuietly(this.#open?.db ?? null)
    this.#open = null
  }

  /** What fails by damage is done again with a new store. @throws StoreFault */
  #retried<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const fault = faultOf(error)
      this.close()
      if (fault.kind !== 'damaged' || !this.#putAside(fault.message)) throw fault
      return work()
    }
  }

  #opened(): { db: DatabaseSync; writer: Writer } {
    // Somebody may have moved it: what is written to a file without a name is lost.
    if (this.#open !== null && inodeOf(this.#path) !== this.#open.inode) this.close()
    if (this.#open === null) {
      const db = openDatabase(this.#path)
      this.#open = { db, writer: new Writer(db), inode: inodeOf(this.#path) ?? 0n }
    }
    return this.#open
  }

  /** One is kept: it may be as large as the bound. @returns whether its place is free */
  #putAside(what: string): boolean {
    const kept = moveAside(this.#path, 1)
    if (kept !== null) removeCompanions(this.#path)
    this.#damaged({ path: this.#path, what, kept })
    return !existsSync(this.#path)
  }
}

function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null
}
