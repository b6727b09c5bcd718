/** Writes history as fast as the disk takes it, until somebody kills it. Says after each batch how many are on disk. */
import type { Batch } from '../../src/history/crossing.ts'
import { HistoryStore } from '../../src/history/store.ts'
import { START } from '../history/fixtures.ts'

const TARGETS = 200
const [, , path = ''] = process.argv
const store = new HistoryStore({
  path,
  bounds: { days: 3660, megabytes: 1000 },
  damaged: ({ what }) => console.log(`damaged ${what}`),
})

function batchOf(number: number): Batch {
  const from = START + number * 10_000
  const names = Array.from({ length: TARGETS }, (_, index) => ({ kind: 'stream', target: `s${index}` }) as const)
  return {
    monitor: 'm1',
    slices: names.map((name) => ({ ...name, from, values: JSON.stringify({ drift: [number, 0, 1, 10, 10] }) })),
    states: names.map((name) => ({ ...name, from, to: from + 10_000, state: 'ok', expected: true })),
    entries: [{ type: 'event', of: null, time: from, ended: null, key: `${number}`, content: '{}' }],
  }
}

for (let number = 0; ; number++) {
  store.write(batchOf(number))
  await store.settled(60_000)
  if (store.problem !== null) throw new Error(store.problem.message)
  console.log(`on disk ${number}`)
}
