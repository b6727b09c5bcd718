/**
 * What a hostile server may send, a million times over: nothing may throw, hang or grow.
 *
 *   npm run fuzz                     a million inputs
 *   npm run fuzz -- 5000 1234567     5000, from number 1234567 on
 *
 * Prints how many were played, how long they took and how much memory there is, ten times. The exit status is 1 where one is
 * not borne (its number is said, and it is the same at each run), where a hundred take longer than a second of processor
 * time, or where memory grows.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { playHostileServer } from '../test/rtmp/hostile-server.ts'

/** MB by which the heap may be larger at the end than after a tenth of the inputs. */
const GROWTH = 8
/** Milliseconds of processor time for a hundred inputs, a hundred times what they usually take. */
const SLOW = 2000
const PARTS = 10

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const [inputs = 1_000_000, first = 0] = process.argv.slice(2).map(Number)
const part = Math.ceil(inputs / PARTS)
const heaps: number[] = []
let slowest = 0
let total = { media: 0, answers: 0 }
const began = performance.now()
for (let played = 0; played < inputs; ) {
  const count = Math.min(part, inputs - played)
  const outcome = playHostileServer(count, first + played)
  played += count
  slowest = Math.max(slowest, outcome.slowest)
  total = { media: total.media + outcome.media, answers: total.answers + outcome.answers }
  collect()
  const { heapUsed, rss, arrayBuffers } = process.memoryUsage()
  heaps.push(heapUsed / 2 ** 20)
  const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`
  console.log(
    [
      `${played} inputs`,
      `${((performance.now() - began) / 1000).toFixed(0)} s`,
      `heap ${megabytes(heapUsed)}, buffers ${megabytes(arrayBuffers)}, resident ${megabytes(rss)}`,
      `slowest hundred ${slowest.toFixed(0)} ms`,
    ].join('; '),
  )
}
const grown = (heaps.at(-1) ?? 0) - (heaps[0] ?? 0)
console.log(
  `${total.media} messages of media and ${total.answers} answers came of them; the heap grew by ${grown.toFixed(1)} MB`,
)
const isFaulty = grown > GROWTH || slowest > SLOW
if (isFaulty) console.error(grown > GROWTH ? 'Memory grows.' : 'Some inputs take too long.')
process.exitCode = isFaulty ? 1 : 0
