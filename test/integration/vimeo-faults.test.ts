import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { VimeoFault } from '../../app/demo/vimeo/faults.ts'
import { VimeoSimulator } from '../../app/demo/vimeo/vimeo-simulator.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { VimeoAccount } from '../../src/platform/vimeo-account.ts'
import { VimeoProbe } from '../../src/platform/vimeo-probe.ts'
import { parseApiAddress } from '../../src/platform/vimeo-request.ts'
import { parseTarget } from '../../src/targets/parse-target.ts'
import { until } from '../fixtures/wait.ts'

const FAULTS: VimeoFault[] = [
  { fault: 'cut' },
  { fault: 'reset' },
  { fault: 'malformed' },
  { fault: 'hang' },
  { fault: 'hang-in-body' },
  { fault: 'empty' },
  { fault: 'status', status: 503 },
  { fault: 'status', status: 404 },
]
const PROBES = 25
const ROUNDS = 40

describe('a thousand faults of Vimeo', () => {
  it('leave no connection, no timer and no rejection behind, and then the answer is there', async () => {
    const rejections: unknown[] = []
    const note = (reason: unknown) => rejections.push(reason)
    process.on('unhandledRejection', note)
    const token = 'the-token'
    const simulator = new VimeoSimulator({ token, limit: 1_000_000 })
    const address = parseApiAddress(await simulator.start())
    simulator.add({ id: 1, phase: 'streaming' })
    const clock = { wall: () => Date.now(), monotonic: () => performance.now() / 1000 }
    const limits = { seconds: 0.05 }
    const account = new VimeoAccount({
      clock,
      access: async () => ({ token, address }),
      get timeout() {
        return limits.seconds
      },
    })
    let faults = 0
    const before = process.getActiveResourcesInfo().length
    const probes = Array.from({ length: PROBES }, (_, number) => {
      const context = { clock, account, sending: () => false, eventBegan: () => {}, eventEnded: () => {}, secondTry: 0 }
      const text = { expand: (template: string) => template, redact: (shown: string) => shown }
      return new VimeoProbe(parseTarget(KINDS.platform, { name: `event ${number}`, liveEvent: '1' }), {
        ...context,
        ...text,
      })
    })
    for (const probe of probes) probe.start({ changed: () => {}, happened: () => {} })
    for (let round = 0; round < ROUNDS; round += 1) {
      const fault = FAULTS[round % FAULTS.length] ?? { fault: 'reset' }
      simulator.behave()
      simulator.order(fault)
      limits.seconds = fault.fault.startsWith('hang') ? 0.05 : 10
      await Promise.all(probes.map((probe) => probe.refresh()))
      faults += probes.filter((probe) => probe.read().outcome !== 'present').length
    }
    assert.equal(faults, 1000)
    simulator.behave()
    limits.seconds = 10
    await Promise.all(probes.map((probe) => probe.refresh()))
    for (const probe of probes) assert.equal(probe.read().outcome, 'present')
    await Promise.all(probes.map((probe) => probe.stop()))
    await until(
      () => simulator.connections === 0,
      5,
      () => `${simulator.connections} connections are open`,
    )
    await until(
      () => process.getActiveResourcesInfo().length <= before,
      5,
      () => `${process.getActiveResourcesInfo().join(', ')}`,
    )
    await simulator.stop()
    process.off('unhandledRejection', note)
    assert.deepEqual(rejections, [])
  })
})
