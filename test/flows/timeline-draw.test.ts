import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { root } from '../runtime.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE

interface Drawing {
  from: number
  to: number
  ticksOf(most: number): { time: number; isDay: boolean; text: string; left: number }[]
  chart(
    one: object,
    measure: object,
  ): { usual?: { y: number; height: number; says: string }; range: string; line: string }
  pieces(states: readonly { state: string; from: string; to: string }[]): { state: string }[]
}

/** What the page of the time line draws, without the page. */
function drawing(from: number, to: number): Drawing {
  const source = readFileSync(join(root, 'flows', 'dashboard', 'shared', 'timeline-draw.js'), 'utf8')
  const methods = new Function(`return { ${source} }`)() as object
  const page = { at: to, live: true, cursor: 1000, answer: { step: 10 }, clock: String, span: String, word: String }
  return { ...methods, ...page, from, to } as unknown as Drawing
}

describe('the axis of the time line', () => {
  const zone = process.env.TZ
  before(() => {
    process.env.TZ = 'Europe/Berlin'
  })
  after(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('has times that are round on the clock of the viewer, as many as there is room for', () => {
    const from = Date.parse('2026-07-01T09:58:30Z')
    const lengths = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 180 * MINUTE, DAY / 2, DAY, 3 * DAY, 7 * DAY]
    for (const most of [4, 9]) {
      for (const length of lengths) {
        const ticks = drawing(from, from + length).ticksOf(most)
        assert.ok(ticks.length >= 2 && ticks.length <= most + 1, `${length / MINUTE} min: ${ticks.length} of ${most}`)
      }
    }
    const times = drawing(from, from + 15 * MINUTE)
      .ticksOf(9)
      .map(({ time }) => new Date(time).toISOString().slice(11, 16))
    assert.deepEqual(times, ['10:00', '10:02', '10:04', '10:06', '10:08', '10:10', '10:12'])
  })

  it('begins each day at its own midnight, also behind the night of 25 hours', () => {
    const from = Date.parse('2026-10-22T10:00:00Z')
    const days = drawing(from, from + 7 * DAY).ticksOf(9)
    assert.deepEqual(
      days.map(({ time }) => new Date(time).getHours()),
      days.map(() => 0),
    )
    assert.ok(days.every(({ isDay }) => isDay))
    assert.equal(days.length, 7)
  })
})

describe('a strip with more states than columns', () => {
  it('shows of those in one column the worst, in the order that the other pages have', () => {
    const look = readFileSync(join(root, 'flows', 'dashboard', 'shared', 'look.js'), 'utf8')
    const ranks = new Function(`${look}\nreturn RANKS`)() as string[]
    // That nobody watched is seen where all was well before and after.
    const order = ranks.flatMap((state) => (state === 'ok' ? ['unmeasured', state] : [state]))
    for (const [index, better] of order.entries()) {
      if (index === 0) continue
      const states = Array.from({ length: 2000 }, (_, at) => ({
        ...{ state: order[at % 2 === 0 ? index - 1 : index] ?? '', from: new Date(at * 1000).toISOString() },
        to: new Date((at + 1) * 1000).toISOString(),
      }))
      const shown = new Set(
        drawing(0, 2_000_000)
          .pieces(states)
          .map(({ state }) => state),
      )
      assert.deepEqual([...shown], [order[index - 1]], `${order[index - 1]} and ${better}`)
    }
  })
})

describe('a chart of the time line', () => {
  const points = [0, 1, 2].map((index) => [index * 10_000, 1_000_000, 900_000, 1_100_000, 10])
  const measure = { name: 'videoBytesPerSecond', title: 'Video', unit: 'B/s', points }
  const chart = (more: object) => drawing(0, 30_000).chart({ kind: 'stream', target: 'main' }, { ...measure, ...more })

  it('has what is usual on it, also where what was measured is far from it', () => {
    const { usual, range } = chart({ usual: { low: 4_000_000, high: 5_000_000 } })
    assert.ok(usual)
    assert.equal(usual.says, '32.00 Mb/s to 40.00 Mb/s')
    assert.equal(range, '7.20 Mb/s to 8.80 Mb/s')
    assert.ok(usual.y > 0 && usual.height > 10 && usual.y + usual.height < 63)
  })

  it('does not call less than nothing usual', () => {
    assert.match(chart({ usual: { low: -100_000, high: 2_000_000 } }).usual?.says ?? '', /^0 kb\/s to /)
  })

  it('has none where nothing is known to be usual', () => {
    assert.equal(chart({}).usual, undefined)
  })
})
