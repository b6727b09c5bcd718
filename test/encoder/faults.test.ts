import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Fault } from '../../app/demo/web-presenter/faults.ts'
import { type Polled, withPolled } from './web-presenter.ts'

/** What a monitor must say of each fault: silence is absence, and an answer without sense is not knowing. */
const REST_FAULTS: [Fault, string][] = [
  [{ fault: 'slow', seconds: 0.01 }, 'streaming'],
  [{ fault: 'slow', seconds: 5 }, 'absent: timeout'],
  [{ fault: 'hang' }, 'absent: timeout'],
  [{ fault: 'half-open' }, 'absent: refused'],
  [{ fault: 'cut' }, 'unknown: bad-answer'],
  [{ fault: 'malformed' }, 'unknown: bad-answer'],
  [{ fault: 'wrong-type' }, 'unknown: bad-answer'],
  [{ fault: 'missing-field' }, 'unknown: bad-answer'],
  [{ fault: 'unknown-status' }, 'unknown: bad-answer'],
  [{ fault: 'oversized' }, 'unknown: bad-answer'],
  [{ fault: 'status', code: 401 }, 'unknown: not-allowed'],
  [{ fault: 'status', code: 403 }, 'unknown: not-allowed'],
  [{ fault: 'status', code: 404 }, 'unknown: no-livestreams'],
  [{ fault: 'status', code: 501 }, 'unknown: no-livestreams'],
  [{ fault: 'status', code: 500 }, 'unknown: bad-answer'],
  [{ fault: 'status', code: 503 }, 'unknown: bad-answer'],
  [{ fault: 'status', code: 302 }, 'unknown: bad-answer'],
  [{ fault: 'status', code: 204 }, 'unknown: bad-answer'],
]

/** The same of the text protocol, on a connection that was well before. */
const TEXT_FAULTS: [Fault, string][] = [
  [{ fault: 'slow', seconds: 0.01 }, 'streaming'],
  [{ fault: 'slow', seconds: 5 }, 'absent: timeout'],
  [{ fault: 'hang' }, 'absent: timeout'],
  [{ fault: 'half-open' }, 'absent: timeout'],
  [{ fault: 'cut' }, 'unknown: bad-answer'],
  [{ fault: 'malformed' }, 'unknown: bad-answer'],
  [{ fault: 'wrong-type' }, 'unknown: bad-answer'],
  [{ fault: 'unknown-status' }, 'unknown: bad-answer'],
  [{ fault: 'oversized' }, 'unknown: bad-answer'],
  // It still greets.
  [{ fault: 'nack' }, 'streaming'],
  // A block tells what has changed; what it leaves out is as it was.
  [{ fault: 'partial' }, 'streaming'],
  [{ fault: 'missing-field' }, 'streaming'],
]

/** And of a device that has the fault when it is first connected. */
const GREETING_FAULTS: [Fault, string][] = [
  [{ fault: 'hang' }, 'absent: timeout'],
  [{ fault: 'half-open' }, 'absent: refused'],
  [{ fault: 'cut' }, 'unknown: bad-answer'],
  [{ fault: 'malformed' }, 'unknown: bad-answer'],
  [{ fault: 'wrong-type' }, 'unknown: bad-answer'],
  [{ fault: 'missing-field' }, 'unknown: bad-answer'],
  [{ fault: 'unknown-status' }, 'unknown: bad-answer'],
  [{ fault: 'oversized' }, 'unknown: bad-answer'],
]

/** Through a fault and back. */
async function through(polled: Polled, fault: Fault, word: string): Promise<void> {
  const { simulator } = polled
  simulator.fail(fault)
  assert.equal(await (word === 'absent: timeout' ? polled.wordOfSilence() : polled.word()), word)
  simulator.fail({ fault: 'none' })
  assert.equal(await polled.word(), 'streaming', 'it is well again at the next poll')
}

const titleOf = (fault: Fault) => Object.values(fault).join(' ')

describe('An encoder that is asked by REST', { concurrency: true, timeout: 20_000 }, () => {
  for (const [fault, word] of REST_FAULTS) {
    it(`says "${word}" of the fault "${titleOf(fault)}", and recovers`, () =>
      withPolled('rest', async (polled) => {
        await polled.onAir()
        assert.equal(await polled.word(), 'streaming')
        await through(polled, fault, word)
      }))
  }
})

describe('An encoder that is asked by the text protocol', { concurrency: true, timeout: 20_000 }, () => {
  for (const [fault, word] of TEXT_FAULTS) {
    it(`says "${word}" of the fault "${titleOf(fault)}", and recovers`, () =>
      withPolled('ethernet', async (polled) => {
        await polled.onAir()
        assert.equal(await polled.word(), 'streaming')
        await through(polled, fault, word)
      }))
  }

  for (const [fault, word] of GREETING_FAULTS) {
    it(`says "${word}" of the fault "${titleOf(fault)}" when it connects, and recovers`, () =>
      withPolled('ethernet', async (polled) => {
        await polled.onAir()
        await through(polled, fault, word)
      }))
  }
})

describe('An encoder that goes away', () => {
  it('is asked on a new connection within the same poll where the kept one was lost on the way', () =>
    withPolled('ethernet', async (polled) => {
      await polled.onAir()
      assert.equal(await polled.word(), 'streaming')
      polled.simulator.loseConnections()
      assert.equal(await polled.word(), 'streaming')
      assert.equal(await polled.word(), 'streaming')
    }))

  for (const protocol of ['rest', 'ethernet'] as const) {
    it(`is refused while it is off, and is found when it comes back (${protocol})`, () =>
      withPolled(protocol, async (polled) => {
        await polled.onAir()
        assert.equal(await polled.word(), 'streaming')
        await polled.simulator.switchOff()
        assert.match(await polled.word(), /refused|bad-answer/)
        assert.equal(await polled.word(), 'absent: refused')
        await polled.simulator.switchOn()
        assert.equal(await polled.word(), 'streaming')
      }))
  }
})
