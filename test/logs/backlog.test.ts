import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Backlog } from '../../src/logs/backlog.ts'

const backlogOf = (lines: number, bytes: number) => new Backlog({ lines, bytes }, (count) => `<${count}>`)
const all = (backlog: Backlog) => backlog.peek(Number.POSITIVE_INFINITY).piece.toString()

describe('what waits to be written', () => {
  it('keeps its order, and goes when it is written', () => {
    const backlog = backlogOf(10, 100)
    for (const line of ['a', 'b', 'c']) backlog.add(line)
    const { piece, count } = backlog.peek(2)
    assert.deepEqual([piece.toString(), count], ['ab', 2])
    assert.equal(all(backlog), 'abc', 'it waits until it is written')
    backlog.drop(count)
    assert.equal(all(backlog), 'c')
    backlog.drop(1)
    assert.ok(backlog.isEmpty)
  })

  it('gives one line that is larger than what is asked for', () => {
    const backlog = backlogOf(10, 100)
    backlog.add('large')
    backlog.add('x')
    assert.equal(backlog.peek(0).piece.toString(), 'large')
  })

  it('says in the place of what did not fit how much that is, before what fits again', () => {
    const backlog = backlogOf(2, 100)
    for (const line of ['a', 'b', 'c', 'd']) backlog.add(line)
    backlog.drop(1)
    backlog.add('e')
    assert.equal(all(backlog), 'b<2>e')
    assert.equal(backlog.lost, 0)
  })

  it('says so at the end, where nothing else comes', () => {
    const backlog = backlogOf(1, 100)
    backlog.add('a')
    backlog.add('b')
    backlog.drop(1)
    assert.equal(backlog.isEmpty, false)
    assert.equal(all(backlog), '<1>')
  })

  it('counts bytes as they are on the disk, and has room again when they are written', () => {
    const backlog = backlogOf(10, 4)
    backlog.add('äö')
    backlog.add('x')
    assert.equal(backlog.lost, 1)
    backlog.drop(1)
    backlog.add('y')
    assert.equal(backlog.lost, 0)
    assert.equal(all(backlog), '<1>y')
  })
})
