/** Three nodes of OpenSearch, of which one is lost: `npm run test:elk`. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { removeMonitor } from '../../src/node-red/monitor-states.ts'
import { until } from '../fixtures/wait.ts'
import { LogFolder, monitorEvent, raised } from '../logs/fixtures.ts'
import { flowOf, TestRuntime } from '../nodes/node-red.ts'
import { Engine } from './engine.ts'
import { assertWhole, sequencesIn, setUp } from './in-index.ts'

const EVENTS = 5_000
/** Seconds. */
const WITHIN = 600

const healthOf = (node: Engine) => node.ask('/_cluster/health')

describe('three nodes of OpenSearch', () => {
  const folder = new LogFolder()
  let nodes: readonly Engine[] = []
  let runtime: TestRuntime
  before(async () => {
    nodes = await Engine.cluster(3)
    await Promise.all(nodes.map((node) => node.start()))
    const [first] = nodes
    assert.ok(first)
    await setUp(first)
    process.env.DATA_DIR = folder.path
    process.env.ELASTICSEARCH_URL = nodes.map(({ url }) => url).join()
    runtime = await TestRuntime.start(flowOf({ id: 'log-1', type: 'hmonitor-log', name: '', ship: 'environment' }))
  })
  afterEach(async () => {
    await runtime.stop()
    await removeMonitor('default')
    delete process.env.DATA_DIR
    delete process.env.ELASTICSEARCH_URL
  })
  after(async () => {
    await Promise.all(nodes.map((node) => node.remove()))
    folder.remove()
  })

  it('have every line once when the one that is asked is lost in mid-shipping, and are whole when it is back', async (test) => {
    const [first, second] = nodes
    assert.ok(first && second)
    const places = async () => [...(await sequencesIn(second)).values()].flat()
    const feed = (count: number) => {
      for (let at = 0; at < count; at += 1) {
        const payload = at % 3 === 0 ? raised() : monitorEvent({ target: `camera-${at % 50}` })
        runtime.receive('log-1', { topic: 'main', payload })
      }
    }
    feed(EVENTS / 2)
    await until(async () => (await places()).length > 0, WITHIN, 'the first lines are there')
    // What is on one node only is lost with it, until the node comes back.
    await until(async () => (await healthOf(second)).status === 'green', WITHIN, 'each of them is on two nodes')
    feed(EVENTS / 2)
    const before = (await places()).length
    await first.kill()
    assert.ok(before < EVENTS, `it was lost in mid-shipping: ${before} of ${EVENTS} lines were there`)
    test.diagnostic(`lost when ${before} of ${EVENTS} lines were there`)
    let there = 0
    const areAll = async () => {
      there = (await places()).length
      return there >= EVENTS
    }
    await until(areAll, WITHIN, () => `${EVENTS} lines are there: ${there}`)
    assertWhole((await places()).sort((one, other) => one - other))
    await first.start()
    const isWhole = async () => {
      const { status, number_of_nodes } = await healthOf(second)
      return status === 'green' && number_of_nodes === 3
    }
    await until(isWhole, WITHIN, 'each line is on two nodes again')
    assertWhole((await places()).sort((one, other) => one - other))
  })
})
