import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Fault } from '../../app/demo/web-presenter/faults.ts'
import { withPolled } from '../encoder/web-presenter.ts'
import { until } from '../fixtures/wait.ts'

const FAULTS: readonly Fault['fault'][] = [
  ...['cut', 'malformed', 'wrong-type', 'half-open', 'unknown-status', 'nack', 'partial', 'oversized', 'none'],
] as const satisfies readonly Fault['fault'][]

describe('An encoder with one fault after another', { concurrency: true }, () => {
  for (const protocol of ['rest', 'ethernet'] as const) {
    it(`leaves nothing open after 1000 of them, and rejects nothing unheard (${protocol})`, () =>
      withPolled(protocol, async (polled) => {
        const rejections: unknown[] = []
        const note = (reason: unknown) => rejections.push(reason)
        process.on('unhandledRejection', note)
        const resources = () => process.getActiveResourcesInfo().filter((name) => name !== 'TCPServerWrap').length
        await polled.onAir()
        assert.equal(await polled.word(), 'streaming')
        const words = new Set<string>()
        const seen = new Map<string, number>()
        for (let index = 0; index < 1000; index++) {
          const fault = FAULTS[index % FAULTS.length] ?? 'none'
          if (fault !== 'slow' && fault !== 'status') polled.simulator.fail({ fault })
          words.add(await polled.word())
          if (index % 100 === 99) seen.set(String(index), resources())
        }
        polled.simulator.fail({ fault: 'none' })
        assert.equal(await polled.word(), 'streaming')
        assert.ok(words.size >= 3, [...words].join())
        await until(() => polled.simulator.connections <= 1, 2, 'the connections are gone')
        // The other protocol's test runs beside this one, and so do timers that are about to end.
        assert.ok((seen.get('999') ?? 0) < (seen.get('99') ?? 0) + 20, JSON.stringify([...seen]))
        process.off('unhandledRejection', note)
        assert.deepEqual(rejections, [])
      }))
  }
})
