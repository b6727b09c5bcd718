import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { Poller } from '../../src/polling/poller.ts'
import { mockedClock, mockTime, pass, START } from '../monitor/fixtures.ts'

/** Seconds at which polls began, and what ends the one that runs. */
const begun: number[] = []
let finish: (() => void)[] = []
let signals: AbortSignal[] = []
let poller: Poller

function make(interval: number, limit = 5): void {
  poller = new Poller({
    name: 'gateway',
    interval,
    limit,
    clock: mockedClock,
    poll: (signal) => {
      begun.push((Date.now() - START) / 1000)
      signals.push(signal)
      return new Promise((resolve) => {
        finish.push(resolve)
        signal.addEventListener('abort', () => resolve())
      })
    },
  })
}

async function end(): Promise<void> {
  for (const one of finish) one()
  finish = []
  // Lets what waits for the poll go on.
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

describe('poller', () => {
  beforeEach(() => {
    begun.length = 0
    finish = []
    signals = []
    mockTime()
  })
  afterEach(async () => {
    await poller.stop()
    mock.timers.reset()
  })

  it('polls within a second of its start, and then once an interval', async () => {
    make(5)
    poller.start()
    for (let second = 0; second < 16; second += 1) {
      pass(1)
      await end()
    }
    assert.ok((begun[0] ?? 9) <= 1, `first after ${begun[0]} s`)
    const steps = begun.slice(1).map((at, index) => Math.round(at - (begun[index] ?? 0)))
    assert.deepEqual(steps, [5, 5, 5])
  })

  it('never polls twice at the same time', async () => {
    make(1, 10)
    poller.start()
    pass(4)
    assert.equal(begun.length, 1)
    await end()
    pass(1.1)
    assert.equal(begun.length, 2)
  })

  it('goes on although a turn throws before it has armed the next one', async () => {
    make(5)
    poller.start()
    pass(1)
    await end()
    assert.equal(begun.length, 1)
    const broken = mock.method(mockedClock, 'monotonic', () => {
      throw new Error('broken')
    })
    pass(12)
    assert.ok(broken.mock.callCount() >= 2, 'each turn is tried')
    assert.equal(begun.length, 1)
    broken.mock.restore()
    pass(6)
    await end()
    assert.equal(begun.length, 2)
  })

  it('aborts a poll that takes longer than its limit', () => {
    make(5, 2)
    poller.start()
    pass(1.9)
    assert.equal(signals[0]?.aborted, false)
    pass(1.2)
    assert.equal(signals[0]?.aborted, true)
  })

  it('goes on without a poll that heeds no signal', async () => {
    poller = new Poller({
      name: 'gateway',
      interval: 5,
      limit: 2,
      clock: mockedClock,
      poll: () => {
        begun.push((Date.now() - START) / 1000)
        return new Promise(() => undefined)
      },
    })
    poller.start()
    for (let second = 0; second < 30; second += 1) {
      pass(1)
      await end()
    }
    assert.ok(begun.length >= 3, `${begun.length} polls`)
  })

  it('polls at once when asked, or takes part in the poll that runs', async () => {
    make(60)
    poller.start()
    pass(1.1)
    assert.equal(begun.length, 1)
    const both = Promise.all([poller.refresh(), poller.refresh()])
    await end()
    await both
    assert.equal(begun.length, 1)
    const again = poller.refresh()
    assert.equal(begun.length, 2)
    await end()
    await again
  })

  it('takes a shorter interval up at once and a longer one with the next turn', async () => {
    make(60)
    poller.start()
    pass(1.1)
    await end()
    poller.setInterval(5)
    pass(5.1)
    await end()
    assert.equal(begun.length, 2)
    poller.setInterval(60)
    pass(6)
    await end()
    pass(50)
    assert.equal(begun.length, 3)
  })

  it('ends the poll that runs, and polls no more, when it is stopped', async () => {
    make(1)
    poller.start()
    pass(1.1)
    const stopped = poller.stop()
    assert.equal(signals[0]?.aborted, true)
    await stopped
    pass(5)
    await poller.refresh()
    assert.equal(begun.length, 1)
  })
})
