/** A thread that does what the address of its streams says, and otherwise says of each that it is absent. */
import { spawn } from 'node:child_process'
import { type MessagePort, workerData } from 'node:worker_threads'
import { systemClock } from '../../src/observation/clock.ts'
import type { Order, Report, SaidReading } from '../../src/threads/crossing.ts'

const { port } = workerData as { port: MessagePort }
const say = (report: Report) => port.postMessage(report)

const DEEDS: Readonly<Record<string, () => void>> = {
  exits: () => process.exit(3),
  throws() {
    setImmediate(() => {
      throw new Error('thrown with secret-key in it')
    })
  },
  'needs too much memory'() {
    const held: object[] = []
    for (;;) held.push({ a: [1, 2, 3], b: { c: held.length } })
  },
  hangs() {
    for (;;);
  },
  fails() {
    const faults = [{ place: 'test of a thread', count: 7, text: 'Error: it failed' }]
    // As it is told again and again.
    for (let turn = 0; turn < 2; turn++) say({ report: 'readings', readings: [], faults })
  },
  'starts a program and exits'() {
    const { pid = 0 } = spawn('sleep', ['61'], { stdio: 'ignore' })
    say({ report: 'program', pid, runs: true })
    setTimeout(() => process.exit(0), 500)
  },
}

port.on('message', ({ order, stream, ...rest }: Order) => {
  const last = (message: string): SaidReading => ({
    ...{ stream, at: systemClock.monotonic(), changed: true },
    reading: { outcome: 'absent', reason: 'refused', message, measurements: beforeOf.get(stream) as never },
  })
  if (order === 'stop') say({ report: 'stopped', stream, last: last('stopped') })
  if (!('how' in rest)) return
  beforeOf.set(stream, rest.before)
  say({ report: 'readings', readings: [last('read')], faults: [] })
  if ('url' in rest.address) DEEDS[rest.address.url]?.()
})
const beforeOf = new Map<number, object>()
