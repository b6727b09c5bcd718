import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Batches } from '../../src/nodes/targets/targets.ts'
import { until } from '../fixtures/wait.ts'

describe('a long list of messages', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

  it('is sent in order, a few at a time, with turns for others in between', async () => {
    const sent: number[] = []
    let isDone = false
    new Batches<number>((item) => sent.push(item)).send(numbers(1000), () => {
      isDone = true
    })
    assert.equal(isDone, false)
    let turns = 0
    let most = sent.length
    while (sent.length < 1000) {
      const before = sent.length
      await turn()
      turns += 1
      most = Math.max(most, sent.length - before)
    }
    assert.deepEqual(sent, numbers(1000))
    assert.equal(isDone, true)
    assert.ok(most <= 200 && turns >= 5, `${most} in one turn, ${turns} turns`)
  })

  it('is sent at once where it is short', () => {
    const sent: number[] = []
    new Batches<number>((item) => sent.push(item)).send(numbers(20))
    assert.deepEqual(sent, numbers(20))
  })

  it('gives way to the next list, and to a stop', async () => {
    const sent: string[] = []
    const batches = new Batches<string>((item) => sent.push(item))
    batches.send(numbers(200).map((index) => `old ${index}`))
    batches.send(numbers(200).map((index) => `new ${index}`))
    await until(
      () => sent.includes('new 199'),
      5,
      () => `only ${sent.length} were sent`,
    )
    assert.ok(sent.filter((item) => item.startsWith('old')).length <= 100)
    sent.length = 0
    batches.send(numbers(200).map(String))
    batches.stop()
    for (let index = 0; index < 20; index += 1) await turn()
    assert.ok(sent.length <= 100)
  })

  it('goes on after one that cannot be sent', async () => {
    const sent: number[] = []
    const batches = new Batches<number>((item) => {
      if (item === 150) throw new Error('no')
      sent.push(item)
    })
    batches.send(numbers(300))
    await until(
      () => sent.includes(299),
      5,
      () => `only ${sent.length} were sent`,
    )
  })
})
