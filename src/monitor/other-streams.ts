import { LATE } from '../diagnosis/question.ts'
import type { OtherStreams } from '../diagnosis/situation.ts'
import type { MeasurementsOf, Observation } from '../observation/observation.ts'
import type { DirectoryEntry } from './directory.ts'
import { freshOf } from './newest.ts'
import type { Relations } from './relations.ts'
import type { MonitorState } from './state.ts'

/** Seconds in which nothing that was fresh is taken for stale, as long as nothing new comes. */
const ONE_MOMENT = 0.5

/** Seconds without a packet after which a stream is not called well: it may be about to stall like the one that is asked about. */
const FLOWS = 1.2

const NONE: OtherStreams = { known: 0, well: 0, late: 0, down: 0 }

interface Counted {
  puts: number
  relations: Relations<DirectoryEntry>
  at: number
  all: OtherStreams
  byHost: ReadonlyMap<string | null, OtherStreams>
}

/** What the streams of one monitor show together. Counted once for a moment, in which a thousand of them may ask. */
export class StreamCounts {
  readonly #state: MonitorState
  #counted: Counted | null = null

  constructor(state: MonitorState) {
    this.#state = state
  }

  /** What those show that are read from the same server as a stream, and the others, without itself. */
  besides(stream: DirectoryEntry): { onServer: OtherStreams; elsewhere: OtherStreams } {
    const { host } = stream.links
    if (host === null) return { onServer: NONE, elsewhere: NONE }
    const { all, byHost } = this.#now()
    const onHost = byHost.get(host) ?? NONE
    return { onServer: without(onHost, one(freshOf(this.#state, 'stream', stream))), elsewhere: without(all, onHost) }
  }

  #now(): Counted {
    const { newest, directory, clock } = this.#state
    const [puts, relations, at] = [newest.puts, directory.relations, clock.monotonic()]
    const known = this.#counted
    const isNow = known !== null && at - known.at < ONE_MOMENT && known.puts === puts && known.relations === relations
    const counted = isNow ? known : { puts, relations, at, ...countedIn(this.#state) }
    this.#counted = counted
    return counted
  }
}

function countedIn(state: MonitorState): Pick<Counted, 'all' | 'byHost'> {
  let all = NONE
  const byHost = new Map<string | null, OtherStreams>()
  for (const entry of state.directory.list('stream')) {
    const shown = one(freshOf(state, 'stream', entry))
    const { host } = entry.links
    byHost.set(host, sum(byHost.get(host) ?? NONE, shown))
    all = sum(all, shown)
  }
  return { all, byHost }
}

/** What one stream shows; null: nothing is freshly known of it. */
function one(seen: Observation | null): OtherStreams {
  if (seen === null) return NONE
  const { state, expected } = seen
  // What is kept of a stream comes from a watch of one.
  const { lastPacketAge, window } = seen.measurements as MeasurementsOf['stream']
  const isThere = state === 'ok' || state === 'degraded'
  const flows = lastPacketAge === null || lastPacketAge < FLOWS
  const isLate = isThere && (window.realtimeRatio ?? 1) < LATE
  return {
    known: 1,
    well: Number(flows && isThere && !isLate),
    late: Number(isLate),
    down: Number(state === 'down' && expected),
  }
}

function sum(some: OtherStreams, more: OtherStreams): OtherStreams {
  return {
    ...{ known: some.known + more.known, well: some.well + more.well },
    ...{ late: some.late + more.late, down: some.down + more.down },
  }
}

function without(some: OtherStreams, less: OtherStreams): OtherStreams {
  return {
    ...{ known: some.known - less.known, well: some.well - less.well },
    ...{ late: some.late - less.late, down: some.down - less.down },
  }
}
