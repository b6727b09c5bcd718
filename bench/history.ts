import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { HistoryStore } from '../src/history/store.ts'
import { KINDS } from '../src/kinds/kinds.ts'
import { MonitorState } from '../src/monitor/state.ts'
import { measurements, observation } from '../test/metrics/observations.ts'
import type { Section } from './section.ts'

/** Milliseconds for which Node-RED's loop may wait for the history. */
const GOAL = 20

interface Cost {
  streams: number
  /** Of one core, in percent: of the whole process with its threads, and of its loop alone. */
  cpu: number
  loop: number
  /** Milliseconds of the longest part that the history does at once. */
  longest: number
  /** Longest delay of the loop, in milliseconds: with what the machine does beside. */
  delay: number
  bytes: number
}

/** Observations of streams that are made, one a second each, and what it costs to keep them. */
export async function history(counts: readonly number[], seconds: number): Promise<Section> {
  const costs: Cost[] = []
  for (const count of counts) costs.push(await costOf(count, seconds))
  const longest = Math.max(...costs.map((cost) => cost.longest))
  return {
    title: 'History',
    how: `Streams whose observations are made, one a second each with numbers that vary, for ${seconds} s; what is written lies in the temporary folder. The part "at once" is the write of all slices after each ten seconds, in Node-RED's process; the rest is in the thread.`,
    header: [
      'streams',
      'CPU %',
      'of the loop %',
      'longest at once ms',
      'longest delay ms',
      'bytes per stream and second, not packed yet',
    ],
    rows: costs.map((cost) => [
      ...[`${cost.streams}`, cost.cpu.toFixed(1), cost.loop.toFixed(1), cost.longest.toFixed(1), cost.delay.toFixed(1)],
      (cost.bytes / cost.streams / seconds).toFixed(1),
    ]),
    goals: [
      { what: `never longer than ${GOAL} ms at once`, measured: `${longest.toFixed(1)} ms`, reached: longest < GOAL },
    ],
  }
}

async function costOf(count: number, seconds: number): Promise<Cost> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hmonitor-history-'))
  const state = new MonitorState('bench', KINDS)
  const own = new HistoryStore({
    path: path.join(folder, 'history.db'),
    bounds: { days: 31, megabytes: 2000 },
    damaged: ({ what }) => console.error(what),
  })
  const names = Array.from({ length: count }, (_, index) => `stream ${index}`)
  for (const name of names) state.directory.enter('stream', name, 'bench', 1)
  const made = names.map((target) => observation({ target }))
  let longest = 0
  let loop = 0
  const timed = (work: () => void) => {
    const began = performance.now()
    work()
    const took = performance.now() - began
    loop += took
    return took
  }
  state.history.open(own)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const before = process.cpuUsage()
  for (let second = 0; second < seconds; second++) {
    const began = performance.now()
    for (const one of made) {
      const last1s = { ...one.measurements.last1s, videoBytesPerSecond: 5e5 * (0.85 + 0.3 * Math.random()) }
      const next = { ...one, measurements: measurements({ last1s, drift: 0.05 * Math.random() }) }
      timed(() => state.newest.put(next))
    }
    // As its timer does it, so that it can be measured.
    if (second % 10 === 9)
      longest = Math.max(
        longest,
        timed(() => state.history.write()),
      )
    await sleep(Math.max(0, 1000 - (performance.now() - began)))
  }
  const { user, system } = process.cpuUsage(before)
  delay.disable()
  state.history.close()
  await own.settled(60_000)
  await own.close()
  const { size } = statSync(path.join(folder, 'history.db'))
  rmSync(folder, { recursive: true, force: true })
  const share = (milliseconds: number) => milliseconds / seconds / 10
  return {
    ...{ streams: count, longest, delay: delay.max / 1e6, bytes: size },
    ...{ cpu: share((user + system) / 1000), loop: share(loop) },
  }
}
