import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Alerting } from '../src/alerts/alerting.ts'
import { DEFAULT_TIMING } from '../src/alerts/timing.ts'
import { KINDS } from '../src/kinds/kinds.ts'
import type { Links } from '../src/monitor/directory.ts'
import { diagnosisOf } from '../src/monitor/situation.ts'
import { MonitorState } from '../src/monitor/state.ts'
import { SLICE } from '../src/observation/in-slices.ts'
import type { Kind, Observation } from '../src/observation/observation.ts'
import { JsonFile } from '../src/storage/json-file.ts'
import { encoder, host, issue, STREAMS, service } from '../test/diagnosis/situations.ts'
import type { Section } from './section.ts'
import { median } from './statistics.ts'

/** Milliseconds of each second that the alerts of an outage may take, and that other work may wait for them at once. */
const GOAL = 50

/** Milliseconds since the epoch. */
const START = Date.parse('2026-03-01T10:00:00.000Z')

/**
 * All streams fail at once, each with an encoder, a gateway and an ingest of its own that it depends on: what alerts and
 * their diagnosis take of each second.
 *
 * @param seconds that the outage lasts
 */
export async function outage(streams: number, seconds: number): Promise<Section> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hmonitor-outage-'))
  try {
    const { healthy, failed } = ticks(streams, seconds, path.join(folder, 'alerts.json'))
    const [first, ...later] = failed
    if (first === undefined) throw new Error('An outage lasts a second at least')
    const average = mean(later.map(({ total }) => total))
    const row = (what: string, ticks: Tick[]) => {
      const all = ticks.map((tick) => tick.total)
      return [what, ms(median(all)), ms(Math.max(...all)), ms(longestOf(ticks))]
    }
    return {
      title: 'Alerts of an outage',
      how: `${streams} streams that each depend on an encoder, a gateway and an ingest of their own; in one second each of them is down with a critical alert. Processor time of one tick of the alerts, with its diagnosis and with what it writes to disk, and of the longest slice of it, behind which other work has its turn.`,
      header: ['tick', 'median ms', 'longest ms', 'longest slice ms'],
      rows: [row('all is well', healthy), row('the first of the outage', [first]), row('the following', later)],
      goals: [
        { what: `a tick below ${GOAL} ms on average`, measured: `${ms(average)} ms`, reached: average < GOAL },
        {
          what: `no slice above ${GOAL} ms`,
          measured: `${ms(longestOf(failed))} ms`,
          reached: longestOf(failed) <= GOAL,
        },
      ],
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Processor time, in milliseconds. */
interface Tick {
  total: number
  /** Of it, the longest without a pause. */
  longest: number
}

const longestOf = (ticks: readonly Tick[]) => Math.max(...ticks.map(({ longest }) => longest))

function ticks(streams: number, seconds: number, file: string): { healthy: Tick[]; failed: Tick[] } {
  let at = 0
  const clock = { wall: () => START + at * 1000, monotonic: () => at }
  const state = new MonitorState('outage', KINDS, clock)
  const watch = (kind: Kind, name: string, links: Partial<Links>) => state.directory.enter(kind, name, 'node', 1, links)
  for (let index = 0; index < streams; index += 1) {
    const needs = [`encoder ${index}`, `gateway ${index}`, `ingest ${index}`]
    watch('stream', `stream ${index}`, { dependsOn: needs, host: `server-${index % 20}.example` })
    watch('encoder', `encoder ${index}`, { host: `10.0.${index >> 8}.${index & 255}`, dependsOn: [`gateway ${index}`] })
    watch('ping', `gateway ${index}`, { host: `10.1.${index >> 8}.${index & 255}` })
    watch('service', `ingest ${index}`, { host: `server-${index % 20}.example` })
  }
  const alerting = new Alerting({
    mode: { mode: 'none' },
    file: new JsonFile(file),
    book: null,
    timing: DEFAULT_TIMING,
    origin: () => ({ monitor: 'bench', site: 'bench' }),
    judges: () => false,
    targets: () => ({
      graph: state.directory.relations.dependencies,
      seen: ({ kind, name }) => {
        const arrival = state.newest.get(kind as Kind, name)
        return { state: arrival?.observation.state ?? null, measuredAt: arrival === undefined ? null : clock.wall() }
      },
    }),
    diagnose: ({ kind, target }) => diagnosisOf(state, kind, target),
    dashboardUrl: () => null,
    clock,
    send: () => {},
    counters: state.metrics,
    postNow: () => {},
  })
  state.newest.onPut((observation) => alerting.observe(observation))
  const second = (stream: () => Observation) => {
    at += 1
    for (let index = 0; index < streams; index += 1) {
      state.newest.put({ ...stream(), target: `stream ${index}` })
      state.newest.put({ ...encoder('streaming'), target: `encoder ${index}` })
      state.newest.put({ ...host('way', 'up').seen, target: `gateway ${index}` })
      state.newest.put({ ...service(null).seen, target: `ingest ${index}` })
    }
    return inSlices(alerting.steps())
  }
  const healthy = Array.from({ length: 5 }, () => second(STREAMS.unseen))
  const offline = () => ({
    ...STREAMS.ended(),
    issues: [{ ...issue('streamOffline'), since: new Date(clock.wall()).toISOString() }],
  })
  const failed = Array.from({ length: seconds }, () => second(offline))
  return { healthy, failed }
}

/** Does the work with the pauses that it has in Node-RED. */
function inSlices(steps: Iterator<void>): Tick {
  const slices: number[] = []
  let before = process.cpuUsage()
  for (let isOver = false; !isOver; ) {
    isOver = steps.next().done === true
    const { user, system } = process.cpuUsage(before)
    const taken = (user + system) / 1000
    if (!isOver && taken < SLICE) continue
    slices.push(taken)
    before = process.cpuUsage()
  }
  return { total: slices.reduce((sum, slice) => sum + slice, 0), longest: Math.max(...slices) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function ms(milliseconds: number): string {
  return milliseconds.toFixed(1)
}
