/** A monitor that dies in mid-shipping, with a real OpenSearch: `npm run test:elk`. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type OwnedProcess, startProcess } from '../fixtures/process.ts'
import { until } from '../fixtures/wait.ts'
import { LogFolder } from '../logs/fixtures.ts'
import { Engine } from './engine.ts'
import { assertWhole, sequencesIn, setUp } from './in-index.ts'

/** So many of each start that they fit into one file. */
const EVENTS = 3_000
/** Seconds. */
const WITHIN = 600

describe('a monitor that is killed in mid-shipping', () => {
  const folder = new LogFolder()
  let engine: Engine
  let monitor: OwnedProcess | null = null
  before(async () => {
    engine = await Engine.make()
    await engine.start()
    await setUp(engine)
  })
  after(async () => {
    await monitor?.kill()
    await engine.remove()
    folder.remove()
  })

  async function start(events: number): Promise<OwnedProcess> {
    const file = join(import.meta.dirname, 'feeder.child.ts')
    monitor = await startProcess(process.execPath, [file, `${events}`], {
      install: 'npm ci',
      env: { DATA_DIR: folder.path, ELASTICSEARCH_URL: engine.url },
    })
    return monitor
  }
  /** The last place that stands in the file, by opening. What was killed may have left half a line. */
  function written(): Map<string, number> {
    const ids = folder.lines().flatMap((line) => /"id":"([0-9a-f]+)-(\d+)","sequence":/.exec(line)?.slice(1) ?? [])
    return new Map(ids.flatMap((id, at) => (at % 2 === 0 ? [[id, Number(ids[at + 1])] as const] : [])))
  }
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0)

  it('has every line there once, when it was killed three times and started again', async (test) => {
    let inMidShipping = 0
    for (let time = 1; time <= 3; time += 1) {
      const running = await start(EVENTS)
      const isUnderWay = async () => {
        if (!running.running) throw new Error(`It ended by itself: ${running.output()}`)
        const places = (await sequencesIn(engine)).get([...written().keys()][time - 1] ?? '') ?? []
        return places.length > 0
      }
      await until(isUnderWay, WITHIN, () => `lines of the ${time}. start arrive: ${running.output()}`)
      await running.kill()
      const there = sum([...(await sequencesIn(engine)).values()].map(({ length }) => length))
      const all = sum(written().values())
      if (there < all) inMidShipping++
      test.diagnostic(`killed when ${there} of ${all} lines were there`)
    }
    // Where this process has to wait for its turn, all of one start may be there before it is seen.
    assert.ok(inMidShipping > 0, 'it was killed in mid-shipping')
    await start(0)
    const last = written()
    assert.equal(last.size, 3)
    const areThere = async () => {
      const places = await sequencesIn(engine)
      return [...last].every(([opening, count]) => (places.get(opening)?.length ?? 0) >= count)
    }
    await until(areThere, WITHIN, 'what waited is there')
    const places = await sequencesIn(engine)
    for (const opening of last.keys()) assertWhole(places.get(opening) ?? [])
  })
})
