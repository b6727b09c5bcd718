import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Issue, State } from '../../src/observation/observation.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import type { NginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import type { NodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { type FaultPublisher, type Publication, publish } from './publish.ts'
import { publishScript, type ScriptedPublisher, type Step } from './rtmp-publisher.ts'
import { type Judged, monotonic, type WatchedStream, watchStream } from './watched-stream.ts'

/** The servers that all rows share. */
export interface Servers {
  nginx: NginxRtmp
  nms: NodeMediaServer
}

/** Where one row is played: its own stream on a real server, its own monitor. */
export class Stage {
  readonly servers: Servers
  readonly #id: string
  readonly #target: Partial<StreamTarget>
  readonly #state: MonitorState
  readonly #endings: (() => Promise<unknown>)[] = []
  #watched: Judged | null = null
  #faultAt: number | null = null
  readonly #measured: { what: string; value: number; truth: number }[] = []

  constructor(id: string, target: Partial<StreamTarget>, servers: Servers) {
    this.#id = id
    this.#target = target
    this.servers = servers
    this.#state = new MonitorState(`fault-${id}`, KINDS)
  }

  /** Monotonic seconds; null where no fault was made. */
  get faultAt(): number | null {
    return this.#faultAt
  }

  get watched(): Judged {
    if (!this.#watched) throw new Error(`${this.#id} watches nothing yet`)
    return this.#watched
  }

  /** The key of a stream of this row, which no other has. @param which of several */
  key(which = ''): string {
    return which === '' ? this.#id : `${this.#id}-${which}`
  }

  /** No GOP cache, keeps its players when the publisher goes. */
  nginx(which = ''): string {
    return this.servers.nginx.url(`live/${this.key(which)}`)
  }

  /** With a GOP cache. */
  nms(which = ''): string {
    return this.servers.nms.url(`live/${this.key(which)}`)
  }

  async publish(url: string, publication: Publication = {}): Promise<FaultPublisher> {
    const publisher = await publish(url, publication)
    this.atEnd(() => publisher.kill())
    return publisher
  }

  /** Publishes with time stamps of our own. */
  async script(url: string, steps: readonly Step[], from = 0): Promise<ScriptedPublisher> {
    const publisher = await publishScript(url, steps, from)
    this.atEnd(() => publisher.stop())
    return publisher
  }

  /** Begins to watch. The first stream is the one that is judged. */
  watch(
    url: string,
    {
      target = this.#target,
      name = 'main',
      ffprobe,
    }: { target?: Partial<StreamTarget>; name?: string; ffprobe?: string } = {},
  ): WatchedStream {
    const watched = watchStream({ name, url, target, state: this.#state, ...(ffprobe && { ffprobe }) })
    this.atEnd(() => watched.stop())
    this.#watched ??= watched
    return watched
  }

  /** Begins to watch and waits until media is there. */
  async watchUp(
    url: string,
    { seconds = 30, ffprobe }: { seconds?: number; ffprobe?: string } = {},
  ): Promise<WatchedStream> {
    const watched = this.watch(url, ffprobe ? { ffprobe } : {})
    await watched.untilObserved(({ measurements }) => measurements.up === true, seconds)
    return watched
  }

  /** The monitor's secrets, which the address of a stream may name. */
  get secrets() {
    return this.#state.secrets
  }

  get target(): Partial<StreamTarget> {
    return this.#target
  }

  /** In the place of a stream that is watched here: one that is watched elsewhere. */
  judge(judged: Judged): void {
    this.#watched = judged
  }

  /** In the place of a stream that is watched: what was said of one that was generated. */
  simulated(raised: readonly { issue: Issue; at: number }[], state: State): void {
    this.#watched = {
      said: raised.map(({ issue, at }) => ({ at, event: 'raised' as const, issue })),
      state: () => state,
      issues: () => [],
      presentSince: () => 0,
    }
  }

  /** The fault is made now, or was at that moment (monotonic seconds). */
  fault(at = monotonic()): void {
    this.#faultAt = at
  }

  /** What ends with the row, the newest first. */
  atEnd(ending: () => Promise<unknown>): void {
    this.#endings.push(ending)
  }

  /** Holds what was measured against the truth, within 1 %. */
  measured(what: string, value: number, truth: number): void {
    this.#measured.push({ what, value, truth })
  }

  get inaccuracies(): string[] {
    return this.#measured
      .filter(({ value, truth }) => !(Math.abs(value - truth) <= Math.abs(truth) * 0.01))
      .map(({ what, value, truth }) => `${what} ${value.toFixed(3)} is not ${truth.toFixed(3)}`)
  }

  async end(): Promise<void> {
    for (const ending of this.#endings.splice(0).reverse()) await ending().catch(() => undefined)
    await this.#state.end()
  }
}
