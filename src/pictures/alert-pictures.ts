import type { MessagePicture, PictureSubject } from '../alerts/message.ts'
import type { MonitorState } from '../monitor/state.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Observation } from '../observation/observation.ts'
import { type Picture, Pictures } from './pictures.ts'

/** Seconds between two pictures of a stream that is ok, and for which it has to stay so for one to be called good. */
const EVERY = 30
/** Seconds for which pictures stay when nobody sends emails any more, as in a deploy that makes the nodes anew. */
const LASTS = 60
/** Milliseconds that a message waits for a picture of now: most key frames come within 2 s. */
const PATIENCE = 3000
/** Streams in one message: the pictures of each have 100 kB. */
const MOST_STREAMS = 4

/** What is kept of a stream. */
interface Kept {
  /** Taken while it was ok; good when it has stayed so. A fault is known some seconds after it began. */
  newest: Picture | null
  good: Picture | null
  /** Monotonic seconds from which on another one is taken. */
  next: number
  /** Counts the times at which it was not ok. */
  faults: number
}

/**
 * Pictures for emails of alerts: how a stream looks now, and how it looked when all was well. Only of streams whose target
 * says so (`picture: true`), and only while there is somebody who sends emails. In memory: a picture of a service may show
 * people, and no file of it stays behind.
 */
export class AlertPictures {
  readonly #state: MonitorState
  readonly #pictures: Pictures
  readonly #kept = new Map<string, Kept>()
  #senders = 0
  #stopListening: () => void = () => {}
  #letGo: NodeJS.Timeout | undefined

  constructor(state: MonitorState, pictures = state.part(Pictures)) {
    this.#state = state
    this.#pictures = pictures
    state.directory.onLeft(({ kind, name }) => void (kind === 'stream' && this.#kept.delete(name)))
  }

  /** There is somebody who sends emails. @returns the way to say that there is not */
  want(): () => void {
    clearTimeout(this.#letGo)
    if (this.#senders === 0)
      this.#stopListening = this.#state.newest.onPut((observation) => this.#observed(observation))
    this.#senders += 1
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#senders -= 1
      if (this.#senders > 0) return
      this.#stopListening()
      const letGo = guarded('pictures of alerts', () => this.#kept.clear())
      this.#letGo = setTimeout(letGo, LASTS * 1000).unref()
    }
  }

  /** A message about it will be sent soon: a picture of now is looked for already. */
  prepare(alert: PictureSubject): void {
    if (this.#isShown(alert)) this.#now(alert.target)
  }

  /** Never rejects; takes 3 s at most. */
  async of(alerts: readonly PictureSubject[]): Promise<MessagePicture[]> {
    const shown = alerts.filter((alert) => this.#isShown(alert)).map(({ target }) => target)
    const targets = [...new Set(shown)].slice(0, MOST_STREAMS)
    const found = await Promise.all(
      targets.map(async (target): Promise<MessagePicture[]> => {
        const now = await inTime(this.#now(target))
        const good = this.#kept.get(target)?.good ?? null
        return [
          ...(now === null ? [] : [{ target, which: 'now' as const, at: now.at, jpeg: now.jpeg }]),
          ...(good === null ? [] : [{ target, which: 'last-good' as const, at: good.at, jpeg: good.jpeg }]),
        ]
      }),
    )
    return found.flat()
  }

  /** Null where there is none: the alert says why better than a picture that is lacking. */
  #now(target: string): Promise<Picture | null> {
    return this.#pictures.of(target).catch(() => null)
  }

  /** Of another monitor there are alerts too, by Alertmanager's webhook; its streams may have the same names. */
  #isShown({ kind, status, target, monitor, site }: PictureSubject): boolean {
    const { name, id, site: own } = this.#state
    const isOurs = monitor === (name || id) && site === own
    return kind === 'stream' && status === 'firing' && isOurs && this.#pictures.isForEmails(target)
  }

  #observed({ kind, target, state }: Observation): void {
    if (kind !== 'stream') return
    const known = this.#kept.get(target)
    if (state !== 'ok') {
      // What was taken shortly before may show the fault already.
      if (known) Object.assign(known, { newest: null, faults: known.faults + 1 })
      return
    }
    const at = this.#state.clock.monotonic()
    if ((known && at < known.next) || !this.#pictures.isForEmails(target)) return
    const kept: Kept = known ?? { newest: null, good: null, next: 0, faults: 0 }
    this.#kept.set(target, kept)
    kept.next = at + EVERY
    guarded('pictures of alerts', () => this.#take(target, kept))()
  }

  async #take(target: string, kept: Kept): Promise<void> {
    const { faults } = kept
    const picture = await this.#now(target)
    if (picture === null || kept.faults !== faults) return
    kept.good = kept.newest ?? kept.good
    kept.newest = picture
  }
}

/** What comes within `PATIENCE`, else null. */
function inTime(coming: Promise<Picture | null>): Promise<Picture | null> {
  return new Promise((resolve) => {
    const late = guarded('pictures of alerts', () => resolve(null))
    const timer = setTimeout(late, PATIENCE)
    coming.then((picture) => {
      clearTimeout(timer)
      resolve(picture)
    }, late)
  })
}
