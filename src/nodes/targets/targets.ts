import type { NodeAPI, NodeMessage, NodeStatusFill, NodeStatusShape } from 'node-red'
import { Commands } from '../../monitor/commands.ts'
import { countNotWatched } from '../../monitor/rejections.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { hiddenVariables, textIn } from '../../node-red/config.ts'
import { onFlows } from '../../node-red/events.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { monitorNode } from '../../node-red/monitors.ts'
import { MonitorError } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'
import type { Kind } from '../../observation/observation.ts'
import type { WatchCommand } from '../../targets/command.ts'
import { type TargetsSnapshot, TargetsSource, type TargetsSourceOptions } from '../../targets/source.ts'
import { answerSetUp } from './answer-set-up.ts'

/** What the dialog saves. */
interface TargetsFields {
  monitor?: unknown
  file?: unknown
}

/** Lines of the log that a file full of mistakes may take. */
const MOST_WARNINGS = 20

export default function register(RED: NodeAPI): void {
  registerMonitorNode<TargetsFields>(RED, 'hmonitor-targets', ({ node, config, line }) => {
    let open: { source: TargetsSource; state: MonitorState; started: boolean } | null = null
    let warned = ''
    const batches = new Batches<(NodeMessage | null)[]>((outputs) => node.send(outputs))

    const take = (snapshot: TargetsSnapshot) => {
      const { fill, shape, key, values } = targetsStatus(snapshot)
      line.show(fill, shape, RED._(`status.${key}`, values))
      const sent = () => {
        if (open)
          open.state.targetsMemory(node.id).sent = { at: open.state.clock.monotonic(), targets: sentBy(snapshot) }
      }
      const outputs = [
        ...messagesOf(snapshot).map((message) => [message]),
        ...snapshot.rejected.map((payload) => [null, { topic: payload.entry, payload }]),
      ]
      batches.send(outputs, sent)
      const more = snapshot.rejected.length - MOST_WARNINGS
      const warnings = [
        ...snapshot.rejected.slice(0, MOST_WARNINGS).map(({ message }) => message),
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join('\n')
      if (warnings !== warned && warnings !== '') node.warn(warnings)
      warned = warnings
      if (open && snapshot.site !== null && !monitorNode(RED, open.state.id)?.site) open.state.site = snapshot.site
    }
    const sendAll = async () => {
      if (!open) return
      if (open.started) await open.source.reload()
      else {
        open.started = true
        await open.source.start(take)
      }
    }
    const sendAtStart = () => {
      if (open) sendAll().catch((error: unknown) => node.error(error instanceof Error ? error.message : error))
    }
    node.on('close', onFlows(RED, 'started', sendAtStart))

    /** Null where SHARD says no part: nothing is watched then, rather than all of it by each shard. */
    const sourceOf = (options: TargetsSourceOptions): TargetsSource | null => {
      try {
        return new TargetsSource(options)
      } catch (error) {
        if (!(error instanceof MonitorError)) throw error
        line.show('red', 'ring', RED._('status.shard'))
        node.error(error.message)
        return null
      }
    }

    return {
      begin(state, atEnd) {
        const source = sourceOf({
          kinds: state.kinds,
          owner: node.id,
          file: textIn(config.file),
          environment: process.env,
          hidden: hiddenVariables(RED),
          secrets: state.secrets,
          memory: state.targetsMemory(node.id),
        })
        if (source === null) return
        open = { source, state, started: false }
        const takeBack = state.part(Commands).offerAnswer((payload, signal) => answerSetUp(source, payload, signal))
        atEnd((why) => {
          takeBack()
          batches.stop()
          source.stop()
          if (why !== 'closed') state.forgetTargets(node.id)
          open = null
        })
      },
      take: sendAll,
    }
  })
}

/** What is to be watched, then what is to be kept: a probe ends what is not in the list only when it has the rest. */
function messagesOf({ watches, keeps }: TargetsSnapshot) {
  return [
    ...watches.map((payload) => ({ topic: nameOf(payload), payload })),
    ...keeps.map((payload) => ({ topic: payload.kind, payload })),
  ]
}

function sentBy({ watches }: TargetsSnapshot): { kind: Kind; name: string }[] {
  return watches.map((watch) => ({ kind: watch.kind, name: nameOf(watch) }))
}

function nameOf({ target }: WatchCommand): string {
  return (target as { name: string }).name
}

interface TargetsStatus {
  fill: NodeStatusFill
  shape: NodeStatusShape
  /** Of the node's labels, under `status`. */
  key: 'none' | 'targets' | 'rejected' | 'failed'
  values: Record<string, number>
}

/** What stands under a `targets` node. Red where nothing new could be read, whatever goes on from before. */
function targetsStatus({ origin, watches, rejected }: TargetsSnapshot): TargetsStatus {
  const count = watches.length
  const file = origin !== null && 'file' in origin ? origin.file : null
  if (file !== null && rejected.some(({ entry }) => entry === file))
    return { fill: 'red', shape: 'ring', key: 'failed', values: {} }
  if (rejected.length > 0) {
    const values = { accepted: count, rejected: Math.max(rejected.length, countNotWatched(rejected)) }
    return { fill: count > 0 ? 'yellow' : 'red', shape: 'dot', key: 'rejected', values }
  }
  if (count === 0) return { fill: 'grey', shape: 'ring', key: 'none', values: {} }
  return { fill: 'green', shape: 'dot', key: 'targets', values: { count } }
}

/** Sent at once: a small list is watched as fast as ever, and a request waits for no more than these. */
const AT_ONCE = 100

/**
 * Sends a long list a few at a time, so that requests and probes have their turn in between: Node-RED hands over
 * whatever is sent at once before it looks at the network again. A list takes the place of the one before.
 */
export class Batches<T> {
  readonly #send: (item: T) => void
  #done = () => {}
  #left: readonly T[] = []
  #next: NodeJS.Immediate | undefined

  constructor(send: (item: T) => void) {
    this.#send = send
  }

  /** Sends the first of them before it returns. @param done told when the last of them was sent */
  send(items: readonly T[], done: () => void = () => {}): void {
    this.stop()
    this.#left = items
    this.#done = done
    this.#sendSome()
  }

  /** What has not been sent yet is not. */
  stop(): void {
    clearImmediate(this.#next)
    this.#left = []
  }

  #sendSome(): void {
    const now = this.#left.slice(0, AT_ONCE)
    this.#left = this.#left.slice(AT_ONCE)
    if (this.#left.length > 0) this.#later()
    else this.#done()
    for (const item of now) this.#send(item)
  }

  /** What throws loses its own batch at the most: the others follow. */
  #later(): void {
    const goOn = () => {
      if (this.#next === next && this.#left.length > 0) this.#later()
    }
    const next = setImmediate(guarded('batch of messages', () => this.#sendSome(), goOn))
    this.#next = next
  }
}
