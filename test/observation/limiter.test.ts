import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Limiter } from '../../src/observation/limiter.ts'

/** Tasks that run until they are told to end. */
function tasks(limiter: Limiter) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const run = (name: string, signal?: AbortSignal) =>
    limiter.run(() => {
      begun.push(name)
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
    }, signal)
  return { begun, run, end: (name: string) => ends.get(name)?.() }
}

describe('a limiter', () => {
  it('runs so many at once, and the others in their order', async () => {
    const { begun, run, end } = tasks(new Limiter(2))
    const all = ['a', 'b', 'c', 'd'].map((name) => run(name))
    await setImmediate()
    assert.deepEqual(begun, ['a', 'b'])
    end('b')
    await setImmediate()
    assert.deepEqual(begun, ['a', 'b', 'c'])
    for (const name of ['a', 'c']) end(name)
    await setImmediate()
    end('d')
    assert.deepEqual(await Promise.all(all), ['a', 'b', 'c', 'd'])
  })

  it('gives a place back when a task fails', async () => {
    const limiter = new Limiter(1)
    await assert.rejects(limiter.run(() => Promise.reject(new Error('failed'))))
    await assert.rejects(
      limiter.run(() => {
        throw new Error('failed')
      }),
    )
    assert.equal(await limiter.run(async () => 'next'), 'next')
    assert.equal(limiter.running, 0)
  })

  it('lets one go that waits no more, and keeps the order of the others', async () => {
    const limiter = new Limiter(1)
    const { begun, run, end } = tasks(limiter)
    const giveUp = new AbortController()
    const first = run('first')
    const second = run('second', giveUp.signal)
    const third = run('third')
    giveUp.abort()
    await assert.rejects(second)
    assert.equal(limiter.waiting, 1)
    end('first')
    await first
    await setImmediate()
    assert.deepEqual(begun, ['first', 'third'])
    end('third')
    await third
    assert.equal(limiter.running, 0)
    await assert.rejects(run('late', giveUp.signal))
  })
})
