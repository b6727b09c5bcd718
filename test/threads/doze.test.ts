import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Doze } from '../../src/threads/doze.ts'

/** Turns of the event loop within so many milliseconds. */
function turnsWithin(milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds
  return new Promise((resolve) => {
    let turns = 0
    const turn = () => {
      turns++
      if (performance.now() < until) setImmediate(turn)
      else resolve(turns)
    }
    turn()
  })
}

describe('a thread that dozes', () => {
  it('looks at its sockets twenty times a second, and as often as it can again when it has ended', async () => {
    const doze = new Doze()
    doze.begin()
    doze.begin()
    const dozing = await turnsWithin(500)
    doze.end()
    assert.ok(dozing <= 15, `${dozing} turns in 0.5 s`)
    const awake = await turnsWithin(500)
    assert.ok(awake > 2 * dozing, `${awake} turns in 0.5 s`)
  })
})
