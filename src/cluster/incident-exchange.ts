import { type Across, ALONE } from '../incidents/across.ts'
import type { MonitorState } from '../monitor/state.ts'
import { MonitorError } from '../observation/errors.ts'
import type { Incident } from '../observation/incident.ts'
import { internalError } from '../observation/internal-errors.ts'
import { messagesIn } from '../observation/messages.ts'
import { objectIn } from './ask-peer.ts'
import { AT_ONCE, Cluster } from './cluster.ts'
import { FileKinship } from './file-kinship.ts'
import { isTold, linkedIncidents, type OpenIncidents } from './linked-incidents.ts'

/** Seconds between two questions while something is open here. */
const EVERY = 1
/** Seconds that people wait for who cannot be asked at all. */
const LONGEST_WAIT = 3
const MOST_BYTES = 4 * 1024 * 1024

/** Who told people of an own incident, when that was another monitor. */
interface Leader {
  readonly monitor: string
  readonly hasTold: boolean
}

/** What the other monitors say of the faults that are open here. Asks only while one is. Ended by `close`. */
export class IncidentExchange {
  readonly #state: MonitorState
  readonly #open: () => readonly Incident[]
  readonly #news: () => void
  readonly #ending = new AbortController()
  readonly #leaders = new Map<string, Leader>()
  #across: ReadonlyMap<string, Across> = new Map()
  /** Ids of what was open here when the others were asked for what they have answered since. */
  #asked: ReadonlySet<string> = new Set()
  #isAsking = false
  #askedAt = Number.NEGATIVE_INFINITY

  /**
   * @param open what is open here
   * @param news told when something has been heard
   */
  constructor(state: MonitorState, open: () => readonly Incident[], news: () => void) {
    this.#state = state
    this.#open = open
    this.#news = news
  }

  close(): void {
    this.#ending.abort()
  }

  /** What an own incident is together with those of others. @param openFor seconds since it opened */
  of(id: string, openFor: number): Across {
    const cluster = this.#state.part(Cluster)
    if (!cluster.isJoined) return ALONE
    const known = this.#across.get(id)
    const isTakenOver = this.#leaders.get(id)?.hasTold === true
    if (known !== undefined) return known.role === 'leads' ? { ...known, isTakenOver } : known
    const { name } = this.#state
    if (!this.#asked.has(id) && openFor < LONGEST_WAIT) return { ...ALONE, role: 'waits', toldBy: name }
    return { ...ALONE, toldBy: name, isTakenOver }
  }

  /** To be called each second, and when something has opened: then the others are asked at once. */
  tick(): void {
    const { clock } = this.#state
    const open = this.#open()
    if (open.length === 0 || !this.#state.part(Cluster).isJoined) {
      this.#asked = new Set()
      this.#across = new Map()
      this.#leaders.clear()
      return
    }
    const isNew = open.some(({ id }) => !this.#asked.has(id))
    if (this.#isAsking || (!isNew && clock.monotonic() - this.#askedAt < EVERY)) return
    this.#isAsking = true
    this.#ask()
      .catch((error: unknown) => internalError('incident exchange', error))
      .finally(() => {
        this.#isAsking = false
      })
  }

  async #ask(): Promise<void> {
    const { clock, name, shard } = this.#state
    const ids = new Set(this.#open().map(({ id }) => id))
    this.#askedAt = clock.monotonic()
    try {
      const question = { path: '/api/v1/incidents', query: { status: 'open' } }
      const bounds = { within: AT_ONCE, mostBytes: MOST_BYTES, signal: this.#ending.signal }
      const { answers } = await this.#state.part(Cluster).ask(question, bounds)
      if (this.#ending.signal.aborted) return
      const others = answers.map(
        ({ identity, answer }): OpenIncidents => ({
          index: identity.index,
          monitor: `${identity.cluster}-${identity.index}`,
          incidents: messagesIn<Incident>('incident', objectIn(answer)?.incidents),
        }),
      )
      const own = { index: shard?.index ?? 0, monitor: name, incidents: this.#open() }
      this.#across = linkedIncidents(own, others, this.#state.part(FileKinship).now)
      this.#asked = ids
      this.#remember(others)
      this.#news()
    } catch (error) {
      // The token cannot be read: people are told by each monitor, as before.
      if (!(error instanceof MonitorError)) throw error
    } finally {
      this.#asked = ids
    }
  }

  /** Who leads, so that it is known when it falls silent. */
  #remember(others: readonly OpenIncidents[]): void {
    for (const [id, { role, toldBy }] of this.#across) {
      if (role !== 'followed') continue
      const hasTold = others.some(({ monitor, incidents }) => monitor === toldBy && incidents.some(isTold))
      this.#leaders.set(id, { monitor: toldBy, hasTold })
    }
    // It answers and has ended it: what is left here is new to people.
    for (const [id, { monitor }] of this.#leaders) {
      const isThere = others.some((one) => one.monitor === monitor)
      if (isThere && this.#across.get(id)?.toldBy !== monitor) this.#leaders.delete(id)
    }
  }
}
