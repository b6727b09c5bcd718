import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ThreadPool } from '../../src/threads/thread-pool.ts'
import type { ThreadedTarget } from '../../src/threads/threaded-probe.ts'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { saidBy, threadedProbe } from '../threads/threaded.ts'
import { BUILDS, FIRST_MEDIA } from './watched.ts'

/** Seconds. */
const SOON = 15

/** Open sockets of this process. */
function sockets(): number {
  const files = readdirSync('/proc/self/fd')
  return files.filter((file) => linkOf(file).startsWith('socket:')).length
}

function linkOf(file: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${file}`)
  } catch {
    return ''
  }
}

/** A process of whose command line a text is part. */
function isRunningWith(pid: string, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text)
  } catch {
    return false
  }
}

const systemThreads = () => readdirSync('/proc/self/task').length

describe('streams that are read in a thread', () => {
  let server: NginxRtmp
  let publisher: Publisher
  before(async () => {
    server = await startNginxRtmp()
    publisher = await startPublisher(server.url('live/x'), { gop: 1 })
  })
  after(async () => {
    await publisher?.kill()
    await server?.stop()
  })

  /** @param script what the thread runs, where that is more than to read */
  const reading = (script?: URL) => {
    const pool = new ThreadPool(script && { script })
    const begin = (target: Partial<ThreadedTarget> = {}) => {
      const probe = threadedProbe({ url: server.url('live/x'), ...target }, { threads: pool, ffprobe: BUILDS.static })
      const changes: string[] = []
      const events: string[] = []
      probe.start({
        changed: () => changes.push(saidBy(probe)),
        happened: (event) => events.push(event.event === 'session' ? event.to : event.event),
      })
      const untilSaid = (what: string, seconds = FIRST_MEDIA) =>
        until(
          () => saidBy(probe).startsWith(what),
          seconds,
          () => `${what}: ${changes.join(', ')}`,
        )
      return { probe, changes, events, untilSaid }
    }
    return { pool, begin }
  }

  for (const reader of ['auto', 'ffprobe'] as const) {
    it(`are present, measured and inspected, and absent when their publisher goes: ${reader}`, async () => {
      const { pool, begin } = reading()
      const own = await startPublisher(server.url('live/own'), { gop: 1 })
      const { probe, events, untilSaid } = begin({ url: server.url('live/own'), reader })
      try {
        await untilSaid('present')
        await until(() => probe.read().measurements.parameters !== null, 20, 'it is inspected')
        await until(() => probe.read().measurements.last1s.framesPerSecond !== null, 10, 'it is measured')
        const { lastPacketAge, parameters } = probe.read().measurements
        assert.equal(parameters?.video[0]?.codec, 'h264')
        assert.ok(lastPacketAge !== null && lastPacketAge < 2, `${lastPacketAge}`)
        const answer = await probe.keyFrame(AbortSignal.timeout(10_000))
        assert.ok('recording' in answer, JSON.stringify(answer))
        // Matroska, of a second connection, begins with the mark of EBML.
        const mark = reader === 'ffprobe' ? '\x1aE\xdf' : 'FLV'
        assert.equal(Buffer.from(answer.recording).toString('latin1', 0, 3), mark)
        await own.kill()
        await untilSaid('absent', 4)
        if (reader === 'auto') assert.deepEqual(events, ['ended'])
      } finally {
        await probe.stop()
        await pool.end()
        await own.kill()
      }
    })
  }

  it('are measured while nothing runs here, and what was measured is there at once', async () => {
    const { pool, begin } = reading()
    const { probe, untilSaid } = begin({ reader: 'auto' })
    try {
      await untilSaid('present')
      const packets = () => probe.read().measurements.total.video.packets
      const before = packets()
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000)
      assert.equal(saidBy(probe), 'present')
      const read = packets() - before
      assert.ok(read > 60, `${read} of 120 packets`)
    } finally {
      await probe.stop()
      await pool.end()
    }
  })

  it('are unknown while their thread is late, and never said to stall', async () => {
    const { pool, begin } = reading(new URL('./late-thread.child.ts', import.meta.url))
    const { probe, changes, untilSaid } = begin({ reader: 'auto' })
    try {
      await untilSaid('present', 11)
      await untilSaid('unknown loop-late', 15)
      assert.equal(probe.read().measurements.up, null)
      await untilSaid('present', 10)
      assert.deepEqual(
        changes.filter((said) => said.startsWith('absent')),
        [],
      )
    } finally {
      await probe.stop()
      await pool.end()
    }
  })

  it('are unknown when their thread dies, present again in the next one, and their totals never go back', async () => {
    const { pool, begin } = reading(new URL('./dying-thread.child.ts', import.meta.url))
    const started = [
      begin({ reader: 'auto' }),
      begin({ reader: 'ffprobe' }),
      begin({ name: 'seen', reader: 'auto', checks: 'content' }),
    ]
    const programs = () =>
      processesOf(process.pid).filter(({ command }) => /^\S*(ffprobe|ffmpeg -nostdin) /.test(command))
    try {
      for (const { untilSaid } of started) await untilSaid('present', 18)
      const judges = () => programs().some(({ command }) => command.includes('ffmpeg'))
      await until(judges, 10, 'the content of one is judged')
      const orphans = programs()
      assert.ok(orphans.some(({ command }) => command.includes('ffprobe')))
      const packets = () => started.map(({ probe }) => probe.read().measurements.total.video.packets)
      let before = packets()
      const isGoingUp = () => {
        const now = packets()
        assert.ok(
          now.every((count, index) => count >= (before[index] ?? 0)),
          `${now} after ${before}`,
        )
        before = now
      }
      const untilAll = (what: string) =>
        until(
          () => {
            isGoingUp()
            return started.every(({ probe }) => saidBy(probe) === what)
          },
          30,
          () => `${what}: ${started.map(({ changes }) => changes.join()).join(' / ')}`,
        )
      await untilAll('unknown crashed')
      await until(() => !programs().some(({ pid }) => orphans.some((orphan) => orphan.pid === pid)), 2, 'no orphan')
      const atDeath = packets()
      await untilAll('present')
      await until(() => packets().every((count, index) => count > (atDeath[index] ?? 0)), 10, 'they count on')
      await until(judges, 10, 'the content is judged again')
    } finally {
      await Promise.all(started.map(({ probe }) => probe.stop()))
      await pool.end()
    }
    assert.deepEqual(programs(), [])
  })

  it('leave no thread, no socket and no program, a hundred times', async () => {
    const { pool, begin } = reading()
    const first = begin({ reader: 'auto' })
    await first.untilSaid('present')
    const [threads, open] = [systemThreads(), sockets()]
    const held: number[] = []
    for (let turn = 0; turn < 100; turn++) {
      const { probe, changes } = begin({ name: `turn-${turn}`, reader: 'auto' })
      if (turn % 10 === 0) await until(() => changes.includes('present'), SOON, `turn ${turn} is present`)
      await probe.stop()
      if (turn % 10 === 9) held.push(process.memoryUsage().rss / 1e6)
    }
    assert.equal(pool.size, 1)
    assert.equal(saidBy(first.probe), 'present')
    await until(() => systemThreads() <= threads && sockets() <= open, SOON, 'no more threads and sockets than before')
    const grown = (held.at(-1) ?? 0) - (held[2] ?? 0)
    assert.ok(grown < 30, `${grown.toFixed(0)} MB more: ${held.map((one) => one.toFixed(0))}`)
    await first.probe.stop()
    await until(() => pool.size === 0, SOON, 'the thread ends')
    await until(() => systemThreads() < threads, SOON, 'it is gone')
    assert.deepEqual(
      processesOf(process.pid).filter(({ command }) => command.includes('ffprobe')),
      [],
    )
  })

  for (const [how, end] of [
    ['exits', (monitor: OwnedProcess) => process.kill(monitor.pid, 'SIGUSR2')],
    ['is ended by SIGTERM', (monitor: OwnedProcess) => process.kill(monitor.pid, 'SIGTERM')],
    ['is killed', (monitor: OwnedProcess) => process.kill(monitor.pid, 'SIGKILL')],
  ] as const) {
    it(`end with their programs when the process ${how}`, async () => {
      const url = server.url(`live/x?threaded-${how.replaceAll(' ', '-')}`)
      const child = fileURLToPath(new URL('./threaded.child.ts', import.meta.url))
      const monitor = await startProcess(process.execPath, [child, url], { install: 'npm ci' })
      const programs = () =>
        readdirSync('/proc').filter((pid) => pid !== String(monitor.pid) && isRunningWith(pid, url))
      try {
        await until(
          () => monitor.output().includes('present'),
          40,
          () => `the stream is watched: ${monitor.output()}`,
        )
        assert.ok(programs().length > 0)
        end(monitor)
        await monitor.exited
        await until(() => programs().length === 0, 3, 'no ffprobe is left')
      } finally {
        await monitor.kill()
      }
    })
  }
})
