/** A few of what `npm run fuzz` plays a million of. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { playHostileServer } from './hostile-server.ts'

const INPUTS = 6000

it(`${INPUTS} inputs of a hostile server neither throw, nor hang, nor grow`, () => {
  playHostileServer(500)
  const before = process.memoryUsage().heapUsed
  const { media, answers, slowest } = playHostileServer(INPUTS)
  assert.ok(media > INPUTS && answers > INPUTS, `${media} messages, ${answers} answers`)
  // 100 inputs take some 20 ms.
  assert.ok(slowest < 5000, `${slowest} ms for 100 inputs`)
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20
  assert.ok(grown < 200, `${grown} MB`)
})
