import { isOn } from '../observation/platform.ts'
import { at } from './json.ts'
import { EVENT_FIELDS, isPlainVideo, type LiveEvent, parseEvent, parseVideo, VIDEO_FIELDS } from './live-event.ts'
import type { Failure, VimeoAccount } from './vimeo-account.ts'

/** What the search came to: the event, that there is none, or what stood in the way. */
export type Found =
  | { found: 'event'; event: LiveEvent }
  | { found: 'nothing'; what: string }
  | { found: 'failure'; reply: Failure }

type Answered = LiveEvent | 'missing' | 'plain' | { failure: Failure }

const PER_PAGE = 100
/** Pages of the account's events that are looked through: more than a thousand events nobody keeps open. */
const MOST_PAGES = 10

/** Finds one target's event: by its number, or the next live one of the account. */
export class EventFinder {
  readonly #account: VimeoAccount
  readonly #wanted: string
  /** What the number turned out to be, so that the next poll asks only once. */
  #known: { id: string; type: LiveEvent['type'] } | null = null

  /** @param wanted a number, or `next` */
  constructor(account: VimeoAccount, wanted: string) {
    this.#account = account
    this.#wanted = wanted
  }

  /** @param wall milliseconds since the epoch */
  async find(wall: number, signal: AbortSignal): Promise<Found> {
    return this.#wanted === 'next' ? this.#findNext(wall, signal) : this.#findById(this.#wanted, signal)
  }

  async #findById(id: string, signal: AbortSignal): Promise<Found> {
    const types: LiveEvent['type'][] =
      this.#known?.type === 'one-time' ? ['one-time', 'recurring'] : ['recurring', 'one-time']
    let what = `Vimeo knows no live event with the number ${id} that this token may see`
    for (const type of types) {
      const answered = await this.#look(type, id, signal)
      if (typeof answered === 'object' && 'failure' in answered) return { found: 'failure', reply: answered.failure }
      if (answered === 'plain') what = `Number ${id} is a video that was never live`
      if (typeof answered === 'string') continue
      this.#known = { id, type }
      return { found: 'event', event: answered }
    }
    this.#known = null
    return { found: 'nothing', what }
  }

  async #look(type: LiveEvent['type'], id: string, signal: AbortSignal): Promise<Answered> {
    const [path, fields] = type === 'recurring' ? [`/live_events/${id}`, EVENT_FIELDS] : [`/videos/${id}`, VIDEO_FIELDS]
    const reply = await this.#account.get(path, { fields }, signal)
    if (reply.reply === 'missing') return 'missing'
    if (reply.reply !== 'body') return { failure: reply }
    if (type === 'one-time' && isPlainVideo(reply.body)) return 'plain'
    const event = type === 'recurring' ? parseEvent(reply.body) : parseVideo(reply.body)
    return 'wrong' in event ? { failure: { reply: 'nonsense', what: `an answer that ${event.wrong}` } } : event
  }

  /** While the chosen one is on, it stays the chosen one, whatever else begins. */
  async #findNext(wall: number, signal: AbortSignal): Promise<Found> {
    if (this.#known !== null) {
      const answered = await this.#look(this.#known.type, this.#known.id, signal)
      if (typeof answered === 'object' && 'failure' in answered) return { found: 'failure', reply: answered.failure }
      if (typeof answered === 'object' && isOn(answered)) return { found: 'event', event: answered }
      this.#known = null
      // Once more, so that its end is seen before another event takes its place.
      if (typeof answered === 'object') return { found: 'event', event: answered }
    }
    const listed = await this.#list(signal)
    if ('reply' in listed) return { found: 'failure', reply: listed }
    const event = nextOf(listed.events, wall)
    if (event === null) return { found: 'nothing', what: 'The account has no live event that is on or planned' }
    if (isOn(event)) this.#known = { id: event.id, type: event.type }
    return { found: 'event', event }
  }

  async #list(signal: AbortSignal): Promise<{ events: LiveEvent[] } | Failure> {
    const events: LiveEvent[] = []
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const query = { fields: EVENT_FIELDS, type: 'all', page: String(page), per_page: String(PER_PAGE) }
      const reply = await this.#account.get('/me/live_events', query, signal)
      if (reply.reply === 'missing') return { reply: 'nonsense', what: 'no list of live events (HTTP 404)' }
      if (reply.reply !== 'body') return reply
      const data = at(reply.body, 'data')
      if (!Array.isArray(data)) return { reply: 'nonsense', what: 'an answer that is no list of live events' }
      // One item that cannot be read must not hide the others.
      const read = data.slice(0, PER_PAGE).map(parseEvent)
      const good = read.flatMap((event) => ('wrong' in event ? [] : [event]))
      if (good.length === 0 && read.length > 0)
        return { reply: 'nonsense', what: 'a list with no event that can be read' }
      events.push(...good)
      if (typeof at(reply.body, 'paging', 'next') !== 'string') break
    }
    return { events }
  }
}

/** Hours for which an event that has not begun in time still is the next one. */
const LATE_HOURS = 6

/** The one that is on, else the one that is being prepared, else the one that begins next. Pure. */
function nextOf(events: readonly LiveEvent[], wall: number): LiveEvent | null {
  const on = events.find(({ liveState }) => liveState === 'streaming') ?? events.find(isOn)
  if (on !== undefined) return on
  const starts = events.flatMap((event) => {
    const start = event.nextStart === null ? Number.NaN : Date.parse(event.nextStart)
    return start >= wall - LATE_HOURS * 3_600_000 ? [{ event, start }] : []
  })
  starts.sort((a, b) => a.start - b.start)
  return starts[0]?.event ?? events.find(({ liveState }) => liveState === 'ready') ?? null
}
