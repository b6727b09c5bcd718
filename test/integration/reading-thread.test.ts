import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { internalErrors, onInternalError } from '../../src/observation/internal-errors.ts'
import { ThreadPool, type ThreadPoolOptions } from '../../src/threads/thread-pool.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { countedBefore, saidBy, threadedProbe } from '../threads/threaded.ts'

const script = new URL('./scripted-thread.child.ts', import.meta.url)
const SOON = 20

let pools: ThreadPool[] = []
const poolOf = (options: ThreadPoolOptions = {}) => {
  const pool = new ThreadPool({ script, ...options })
  pools.push(pool)
  return pool
}
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.end()))
  pools = []
})

function start(threads: ThreadPool, url: string, context: Parameters<typeof threadedProbe>[1] = {}) {
  const probe = threadedProbe({ url }, { threads, ...context })
  const said: string[] = []
  probe.start({ changed: () => said.push(saidBy(probe)), happened: () => {} })
  return { probe, said }
}

const untilSaid = ({ said }: ReturnType<typeof start>, wanted: string[]) =>
  until(
    () => wanted.every((one, index) => said[index] === one),
    SOON,
    () => `${wanted}, and not ${said}`,
  )

const countOf = (place: string) => internalErrors().find((errors) => errors.place === place)?.count ?? 0

describe('a thread that reads streams', () => {
  it('reads several, and lets go of each when it is stopped', async () => {
    const pool = poolOf()
    const [one, two] = [start(pool, 'one'), start(pool, 'two')]
    await untilSaid(one, ['absent refused'])
    await untilSaid(two, ['absent refused'])
    assert.equal(pool.size, 1)
    await one.probe.stop()
    const reading = one.probe.read()
    assert.equal(reading.outcome === 'absent' && reading.message, 'stopped', 'its last word counts')
    assert.equal(pool.size, 1)
  })

  for (const [deed, code] of [
    ['exits', 'crashed'],
    ['throws', 'crashed'],
    ['needs too much memory', 'out-of-memory'],
  ] as const) {
    it(`leaves its streams unknown where it ${deed}, is counted, and begins anew with their totals`, async () => {
      const pool = poolOf({ heap: 60 })
      const before = countOf('reading thread')
      const other = start(pool, 'other', { before: countedBefore(41) })
      await untilSaid(other, ['absent refused'])
      const one = start(pool, deed)
      await untilSaid(other, ['absent refused', `unknown ${code}`, 'absent refused'])
      assert.equal(other.probe.read().measurements.total.video.packets, 41)
      assert.ok(countOf('reading thread') > before)
      await one.probe.stop()
    })
  }

  it('says why it ended, without secrets, and when it begins anew: after a pause that grows', async () => {
    const messages: string[] = []
    const one = start(poolOf(), 'throws', { redact: (text) => text.replace('secret-key', '***') })
    await until(
      () => {
        const reading = one.probe.read()
        if (reading.outcome === 'unknown' && reading.code === 'crashed' && reading.message !== messages.at(-1))
          messages.push(reading.message)
        return messages.length >= 2
      },
      SOON,
      'it has ended twice',
    )
    assert.match(messages[0] ?? '', /ended \(thrown with \*\*\* in it\); it begins anew in 1 s\.$/)
    assert.match(messages[1] ?? '', /begins anew in 2 s\.$/)
  })

  it('is ended and begun anew when it hangs', async () => {
    const one = start(poolOf({ silence: 2 }), 'hangs')
    await untilSaid(one, ['absent refused', 'unknown loop-late'])
    const reading = one.probe.read()
    assert.match(reading.outcome === 'unknown' ? reading.message : '', /said nothing for 2 s/)
  })

  it('keeps nobody waiting who stops a stream of it while it hangs', async () => {
    const one = start(poolOf({ silence: 1 }), 'hangs')
    await untilSaid(one, ['absent refused'])
    await one.probe.stop()
  })

  it('takes the programs with it that it has started', async () => {
    const programs = () => processesOf(process.pid).filter(({ command }) => command === 'sleep 61')
    const one = start(poolOf(), 'starts a program and exits')
    await until(() => programs().length === 1, SOON, 'the program runs')
    const [{ pid } = { pid: 0 }] = programs()
    await untilSaid(one, ['absent refused', 'unknown crashed'])
    await until(() => !programs().some((program) => program.pid === pid), 2, 'the program has ended')
  })

  it('leaves nobody waiting for a picture where it ends, or where nobody waits any more', async () => {
    const one = start(poolOf(), 'starts a program and exits')
    await untilSaid(one, ['absent refused'])
    const patience = new AbortController()
    const answers = [one.probe.keyFrame(patience.signal), one.probe.keyFrame(new AbortController().signal)]
    patience.abort()
    for (const answer of await Promise.all(answers)) assert.equal('code' in answer && answer.code, 'no-picture')
    await untilSaid(one, ['absent refused', 'unknown crashed'])
  })

  it('counts and tells here what goes wrong there', async () => {
    const told: string[] = []
    const stop = onInternalError((place, error, count) => told.push(`${place}: ${error} (${count})`))
    const one = start(poolOf(), 'fails')
    await untilSaid(one, ['absent refused'])
    await until(() => countOf('test of a thread') === 7, SOON, 'all are counted')
    stop()
    assert.deepEqual(told, ['test of a thread: Error: Error: it failed (7)'])
  })
})

describe('the threads of a process', () => {
  it('are none until a stream is started', () => {
    const pool = poolOf()
    threadedProbe({}, { threads: pool })
    assert.equal(pool.size, 0)
  })

  it('take the next stream where there are fewest, and are as many as are needed and allowed', async () => {
    const pool = poolOf({ streamsPerThread: 2, most: 2 })
    const loads = () => [pool.choose().load]
    const probes = ['a', 'b', 'c', 'd', 'e'].map((url) => start(pool, url).probe)
    assert.equal(pool.size, 2)
    assert.deepEqual(loads(), [2], 'three are in the other one')
    await Promise.all(probes.map((probe) => probe.stop()))
  })

  it('end when there has been nothing to read for a while', async () => {
    const pool = poolOf()
    const one = start(pool, 'one')
    await untilSaid(one, ['absent refused'])
    await one.probe.stop()
    const again = start(pool, 'again')
    assert.equal(pool.size, 1, 'a stream that is only changed finds its thread')
    await again.probe.stop()
    await until(() => pool.size === 0, SOON, 'no thread is left')
  })
})
