/** Ten minutes without OpenSearch while faults happen: `npm run test:elk`. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { makeFolder } from '../app/monitor-process.ts'
import { until } from '../fixtures/wait.ts'
import { DemoMonitor } from './demo-monitor.ts'
import { Engine } from './engine.ts'
import { assertWhole, create, found, sequencesIn, setUp } from './in-index.ts'

/** Milliseconds in which it takes connections and answers nothing, and then in which it is not there. */
const FROZEN = 300_000
const GONE = 300_000
/** Milliseconds between two faults. */
const FAULT_EVERY = 20_000
/** Seconds: the shipper tries again within a minute. */
const WITHIN = 600

const FAULTS = [
  'remove the audio',
  'stop the publisher',
  'narrow the uplink',
  'silence Vimeo',
  'back to normal',
] as const

describe('ten minutes without OpenSearch', () => {
  const folder = makeFolder()
  let engine: Engine
  let monitor: DemoMonitor
  before(async () => {
    engine = await Engine.make()
    await engine.start()
    await setUp(engine)
    monitor = await DemoMonitor.start(folder, { ELASTICSEARCH_URL: engine.url })
  })
  after(async () => {
    await monitor?.process.end()
    await engine.remove()
    folder.remove()
  })

  let pressed = 0
  async function faultsFor(milliseconds: number): Promise<void> {
    for (const end = performance.now() + milliseconds; performance.now() < end; pressed += 1) {
      await monitor.press(FAULTS[pressed % FAULTS.length] ?? 'back to normal')
      await pause(FAULT_EVERY)
    }
  }

  it('lose no line of the faults meanwhile, and bring none twice', async (test) => {
    await until(async () => (await found(engine, 'hmonitor.to:ok')) > 0, WITHIN, 'the first lines are there')
    engine.freeze()
    const before = monitor.lines().length
    await faultsFor(FROZEN)
    assert.match(await monitor.health(), /log-shipping-stuck/)
    await engine.kill()
    await faultsFor(GONE)
    const meanwhile = monitor.lines().length - before
    assert.ok(meanwhile > 50, `${meanwhile} lines were written meanwhile`)
    await engine.start()
    let all: string[] = []
    const areAll = async () => {
      const places = await sequencesIn(engine)
      all = monitor.lines()
      return [...places.values()].flat().length >= all.length
    }
    const took = await until(areAll, WITHIN, () => `${all.length} lines are there`)
    for (const places of (await sequencesIn(engine)).values()) assertWhole(places)
    assert.doesNotMatch(await monitor.metrics(), /log_shipping_lines_total\{[^}]*"(?:rejected|lost)"[^}]*\} [1-9]/)
    assert.deepEqual(await create(engine, all), { 409: all.length })
    test.diagnostic(`${pressed} faults, ${meanwhile} lines meanwhile; all there ${took.toFixed(0)} s after it was back`)
  })
})
