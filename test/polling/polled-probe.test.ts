import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import type { Reading } from '../../src/observation/reading.ts'
import { PolledProbe } from '../../src/polling/polled-probe.ts'
import { LEVEL_HANDOVER, type Level, mockedClock, mockTime, pass } from '../monitor/fixtures.ts'

let probe: PolledProbe<Level>
let changes = 0

function make(poll: (signal: AbortSignal) => Promise<Reading<Level>>): void {
  changes = 0
  probe = new PolledProbe<Level>({
    name: 'gateway',
    interval: 5,
    limit: 2,
    clock: mockedClock,
    initial: { total: 0, level: null, news: [] },
    handover: LEVEL_HANDOVER,
    redact: (text) => text.replaceAll('secret', '***'),
    poll,
  })
  probe.start({ changed: () => (changes += 1), happened: () => undefined })
}

function present(news: string[]): Reading<Level> {
  return { outcome: 'present', measurements: { total: 1, level: 3, news } }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

describe('polled probe', () => {
  beforeEach(() => mockTime())
  afterEach(async () => {
    await probe.stop()
    mock.timers.reset()
  })

  it('knows nothing before the first poll has ended', () => {
    make(async () => present([]))
    const reading = probe.read()
    assert.equal(reading.outcome === 'unknown' && reading.code, 'connecting')
  })

  it('says when it has polled, and hands over once what is handed over once', async () => {
    make(async () => present(['10 ms']))
    await probe.refresh()
    assert.equal(changes, 1)
    assert.deepEqual(probe.read().measurements, { total: 1, level: 3, news: ['10 ms'] })
    assert.deepEqual(probe.read().measurements.news, [])
  })

  it('keeps what nobody has read for the next reading', async () => {
    let count = 0
    make(async () => {
      count += 1
      return present([`${count}`])
    })
    await probe.refresh()
    await probe.refresh()
    assert.deepEqual(probe.read().measurements.news, ['1', '2'])
  })

  it('takes an error that nobody foresaw for ignorance, without secrets', async () => {
    make(async () => {
      throw new Error('secret went wrong')
    })
    await probe.refresh()
    const reading = probe.read()
    assert.deepEqual(reading, {
      outcome: 'unknown',
      code: 'internal',
      message: '*** went wrong',
      measurements: { total: 0, level: null, news: [] },
    })
  })

  it('takes a poll that was cut off at its limit for ignorance', async () => {
    make((signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))))
    const done = probe.refresh()
    pass(2.1)
    await done
    const reading = probe.read()
    assert.equal(reading.outcome === 'unknown' && reading.code, 'late')
  })

  it('does not go on saying that all is well when a poll never ends', async () => {
    let first = true
    make(() => {
      if (!first) return new Promise(() => undefined)
      first = false
      return Promise.resolve(present([]))
    })
    pass(1.1)
    await settle()
    assert.equal(probe.read().outcome, 'present')
    pass(10)
    assert.equal(probe.read().outcome, 'present')
    pass(3)
    await settle()
    const reading = probe.read()
    assert.equal(reading.outcome === 'unknown' && reading.code, 'late')
    assert.equal(reading.measurements.level, null)
    // Ends the test's own poll.
    probe.stop = async () => undefined
  })
})
