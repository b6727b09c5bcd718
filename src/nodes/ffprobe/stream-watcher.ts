import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { InspectionAnswer } from '../../monitor/inspections.ts'
import { unknownTarget } from '../../monitor/origin.ts'
import { type MonitorState, monitorState } from '../../monitor/state.ts'
import { type WatchedTarget, WatchSet } from '../../monitor/watch-set.ts'
import { textIn } from '../../node-red/config.ts'
import { catchable } from '../../node-red/input.ts'
import { refuse } from '../../node-red/refusal.ts'
import type { StatusLine } from '../../node-red/status.ts'
import type { MonitorError } from '../../observation/errors.ts'
import type { MonitorEvent, Observation } from '../../observation/observation.ts'
import type { StreamMeasurements } from '../../observation/stream.ts'
import { findFfprobe } from '../../stream/ffprobe-binary.ts'
import type { Command, InspectCommand } from '../../targets/command.ts'
import type { FfprobeCredentials, FfprobeFields } from './ffprobe.types.ts'
import { type InspectionContext, inspect } from './inspection.ts'
import { ownTarget } from './own-target.ts'
import { probeStatus } from './status-text.ts'
import { streamWatches } from './stream-watch.ts'

/** What one `ffprobe` node does in one monitor, from its start, or its move to that monitor, until `close`. */
export class StreamWatcher {
  readonly #RED: NodeAPI
  readonly #node: Node<FfprobeCredentials>
  readonly #config: NodeDef & FfprobeFields
  readonly #line: StatusLine
  readonly #state: MonitorState
  readonly #ffprobePath: string
  readonly #set: WatchSet<'stream', StreamMeasurements>
  /** Why the stream of the dialog is not watched. */
  #refusal: MonitorError | null = null
  /** By stream: what of its state is shown. */
  readonly #shown = new Map<string, string>()
  #ffprobeTold = false
  readonly #inspection: InspectionContext
  readonly #takeBack: () => void

  constructor(
    RED: NodeAPI,
    node: Node<FfprobeCredentials>,
    config: NodeDef & FfprobeFields,
    monitorId: string,
    line: StatusLine,
  ) {
    this.#RED = RED
    this.#node = node
    this.#config = config
    this.#line = line
    this.#state = monitorState(monitorId)
    this.#ffprobePath = textIn(config.ffprobePath)
    this.#set = new WatchSet<'stream', StreamMeasurements>({
      kind: 'stream',
      owner: node.id,
      state: this.#state,
      create: streamWatches(this.#state, this.#ffprobePath),
      listener: {
        observed: (observation) => this.#observed(observation),
        happened: (event) => this.#happened(event),
        failed: (error) => this.#failed(error),
        unconfirmed: (names) => this.#unconfirmed(names),
      },
      context: this.#ffprobePath,
    })
    const { inspections } = this.#state
    this.#inspection = { state: this.#state, ffprobePath: this.#ffprobePath, watched: (name) => this.#watched(name) }
    this.#takeBack = inspections.offer(node.id, (name, profile, signal) =>
      this.inspect({ action: 'inspect', name, ...(profile !== null && { profile }) }, signal),
    )
    this.#watchOwn()
  }

  /** @throws MonitorError as `WatchSet.handle` */
  handle(command: Command): void {
    this.#set.handle(command)
    this.#showStatus()
  }

  flowsStarting(): void {
    this.#set.flowsStarting()
  }

  flowsStarted(): void {
    this.#set.flowsStarted()
    // The node that had the name may have gone with a deploy that left this one alone.
    if (this.#refusal?.code === 'duplicate-target') this.#watchOwn()
    this.#showStatus()
  }

  /** As `inspect`. */
  inspect(command: InspectCommand, signal: AbortSignal): Promise<InspectionAnswer> {
    return inspect(command, this.#inspection, signal)
  }

  redact(text: string): string {
    return this.#state.secrets.redact(text)
  }

  async close(removed: boolean): Promise<void> {
    this.#takeBack()
    if (!removed) return this.#set.park()
    await this.#set.end()
    this.#state.secrets.removeOwner(this.#dialogOwner)
  }

  /** Owner of the secrets of the dialog, apart from those of targets that came by message. */
  get #dialogOwner(): string {
    return `${this.#node.id}/dialog`
  }

  #watchOwn(): void {
    const { secrets } = this.#state
    try {
      const { id, credentials } = this.#node
      const own = ownTarget(id, this.#config, textIn(credentials?.streamKey), (name) => this.#variable(name))
      secrets.removeOwner(this.#dialogOwner)
      for (const [name, value] of own?.secrets ?? []) secrets.put(this.#dialogOwner, name, value)
      this.#refusal = null
      if (own) this.#set.watchOwn(own.target)
    } catch (error) {
      this.#refuse(catchable(error, (text) => this.redact(text)))
    }
  }

  /** Of the flow, the group or the process; empty where there is none. */
  #variable(name: string): string {
    return String(this.#RED.util.evaluateNodeProperty(name, 'env', this.#node, {}) ?? '')
  }

  #refuse(refusal: MonitorError): void {
    this.#refusal = refusal
    const key = refusal.code === 'duplicate-target' ? 'status.double' : 'status.refused'
    refuse(this.#node, this.#line, this.#RED._(key), refusal.message)
  }

  #watched(name: string): WatchedTarget<'stream', StreamMeasurements> {
    const watched = this.#set.get(name)
    if (watched) return watched
    throw unknownTarget(
      'stream',
      this.#set.list().map((known) => known.name),
    )
  }

  #observed(observation: Observation<'stream', StreamMeasurements>): void {
    // A copy: what a flow does to the message must not reach what goes on being measured.
    this.#node.send([{ topic: observation.target, payload: structuredClone(observation) }, null, null])
    if (!this.#ffprobeTold && observation.error === undefined) this.#tellFfprobe()
    const shown = `${observation.state} ${observation.error?.code}`
    if (this.#shown.size > 1 && this.#shown.get(observation.target) === shown) return
    this.#shown.set(observation.target, shown)
    this.#showStatus()
  }

  #happened(event: MonitorEvent): void {
    this.#node.send([null, { topic: event.target, payload: structuredClone(event) }, null])
  }

  #failed(error: unknown): void {
    const shown = catchable(error, (text) => this.redact(text))
    // With a message, because without one no Catch node would get it.
    this.#node.error(shown, {})
    this.#showStatus()
  }

  #unconfirmed(names: string[]): void {
    this.#node.warn(this.#RED._('log.unconfirmed', { names: names.join(', ') }))
    this.#showStatus()
  }

  #tellFfprobe(): void {
    this.#ffprobeTold = true
    findFfprobe(this.#ffprobePath || undefined).then(
      ({ path, version }) => this.#node.log(this.#RED._('log.ffprobe', { path, version })),
      () => undefined,
    )
  }

  #showStatus(): void {
    const watched = this.#set.list()
    for (const name of this.#shown.keys()) if (!this.#set.get(name)) this.#shown.delete(name)
    if (this.#refusal) return
    const newest = watched.map(({ watch }) => watch?.newest ?? null)
    const { fill, shape, text } = probeStatus(newest, (key, values) => this.#RED._(key, values))
    this.#line.show(fill, shape, text)
  }
}
