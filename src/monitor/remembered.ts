import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { messageOrNull } from '../observation/messages.ts'
import { type DamagedFile, JsonFile } from '../storage/json-file.ts'

/** Something of the monitor's that is gone, until somebody has seen it. */
export interface Loss {
  readonly id: string
  /** A file and what it held, or the time from the end of Node-RED to its next start. */
  readonly code: 'data-lost' | 'runtime-ended'
  /** Of a file: its name, what was wrong with it, what is lost, and where it is kept. */
  readonly message: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** How often it happened since somebody saw it. */
  readonly times: number
}

/** More are not kept: the oldest go, since the newest say the same. */
const MOST_LOSSES = 20
const LONGEST_MESSAGE = 1000

interface Kept {
  readonly losses: readonly Loss[]
  readonly hadToken: boolean
}

/**
 * What one monitor remembers over a restart beside its alerts: what was lost and nobody has seen yet, and whether it had
 * a token of its own. In memory only until it is told where to keep it.
 */
export class Remembered {
  #file = new JsonFile(null)
  #isOpen = false
  #losses: readonly Loss[] = []
  #hadToken = false
  /** Whether this process has known the token: then that it is gone was somebody's wish. */
  #knewToken = false
  #isTokenLost = false
  #tell: (message: string) => void = () => {}

  /**
   * Reads what an earlier process remembered. Called again it does nothing.
   *
   * @param path null: memory only
   * @param tell is told of every loss that nobody has seen, for the log
   * @returns whether this call did it
   */
  open(path: string | null, tell: (message: string) => void): boolean {
    if (this.#isOpen) return false
    this.#isOpen = true
    this.#tell = tell
    this.#file = new JsonFile(path, (file) => {
      // Whether there was a token is not known any more: nobody is let in before somebody says so.
      this.#hadToken = true
      this.lose(file, 'losses that nobody had seen')
    })
    const kept = this.#file.read(parseKept)
    if (kept === null) return true
    this.#losses = [...kept.losses, ...this.#losses].slice(-MOST_LOSSES)
    for (const { message } of kept.losses) tell(message)
    this.#hadToken ||= kept.hadToken
    return true
  }

  /** What was lost and nobody has seen yet, the oldest first. */
  get losses(): readonly Loss[] {
    return this.#losses
  }

  /** A file of the monitor is damaged. @param what is gone with it, as in `alerts that waited to be told` */
  lose({ path, what: fault, kept }: DamagedFile, what: string): void {
    const where = kept === null ? 'It could not be put aside' : `It is kept as ${basename(kept)}`
    const message = `${basename(path)} is damaged (${fault}). Lost: ${what}. ${where}`
    this.#note({ code: 'data-lost', message, at: Date.now(), times: 1 })
  }

  /** Node-RED ended by itself and runs again: one loss, however often that was, which tells the last of them. */
  restarted({ at, how, times }: { at: number; how: string; times: number }): void {
    const before = this.#losses.find(({ code }) => code === 'runtime-ended')
    if (before) this.#losses = this.#losses.filter((loss) => loss !== before)
    const message = `Node-RED ended by itself at ${new Date(at).toISOString()}: ${how}. It was started again; nothing was measured meanwhile`
    this.#note({ code: 'runtime-ended', message, at, times: times + (before?.times ?? 0) })
  }

  /** Somebody has seen a loss. @returns whether there was one with this id */
  seen(id: string): boolean {
    const rest = this.#losses.filter((loss) => loss.id !== id)
    if (rest.length === this.#losses.length) return false
    this.#losses = rest
    this.#save()
    return true
  }

  /** Whether the monitor has a token of its own now, as its config node is made. */
  tokenIs(isThere: boolean): void {
    const had = this.#hadToken
    this.#isTokenLost = !isThere && had && !this.#knewToken
    this.#knewToken ||= isThere
    this.#hadToken = isThere || this.#isTokenLost
    if (had !== this.#hadToken) this.#save()
  }

  /** Whether there was a token that nobody took away and that is gone: then nobody may be let in without one. */
  get isTokenLost(): boolean {
    return this.#isTokenLost
  }

  /** For when the monitor is removed for good. */
  forget(): void {
    this.#file.remove()
  }

  #note(what: Omit<Loss, 'id'>): void {
    const loss = { ...what, id: randomUUID(), message: what.message.slice(0, LONGEST_MESSAGE) }
    this.#losses = [...this.#losses, loss].slice(-MOST_LOSSES)
    this.#save()
    this.#tell(loss.message)
  }

  #save(): void {
    this.#file.write({ version: 1, hadToken: this.#hadToken, losses: this.#losses })
  }
}

function parseKept(value: unknown): Kept | null {
  const kept = messageOrNull<{ hadToken: boolean; losses: (Omit<Loss, 'code' | 'times'> & Partial<Loss>)[] }>(
    'remembered',
    value,
  )
  return kept && { ...kept, losses: kept.losses.map((loss) => ({ code: 'data-lost', times: 1, ...loss })) }
}
