import { randomUUID } from 'node:crypto'
import type { MonitorState } from '../monitor/state.ts'
import type { StatusDocument } from '../monitor/status.ts'
import { statusOf } from '../monitor/status-of.ts'
import { MonitorError } from '../observation/errors.ts'
import type { ClusterShard } from '../targets/shard.ts'
import { addressText, type Bounds, objectIn, type PeerQuestion } from './ask-peer.ts'
import {
  type ClusterMember,
  type ClusterStatusDocument,
  clusterStatus,
  type Said,
  type Silent,
} from './cluster-status.ts'
import { FileKinship } from './file-kinship.ts'
import type { PeerIdentity } from './peer-identity.ts'
import { statusIn } from './peer-status.ts'
import { type Fault, type HeardAll, type LookUp, Peers } from './peers.ts'

/** Seconds that all peers have to answer what they know by heart. */
export const AT_ONCE = 1

/** Bytes that one peer may answer, and that all of them may together. */
export const MOST_BYTES = 16 * 1024 * 1024
const MOST_BYTES_TOGETHER = 256 * 1024 * 1024

/** Seconds for which what a peer said last is shown when it is only late. */
const LATE = 3

/** Bytes of statuses that are read in a second at most: a large cluster is asked less often. */
const BYTES_PER_SECOND = 8 * 1024 * 1024

/** How the peers are asked. */
export interface Joining {
  readonly origins: readonly string[]
  /** Read anew each time. @throws MonitorError where it cannot be read */
  token(): Promise<string>
  readonly lookUp?: LookUp
}

/** What one member said last. */
interface Known {
  readonly document: StatusDocument
  readonly address: string
  /** Monotonic seconds. */
  readonly at: number
}

/** What became of asking all for their status. */
interface Asked {
  /** Monotonic seconds. */
  readonly ended: number
  /** Of all answers. */
  readonly bytes: number
  readonly heard: HeardAll
}

/** The cluster that one monitor is a shard of, as it sees it. Asks only when it is asked. */
export class Cluster {
  /** Of this start of this monitor. */
  readonly instance = randomUUID()
  readonly #state: MonitorState
  #joined: { peers: Peers; token: () => Promise<string> } | null = null
  readonly #known = new Map<number, Known>()
  #asked: Asked | null = null
  #asking: Promise<Asked> | null = null

  constructor(state: MonitorState) {
    this.#state = state
  }

  /** Does nothing where it has joined already: a deploy changes neither the environment nor the peers. */
  join({ origins, token, lookUp }: Joining): void {
    this.#joined ??= { peers: new Peers(origins, this.instance, this.#state.clock, lookUp), token }
  }

  get isJoined(): boolean {
    return this.#joined !== null && this.#state.shard !== null
  }

  /** Who this monitor is to its peers; null where it is no shard of a cluster. */
  get identity(): PeerIdentity | null {
    const { shard } = this.#state
    return this.#joined === null || shard === null ? null : { ...shard, instance: this.instance }
  }

  /**
   * Asks the peers that are chosen.
   *
   * @throws MonitorError `not-in-use` where PEERS is not set, `unreadable-file` where the token cannot be read
   */
  async ask(
    question: PeerQuestion,
    bounds: Bounds,
    isAsked?: (identity: PeerIdentity | undefined) => boolean,
  ): Promise<HeardAll> {
    const { peers, token } = this.#inUse()
    const { answers, faults } = await peers.ask(question, await token(), bounds, isAsked)
    const { shard } = this.#inUse()
    const [ours, others] = [answers.filter(({ identity }) => isOf(identity, shard)), answers]
    const strange = others.filter((one) => !ours.includes(one))
    const said = strange.map(({ at, identity }) => ({
      ...{ address: addressText(at), isLate: false },
      fault: `it says that it is shard ${identity.index} of ${identity.count} of "${identity.cluster}"`,
    }))
    return { answers: ours, faults: [...faults, ...said] }
  }

  /** The shards that watch a target, as the file says, or as they said themselves. */
  shardsOf(kind: string | null, name: string): number[] {
    const isIt = (one: { kind: string }, target: string) => target === name && (kind === null || one.kind === kind)
    const placed = this.#state.sharedFiles.flatMap((file) => file.placed.filter((one) => isIt(one, one.name)))
    const own = this.#state.directory.list().some((one) => isIt(one, one.name)) ? [this.#state.shard?.index ?? 0] : []
    const said = [...this.#known].filter(([, { document }]) => document.targets.some((one) => isIt(one, one.target)))
    return [...new Set([...own, ...placed.flatMap(({ shards }) => shards), ...said.map(([index]) => index)])]
  }

  /**
   * What all know, the others as of at most so many seconds ago; of a large cluster it may be more.
   *
   * @throws MonitorError `not-in-use` where PEERS is not set, `unreadable-file` where the token cannot be read
   */
  async status(maxAge: number): Promise<ClusterStatusDocument> {
    const { heard } = await this.#statuses(maxAge)
    return this.#together(heard)
  }

  #inUse(): { peers: Peers; token: () => Promise<string>; shard: ClusterShard } {
    const { shard } = this.#state
    if (this.#joined !== null && shard !== null) return { ...this.#joined, shard }
    throw new MonitorError('not-in-use', 'PEERS is not set: this monitor knows of no others')
  }

  async #statuses(maxAge: number): Promise<Asked> {
    const { clock } = this.#state
    const last = this.#asked
    if (last !== null) {
      const rest = Math.max(maxAge, last.bytes / BYTES_PER_SECOND)
      if (clock.monotonic() - last.ended < rest) return last
    }
    this.#asking ??= this.#askAll().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #askAll(): Promise<Asked> {
    const { clock } = this.#state
    const { count } = this.#inUse().shard
    const mostBytes = Math.min(MOST_BYTES, Math.floor(MOST_BYTES_TOGETHER / count))
    const bounds = { within: AT_ONCE, mostBytes, signal: new AbortController().signal }
    const heard = await this.ask({ path: '/api/v1/status', query: {} }, bounds)
    const ended = clock.monotonic()
    const faults = [...heard.faults]
    for (const { identity, answer, at } of heard.answers) {
      const document = statusIn(objectIn(answer))
      const address = addressText(at)
      if (document !== null) this.#known.set(identity.index, { document, address, at: ended })
      else faults.push({ address, fault: `it answers ${answer.status}`, isLate: false })
    }
    const bytes = heard.answers.reduce((sum, { answer }) => sum + answer.body.length, 0)
    this.#asked = { ended, bytes, heard: { answers: heard.answers, faults } }
    return this.#asked
  }

  #together({ faults }: HeardAll): ClusterStatusDocument {
    const { shard } = this.#inUse()
    const own: Said = { shard: shard.index, document: statusOf(this.#state) }
    const [answers, silent]: [Said[], Silent[]] = [[], []]
    const placed = this.#state.sharedFiles.flatMap((file) => file.placed)
    const { identities, ownAddress } = this.#inUse().peers
    const members = Array.from({ length: shard.count }, (_, index): ClusterMember => {
      const base = { monitor: `${shard.cluster}-${index}`, shard: index }
      if (index === shard.index) {
        const { site } = this.#state
        return { ...base, site, state: 'this', targets: own.document.targets.length, address: ownAddress }
      }
      const known = this.#known.get(index)
      const fault = faultOf(index, faults, identities)
      const site = known?.document.instance.site ?? ''
      if (known !== undefined && this.#isNew(known, fault)) {
        answers.push({ shard: index, document: known.document })
        return { ...base, site, state: 'answers', targets: known.document.targets.length, address: known.address }
      }
      const targets = known?.document.targets.length ?? placed.filter(({ shards }) => shards.includes(index)).length
      const address = known?.address ?? null
      const member = { ...base, site, state: 'silent' as const, targets, address, ...(fault && { fault: fault.fault }) }
      silent.push({ member, last: known?.document ?? null })
      return member
    })
    const elsewhere = faults
      .filter(({ address }) => !members.some((member) => member.address === address))
      .map(({ address, fault }) => ({ address, fault }))
    const kinship = this.#state.part(FileKinship).now
    return clusterStatus({ name: shard.cluster, own, answers, silent, placed, kinship, members, elsewhere })
  }

  /** Whether it answered the last time it was asked, or is only late. */
  #isNew({ at }: Known, fault: Fault | null): boolean {
    if (this.#asked === null || at >= this.#asked.ended) return true
    return (fault?.isLate ?? true) && this.#asked.ended - at < LATE
  }
}

function isOf({ cluster, count, index }: PeerIdentity, shard: ClusterShard): boolean {
  return cluster === shard.cluster && count === shard.count && index !== shard.index && index < count
}

/** Why a member is silent: what became of asking where it answered before. */
function faultOf(index: number, faults: readonly Fault[], identities: ReadonlyMap<string, PeerIdentity>): Fault | null {
  return faults.find(({ address }) => identities.get(address)?.index === index) ?? null
}
