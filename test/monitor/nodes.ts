import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { Watch } from '../../src/monitor/watch.ts'
import { WatchSet, type WatchSetListener } from '../../src/monitor/watch-set.ts'
import type { WatchCommand } from '../../src/targets/command.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import { FakeProbe, type Level, mockedClock, Outputs, watchOf } from './fixtures.ts'

/** A probe whose end takes until the test says so, and whose total grows with every packet it is given. */
export class SlowProbe extends FakeProbe {
  readonly target: StreamTarget
  readonly before: Watch<'stream', Level> | null
  /** Whether it has started and not yet ended: a process that runs. */
  running = false
  /** Ends it; until then `stop` waits. Null while nothing asked it to stop. */
  finish: (() => void) | null = null
  /** Whether `stop` ends at once. */
  quick = true

  constructor(target: StreamTarget, before: Watch<'stream', Level> | null) {
    super()
    this.target = target
    this.before = before
    const total = before?.probe.read().measurements.total ?? 0
    this.reading = { outcome: 'present', measurements: { total, level: 1, news: [] } }
  }

  override start(listener: Parameters<FakeProbe['start']>[0]): void {
    this.running = true
    super.start(listener)
  }

  override stop(): Promise<void> {
    this.stops += 1
    return new Promise((resolve) => {
      this.finish = () => {
        this.running = false
        resolve()
      }
      if (this.quick) this.finish()
    })
  }

  add(packets: number): void {
    const { measurements } = this.reading
    this.reading = { outcome: 'present', measurements: { ...measurements, total: measurements.total + packets } }
  }
}

/** What a node says, and what could not be watched. */
export class NodeOutputs extends Outputs implements WatchSetListener<'stream', Level> {
  readonly failures: unknown[] = []
  readonly dropped: string[] = []

  failed(error: unknown): void {
    this.failures.push(error)
  }
  unconfirmed(names: string[]): void {
    this.dropped.push(...names)
  }
}

/** A monitor, the nodes on it, and every probe that they ever made. */
export class Monitor {
  readonly state = new MonitorState('test', KINDS, mockedClock)
  readonly probes: SlowProbe[] = []
  /** Thrown by the next making of a watch. */
  error: Error | null = null
  quick = true

  /** Makes a node; after a deploy one with the same id again. */
  node(id: string, context?: string): { set: WatchSet<'stream', Level>; outputs: NodeOutputs } {
    const outputs = new NodeOutputs()
    const set = new WatchSet<'stream', Level>({
      kind: 'stream',
      owner: id,
      state: this.state,
      listener: outputs,
      create: (target, settings, before) => this.#create(target, settings, before),
      ...(context === undefined ? {} : { context }),
    })
    return { set, outputs }
  }

  #create(target: StreamTarget, settings: string, before: Watch<'stream', Level> | null): Watch<'stream', Level> {
    if (this.error) {
      const { error } = this
      this.error = null
      throw error
    }
    const probe = new SlowProbe(target, before)
    probe.quick = this.quick
    this.probes.push(probe)
    const { watch } = watchOf({
      target: target.name,
      labels: target.labels,
      interval: target.interval,
      probe,
      settings,
      ...(before ? { expectation: before.expectation } : {}),
    })
    watch.detach()
    return watch
  }

  /** The names of what runs now, one for each process. */
  get running(): string[] {
    return this.probes.filter(({ running }) => running).map(({ target }) => target.name)
  }

  get watched(): string[] {
    return this.state.directory.list('stream').map(({ name }) => name)
  }

  /** The newest probe of a target. */
  probe(name: string): SlowProbe {
    const probe = this.probes.findLast(({ target }) => target.name === name)
    if (!probe) throw new Error(`${name} was never watched`)
    return probe
  }
}

/** A watch message for a stream. */
export function watch(name: string, more: Record<string, unknown> = {}, owner?: string): WatchCommand {
  const target = { name, url: `rtmp://relay.example/live/${name}`, ...more }
  return owner === undefined
    ? { action: 'watch', kind: 'stream', target }
    : { action: 'watch', kind: 'stream', owner, target }
}

/** A dialog's stream. */
export function stream(name: string, more: Record<string, unknown> = {}): StreamTarget {
  return parseTarget(KINDS.stream, watch(name, more).target)
}

/** Lets what has been promised go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
