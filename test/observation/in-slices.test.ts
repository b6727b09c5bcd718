import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InSlices } from '../../src/observation/in-slices.ts'
import { internalErrors } from '../../src/observation/internal-errors.ts'

/** Holds the processor. Milliseconds. */
function hold(time: number): void {
  for (const end = performance.now() + time; performance.now() < end; );
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('work in slices', () => {
  it('lets other work come between its steps, and is done in the end', async () => {
    const order: string[] = []
    function* work() {
      for (let step = 1; step <= 4; step++) {
        hold(12)
        order.push(`step ${step}`)
        yield
      }
    }
    new InSlices('test').begin(work())
    assert.deepEqual(order, ['step 1'])
    setImmediate(() => order.push('other'))
    while (!order.includes('step 4')) await turn()
    assert.ok(order.indexOf('other') < order.indexOf('step 3'), order.join())
  })

  it('does not begin the next before the one before is done, and ends in the middle where it is ended', async () => {
    const done: string[] = []
    function* work(name: string) {
      for (let step = 1; step <= 2; step++) {
        hold(12)
        done.push(`${name} ${step}`)
        yield
      }
    }
    const slices = new InSlices('test')
    slices.begin(work('one'))
    slices.begin(work('two'))
    slices.end()
    for (let turns = 0; turns < 5; turns++) await turn()
    assert.deepEqual(done, ['one 1'])
    slices.begin(work('three'))
    assert.deepEqual(done, ['one 1', 'three 1'])
    slices.end()
  })

  it('ends with what it throws, which is counted at its place, and does the next', async () => {
    let isDone = false
    const slices = new InSlices('slices that throw')
    slices.begin(
      (function* () {
        yield
        throw new Error('broken')
      })(),
    )
    // A busy machine may take a slice for each step.
    for (let turns = 0; turns < 5; turns++) await turn()
    slices.begin(
      (function* () {
        yield
        isDone = true
      })(),
    )
    for (let turns = 0; turns < 5; turns++) await turn()
    assert.equal(isDone, true)
    assert.equal(internalErrors().find(({ place }) => place === 'slices that throw')?.count, 1)
  })
})
