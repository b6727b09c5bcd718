import { diagnose } from '../diagnosis/diagnose.ts'
import { evidenceOf } from '../diagnosis/evidence.ts'
import { type Memory, NO_MEMORY, recall } from '../diagnosis/memory.ts'
import type { Placed, Situation } from '../diagnosis/situation.ts'
import type { Diagnosis } from '../observation/diagnosis.ts'
import type { Kind, State } from '../observation/observation.ts'
import { type Chain, Chains } from './chain.ts'
import type { DirectoryEntry } from './directory.ts'
import { freshOf } from './newest.ts'
import { StreamCounts } from './other-streams.ts'
import type { Relations } from './relations.ts'
import type { MonitorState } from './state.ts'

/**
 * Where the fault of a target is: of a stream, or of something that streams depend on, then as the one of them shows it that
 * is worst off. Null where no stream tells. Asked again within some seconds it answers the same, unless the stream or what
 * it depends on has changed meanwhile.
 */
export function diagnosisOf(state: MonitorState, kind: string, name: string): Diagnosis | null {
  const { needs } = state.directory.relations
  const target = needs.get(kind, name)
  if (target === undefined) return null
  const streams = kind === 'stream' ? [target] : needs.effectsOf(target).filter((one) => one.kind === 'stream')
  const worst = worstOf(state, streams)
  return worst === null ? null : state.part(Diagnoses).of(worst)
}

/**
 * Seconds after which a stream is diagnosed anew though nothing near it has changed: the numbers in the words, and what
 * others show, may have. Each has its own between these two, so that a thousand are not asked in the same second.
 */
const ANEW = [3, 5] as const

/** Streams of one monitor, of which each is diagnosed anew with every answer of what it depends on. */
const FEW = 100

interface Kept {
  diagnosis: Diagnosis | null
  /** What was near then. */
  outline: string
  /** What was answered before in the same incident. */
  memory: Memory
  /** Monotonic seconds. */
  askedAt: number
  until: number
}

/** Seconds without an alert that asks, after which what is wrong is another incident. */
const INCIDENT_ENDS = 20

/** The diagnoses of one monitor's streams: each alert that fires asks for one, each second. */
class Diagnoses {
  readonly #state: MonitorState
  #kept = new Map<DirectoryEntry, Kept>()
  #relations: Relations<DirectoryEntry> | null = null
  #isFew = true
  #asked = 0

  constructor(state: MonitorState) {
    this.#state = state
  }

  of(stream: DirectoryEntry): Diagnosis | null {
    const state = this.#state
    const { relations } = state.directory
    if (this.#relations !== relations) {
      this.#kept = new Map()
      this.#isFew = state.directory.list('stream').length <= FEW
    }
    this.#relations = relations
    const at = state.clock.monotonic()
    const outline = outlineOf(state, stream, this.#isFew)
    const known = this.#kept.get(stream)
    if (known !== undefined && at < known.until && known.outline === outline) {
      known.askedAt = at
      return known.diagnosis
    }
    const situation = situationOf(state, stream.name)
    // Once the event is over, that nothing came before is no fault any more.
    const isOver = situation?.stream.state === 'off'
    const isSameIncident = known !== undefined && !isOver && at - known.askedAt < INCIDENT_ENDS
    const before = isSameIncident ? known.memory : NO_MEMORY
    const now = situation === null ? null : recall(before, evidenceOf(situation), at)
    const diagnosis = situation === null || now === null ? null : diagnose(now.evidence, situation.monitorAt)
    this.#asked += 1
    const [soonest, latest] = ANEW
    const spread = known === undefined ? (this.#asked * GOLDEN) % 1 : 0
    this.#kept.set(stream, {
      ...{ diagnosis, outline, memory: now?.memory ?? before, askedAt: at },
      until: at + latest - (latest - soonest) * spread,
    })
    return diagnosis
  }
}

/** Of the golden ratio: multiples of it fall evenly between whole numbers. */
const GOLDEN = 0.618

/**
 * What a stream and all that it depends on say of themselves, without numbers. That something has answered once more is news:
 * what answered before the stream went away said nothing of it.
 */
function outlineOf(state: MonitorState, stream: DirectoryEntry, countsAnswers: boolean): string {
  const { near, placed } = state.part(Chains).of(stream)
  let outline = outlineOfOne(state, stream)
  if (countsAnswers) {
    for (const one of new Set([...near, ...placed.map(({ entry }) => entry)])) {
      outline += `#${freshOf(state, one.kind, one)?.sequence ?? ''}`
    }
  }
  for (const one of near) outline += `/${outlineOfOne(state, one)}`
  return outline
}

function outlineOfOne(state: MonitorState, entry: DirectoryEntry): string {
  const seen = freshOf(state, entry.kind, entry)
  if (seen === null) return ''
  let outline: string = seen.state
  if (seen.error !== undefined) outline += seen.error.code
  if (seen.absence !== undefined) outline += seen.absence.reason
  for (const { type } of seen.issues) outline += type
  return outline
}

const WORST: readonly State[] = ['down', 'degraded', 'unknown', 'off', 'ok']

/** The first of those that are worst off, of what is freshly known. */
function worstOf(state: MonitorState, streams: readonly DirectoryEntry[]): DirectoryEntry | null {
  let worst: DirectoryEntry | null = null
  let rank = WORST.length
  for (const stream of streams) {
    const seen = freshOf(state, 'stream', stream)
    if (seen === null || WORST.indexOf(seen.state) >= rank) continue
    worst = stream
    rank = WORST.indexOf(seen.state)
    if (rank === 0) break
  }
  return worst
}

/**
 * What one monitor knows freshly of a stream, of what it depends on and of the other streams: what a diagnosis is made
 * from. Null where the stream is not watched, or nothing fresh is known of it.
 */
export function situationOf(state: MonitorState, name: string): Situation | null {
  const entry = state.directory.get('stream', name)
  const stream = entry === undefined ? null : freshOf(state, 'stream', entry)
  if (entry === undefined || stream === null) return null
  const chain = state.part(Chains).of(entry)
  const of = <K extends Kind>(kind: K) =>
    chain.near.flatMap((one) => (one.kind === kind ? (freshOf(state, kind, one) ?? []) : []))
  return {
    monitorAt: chain.monitorAt,
    stream,
    encoders: of('encoder'),
    hosts: placed(state, 'ping', chain),
    services: placed(state, 'service', chain),
    bandwidth: of('bandwidth'),
    platforms: of('platform'),
    others: state.part(StreamCounts).besides(entry),
  }
}

function placed<K extends 'ping' | 'service'>(state: MonitorState, kind: K, chain: Chain): Placed<K>[] {
  return chain.placed.flatMap(({ entry, places }) => {
    const seen = entry.kind === kind ? freshOf(state, kind, entry) : null
    return seen === null ? [] : places.map((place) => ({ place, seen }))
  })
}
