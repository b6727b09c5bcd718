import type { Kinship } from '../incidents/kinship.ts'
import type { HealthReason } from '../monitor/health-report.ts'
import { newestFirst } from '../monitor/incident-log.ts'
import { countNotWatched } from '../monitor/rejections.ts'
import type { StatusDocument, StatusQuery } from '../monitor/status.ts'
import type { Observation, State } from '../observation/observation.ts'
import type { PlacedTarget } from '../targets/share.ts'
import { faultsOnce } from './linked-incidents.ts'

/** A target as the whole cluster knows it: what is worst of what its monitors say. */
export interface ClusterTarget extends Observation {
  /** Which monitor says this. */
  monitor: string
  /** What each of several says: that they disagree tells of the way from one of them. */
  seenFrom?: { monitor: string; state: State }[]
}

/** One monitor of the cluster. */
export interface ClusterMember {
  monitor: string
  /** Empty where it has none, or has never answered. */
  site: string
  /** From 0. */
  shard: number
  state: 'this' | 'answers' | 'silent'
  /** How many targets it watches, or should. */
  targets: number
  /** Where it was asked; null where it never answered, and of this one. */
  address: string | null
  /** Why it is silent, as far as that is known. */
  fault?: string
}

/** The answer of `GET /api/v1/status?scope=cluster`: as of one monitor, of all of them together. */
export interface ClusterStatusDocument extends Omit<StatusDocument, 'targets' | 'lasting'> {
  cluster: {
    name: string
    /** Each of them, by its index, whether it answers or not. */
    members: ClusterMember[]
    /** Addresses at which no member answers, and why. */
    elsewhere: { address: string; fault: string }[]
  }
  targets: ClusterTarget[]
  lasting: (HealthReason & { monitor: string })[]
}

/** What one monitor says. */
export interface Said {
  readonly shard: number
  readonly document: StatusDocument
}

/** What one of them said before it fell silent. */
export interface Silent {
  readonly member: ClusterMember
  /** Null where it has never answered. */
  readonly last: StatusDocument | null
}

/** Who watches a target. */
type Placed = Pick<PlacedTarget, 'kind' | 'name' | 'shards'>

export interface ClusterInput {
  readonly name: string
  readonly own: Said
  readonly answers: readonly Said[]
  readonly silent: readonly Silent[]
  /** What the file says, and who watches it. */
  readonly placed: readonly Placed[]
  /** Of everything in the file. */
  readonly kinship: Kinship
  readonly members: readonly ClusterMember[]
  readonly elsewhere: readonly { address: string; fault: string }[]
}

/** What says more comes first: a fault that one monitor sees is not hidden by another that does not. */
const WORST_FIRST: readonly State[] = ['down', 'degraded', 'ok', 'off', 'unknown']

/** Mistakes and incidents that the status has. */
const MOST_REJECTIONS = 100
const MOST_INCIDENTS = 130

/** One status of all. Pure. What only a silent monitor watches is there, and `unknown`. */
export function clusterStatus(input: ClusterInput): ClusterStatusDocument {
  const { own, answers, name, members, elsewhere } = input
  const said = [own, ...answers]
  const documents = said.map(({ document }) => document)
  const known = said.flatMap(({ shard, document: { incidents, instance } }) =>
    incidents === null ? [] : [{ index: shard, monitor: instance.name, incidents }],
  )
  return {
    instance: own.document.instance,
    cluster: { name, members: [...members], elsewhere: [...elsewhere] },
    targets: targetsOf(input),
    alerts: documents.flatMap(({ alerts }) => alerts),
    incidents:
      known.length === 0 ? null : faultsOnce(known, input.kinship).sort(openAndNewestFirst).slice(0, MOST_INCIDENTS),
    rejected: rejectedOf(documents),
    lasting: documents.flatMap(({ lasting, instance }) => lasting.map((one) => ({ ...one, monitor: instance.name }))),
  }
}

function openAndNewestFirst(...[one, other]: Parameters<typeof newestFirst>): number {
  return Number(one.status === 'ended') - Number(other.status === 'ended') || newestFirst(one, other)
}

/** A mistake in the file that all of them read is one mistake. */
function rejectedOf(documents: readonly StatusDocument[]): StatusDocument['rejected'] {
  const entries = documents.flatMap(({ rejected }) => rejected.entries)
  const distinct = [...new Map(entries.map((entry) => [`${entry.entry} ${entry.message}`, entry])).values()]
  return {
    targets: Math.max(...documents.map(({ rejected }) => rejected.targets)),
    total: Math.max(distinct.length, ...documents.map(({ rejected }) => rejected.total)),
    entries: distinct.slice(0, MOST_REJECTIONS),
  }
}

function targetsOf({ own, answers, silent, placed }: ClusterInput): ClusterTarget[] {
  const views = new Map<string, ClusterTarget[]>()
  const add = (target: ClusterTarget) => {
    const key = `${target.kind} ${target.target}`
    const known = views.get(key)
    if (known === undefined) views.set(key, [target])
    else known.push(target)
  }
  for (const { document } of [own, ...answers]) {
    for (const observation of document.targets) add({ ...observation, monitor: document.instance.name })
  }
  for (const lost of unheard(silent, placed, own.document.instance.time)) add(lost)
  return [...views.values()].map(together)
}

/** What silent monitors watch, as the file says, or as they said themselves of what is in no file. */
function unheard(silent: readonly Silent[], placed: readonly Placed[], time: string): ClusterTarget[] {
  return silent.flatMap(({ member, last }) => {
    const known = new Map((last?.targets ?? []).map((one) => [`${one.kind} ${one.target}`, one]))
    const inFile = placed.filter(({ shards }) => shards.includes(member.shard))
    for (const { kind, name } of inFile) {
      if (!known.has(`${kind} ${name}`)) known.set(`${kind} ${name}`, neverSeen(kind, name, time))
    }
    const message = `${member.monitor}, which watches it, does not answer${member.fault ? `: ${member.fault}` : ''}`
    const error = { code: 'silent-peer', message }
    return [...known.values()].map(
      (one): ClusterTarget => ({ ...one, state: 'unknown', score: null, issues: [], error, monitor: member.monitor }),
    )
  })
}

function neverSeen(kind: Observation['kind'], target: string, time: string): Observation {
  return {
    ...{ kind, target, time, labels: {}, sequence: 0, state: 'unknown', expected: false, score: null },
    ...{ measurements: {}, issues: [] },
  }
}

function together(views: ClusterTarget[]): ClusterTarget {
  const [worst] = views.toSorted((one, other) => rank(one) - rank(other))
  if (worst === undefined || views.length === 1) return worst ?? (views[0] as ClusterTarget)
  const seenFrom = views.map(({ monitor, state }) => ({ monitor, state }))
  return { ...worst, seenFrom: seenFrom.sort((one, other) => (one.monitor < other.monitor ? -1 : 1)) }
}

function rank({ state }: ClusterTarget): number {
  return WORST_FIRST.indexOf(state)
}

/** Of a status, what concerns the targets that are asked for. Without any, all of it. */
export function chosenOf(document: ClusterStatusDocument, { kinds, targets }: StatusQuery): ClusterStatusDocument {
  if (kinds === null && targets === null) return document
  const isAsked = (kind: string, target: string) =>
    (kinds?.some((one) => one === kind) ?? true) && (targets?.includes(target) ?? true)
  const entries = document.rejected.entries.filter(({ kind, name }) => isAsked(kind ?? '', name ?? ''))
  return {
    ...document,
    targets: document.targets.filter(({ kind, target }) => isAsked(kind, target)),
    alerts: document.alerts.filter(({ kind, target }) => isAsked(kind, target)),
    incidents:
      document.incidents?.filter(({ members }) => members.some(({ kind, target }) => isAsked(kind, target))) ?? null,
    rejected: { targets: countNotWatched(entries), total: entries.length, entries },
  }
}
