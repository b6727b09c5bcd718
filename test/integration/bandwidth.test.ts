/** Real tests over links with a set rate: what is measured must be what was set. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { BandwidthMeasurements } from '../../src/observation/bandwidth.ts'
import type { Reading } from '../../src/observation/reading.ts'
import { makeNetwork, type Network, type NetworkHost } from '../fixtures/network-namespace.ts'
import { until } from '../fixtures/wait.ts'

const CHILD = fileURLToPath(new URL('bandwidth.child.ts', import.meta.url))
const IPERF3 = { install: 'apt-get install iperf3' }

type Case = { protocol: 'iperf3' | 'http'; direction: 'up' | 'down'; megabits: number; delay?: number }

/** Different rates, so that nothing but the link itself can make them come out right. */
const CASES: Case[] = [
  { protocol: 'iperf3', direction: 'up', megabits: 6 },
  { protocol: 'iperf3', direction: 'down', megabits: 20 },
  { protocol: 'http', direction: 'up', megabits: 4 },
  { protocol: 'http', direction: 'down', megabits: 12 },
  { protocol: 'http', direction: 'up', megabits: 10, delay: 0.03 },
]

describe('A bandwidth test over a real link', { concurrency: 3 }, () => {
  let network: Network
  before(async () => {
    network = await makeNetwork()
  })
  after(() => network.remove())

  async function test(url: string, direction: string, seconds: number): Promise<Reading<BandwidthMeasurements>> {
    const { stdout } = await network.monitor.run(process.execPath, CHILD, 'test', url, direction, String(seconds))
    return JSON.parse(stdout)
  }

  async function serve(host: NetworkHost, protocol: Case['protocol']): Promise<string> {
    if (protocol === 'iperf3') {
      await host.start('iperf3', ['--server'], IPERF3)
      return `iperf3://${host.address}`
    }
    await new Promise<void>((resolve, reject) => {
      host.start(process.execPath, [CHILD, 'serve', 'word'], { onOutput: () => resolve() }).catch(reject)
    })
    return `http://site:word@${host.address}:8080/api/v1/bandwidth`
  }

  for (const { protocol, direction, megabits, delay } of CASES) {
    const far = delay === undefined ? '' : ` at ${delay * 2} s round trip`
    it(`measures ${megabits} Mbit/s ${direction} by ${protocol}${far} within 10 %`, async () => {
      const host = await network.addHost(delay === undefined ? {} : { delay })
      const url = await serve(host, protocol)
      // The other direction is slower or faster: it must not be taken for this one.
      const [up, down] = direction === 'up' ? [megabits, 40] : [40, megabits]
      await host.link.limitRate(up * 1e6, down * 1e6)
      const measure = async () => {
        const reading = await test(url, direction, 5)
        assert.equal(reading.outcome, 'present', JSON.stringify(reading))
        return ((reading.measurements.bytesPerSecond ?? 0) * 8) / 1e6
      }
      // A machine that is short of processor sends less than the link would carry, and nothing lets it send more.
      const shares: number[] = []
      const isRight = async () => {
        shares.push((await measure()) / megabits)
        return (shares.at(-1) ?? 0) > 0.9
      }
      await until(isRight, 60, () => `within 10 % of the set rate: ${shares}`)
      assert.ok(Math.max(...shares) < 1.1, `${shares}`)
    })
  }

  for (const protocol of ['iperf3', 'http'] as const) {
    it(`says by ${protocol} that a port is refused, a host silent, or a link cut in the middle of a test`, async () => {
      const host = await network.addHost()
      const port = protocol === 'iperf3' ? 5201 : 8080
      const nothing = await test(`${protocol}://${host.address}:${port}`, 'up', 2)
      assert.equal(nothing.outcome === 'unknown' && nothing.code, 'refused')
      const url = await serve(host, protocol)
      await host.link.limitRate(8e6)
      const running = test(url, 'up', 4)
      // Within the first second, so that nothing gets through in the part that is measured.
      await new Promise((resolve) => setTimeout(resolve, 1000))
      await host.link.blackHole()
      const cut = await running
      assert.equal(cut.outcome === 'unknown' && cut.code, 'timeout', JSON.stringify(cut))
      const silent = await test(url, 'down', 2)
      assert.equal(silent.outcome === 'unknown' && silent.code, 'timeout', JSON.stringify(silent))
    })
  }
})
