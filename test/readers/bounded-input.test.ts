import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, it } from 'node:test'
import { BoundedInput } from '../../src/readers/bounded-input.ts'
import { until } from '../fixtures/wait.ts'

const message = (size: number, fill = 1) => Buffer.alloc(size, fill)

/** A program that takes what it is given only while it is told to. */
function slowProgram() {
  const taken: Buffer[] = []
  let go: (() => void) | null = null
  let isStopped = false
  const stdin = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _, done) {
      taken.push(chunk)
      if (isStopped) go = () => done()
      else done()
    },
  })
  return {
    stdin,
    taken,
    stop: () => {
      isStopped = true
    },
    goOn: () => {
      isStopped = false
      go?.()
    },
  }
}

describe('the input of a program that nobody waits for', () => {
  it('hands over all that was written, in order, and little of it at a time', async () => {
    const input = new BoundedInput()
    const { stdin, taken } = slowProgram()
    const done = pipeline(input.stream, stdin).catch(() => {})
    for (let at = 0; at < 40; at++) assert.ok(input.write(message(10_000, at), at / 10))
    await until(() => taken.reduce((sum, { length }) => sum + length, 0) === 400_000, 5, 'all of it')
    const all = Buffer.concat(taken)
    for (let at = 0; at < 40; at++) assert.equal(all[at * 10_000], at)
    assert.ok(taken.every(({ length }) => length <= 80_000))
    input.end()
    await done
  })

  it('is given up where the program has taken nothing for more than ten seconds', async () => {
    const input = new BoundedInput()
    const { stdin, taken, stop } = slowProgram()
    const done = pipeline(input.stream, stdin).catch(() => {})
    stop()
    input.write(message(70_000), 0)
    await until(() => taken.length > 0, 5, 'it took something')
    for (let at = 1; at <= 10; at++) assert.ok(input.write(message(100_000), at), `${at} s`)
    assert.equal(input.write(message(100_000), 11.5), false)
    assert.equal(input.write(message(100), 12), false, 'and stays so')
    stdin.destroy()
    await done
  })

  it('is given up before it holds more than a server can keep for a key frame', () => {
    const input = new BoundedInput()
    let written = 0
    while (input.write(message(2 ** 20), 0)) written++
    assert.equal(written, 16)
  })

  it('takes up again with a program that was slow for a while', async () => {
    const input = new BoundedInput()
    const { stdin, taken, stop, goOn } = slowProgram()
    const done = pipeline(input.stream, stdin).catch(() => {})
    stop()
    for (let at = 0; at < 8; at++) assert.ok(input.write(message(100_000), at))
    await until(() => taken.length > 0, 5, 'it took something')
    goOn()
    await until(() => taken.reduce((sum, { length }) => sum + length, 0) === 800_000, 5, 'all of it')
    assert.ok(input.write(message(100_000), 30), 'and nothing old is left')
    input.end()
    await done
  })

  it('takes no more once the program has ended', async () => {
    const input = new BoundedInput()
    const { stdin } = slowProgram()
    const done = pipeline(input.stream, stdin).catch(() => {})
    stdin.destroy()
    await done
    assert.equal(input.write(message(10), 0), false)
  })
})
