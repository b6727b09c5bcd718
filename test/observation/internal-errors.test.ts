import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { guarded, internalErrors, internalErrorsSeen, onInternalError } from '../../src/observation/internal-errors.ts'

let place = ''
let turn = 0
let told: { place: string; message: string; count: number }[] = []
let stopListening = () => {}

const errorsHere = () => internalErrors().find((errors) => errors.place === place)

beforeEach(() => {
  turn += 1
  place = `test ${turn}`
  told = []
  stopListening = onInternalError((at, error, count) => told.push({ place: at, message: String(error), count }))
})
afterEach(() => stopListening())

describe('work that nobody waits for', () => {
  it('is done with what it is given', () => {
    const seen: unknown[] = []
    guarded(place, (...given: unknown[]) => seen.push(given))(1, 'two')
    assert.deepEqual(seen, [[1, 'two']])
    assert.equal(errorsHere(), undefined)
  })

  it('throws to nobody: it is told with its place, and counted', () => {
    guarded(place, () => {
      throw new TypeError('broken')
    })()
    assert.deepEqual(told, [{ place, message: 'TypeError: broken', count: 1 }])
    assert.equal(errorsHere()?.count, 1)
  })

  it('rejects to nobody', async () => {
    guarded(place, async () => {
      throw new Error('broken later')
    })()
    await new Promise(setImmediate)
    assert.deepEqual(told, [{ place, message: 'Error: broken later', count: 1 }])
  })

  it('is told that it failed, so that it has a next turn', async () => {
    let recovered = 0
    const recover = () => {
      recovered += 1
    }
    guarded(place, () => {}, recover)()
    guarded(place, () => Promise.resolve(), recover)()
    await new Promise(setImmediate)
    assert.equal(recovered, 0)
    guarded(
      place,
      () => {
        throw new Error('broken')
      },
      recover,
    )()
    guarded(place, () => Promise.reject(new Error('broken later')), recover)()
    await new Promise(setImmediate)
    assert.equal(recovered, 2)
  })

  it('may fail at getting over its failure as well: both are counted', () => {
    const broken = () => {
      throw new Error('broken')
    }
    guarded(place, broken, broken)()
    assert.equal(errorsHere()?.count, 2)
  })

  it('may throw what is no error', () => {
    guarded(place, () => {
      throw undefined
    })()
    assert.equal(errorsHere()?.count, 1)
  })

  it('is told of at most once a minute, and counted each time', () => {
    const broken = guarded(place, () => {
      throw new Error('broken')
    })
    for (let turn = 0; turn < 100; turn++) broken()
    assert.equal(told.length, 1)
    assert.equal(errorsHere()?.count, 100)
  })

  it('is told of again after a minute', (t) => {
    let now = performance.now()
    t.mock.method(performance, 'now', () => now)
    const broken = guarded(place, () => {
      throw new Error('broken')
    })
    broken()
    now += 59_000
    broken()
    now += 1_001
    broken()
    assert.deepEqual(
      told.map(({ count }) => count),
      [1, 3],
    )
  })

  it('is counted although who listens is broken as well', () => {
    const stop = onInternalError(() => {
      throw new Error('the log is broken')
    })
    guarded(place, () => {
      throw new Error('broken')
    })()
    stop()
    assert.equal(errorsHere()?.count, 1)
  })

  it('stands as unseen from its first failure until somebody has seen it, and again from the next one', () => {
    const broken = guarded(place, () => {
      throw new Error('broken')
    })
    const before = Date.now()
    broken()
    const since = errorsHere()?.since ?? 0
    assert.ok(since >= before && since <= Date.now())
    broken()
    assert.equal(errorsHere()?.since, since)
    assert.equal(internalErrorsSeen(place), true)
    assert.equal(errorsHere()?.since, null)
    assert.equal(internalErrorsSeen(place), false)
    broken()
    assert.ok(errorsHere()?.since)
    assert.equal(errorsHere()?.count, 3)
  })

  it('has nothing to be seen at a place that never failed', () => {
    assert.equal(internalErrorsSeen('never'), false)
    assert.equal(internalErrorsSeen('__proto__'), false)
  })
})
