/** What the tests of the network rest on: that the networks they make do what they are told. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { makeNetwork, type Network, type NetworkHost } from '../fixtures/network-namespace.ts'
import { until } from '../fixtures/wait.ts'

const INSTALL = { install: 'apt-get install iperf3 iputils-ping' }

/** The part of a link's rate that is TCP's payload: 1448 of the 1514 bytes of an Ethernet frame. */
const PAYLOAD = 1448 / 1514

/** Received echoes and the mean round trip in seconds. */
async function ping(from: Network, address: string, count: number): Promise<{ received: number; mean: number }> {
  const { stdout } = await from.monitor
    .run('ping', '-n', '-q', '-c', String(count), '-i', '0.002', '-W', '1', address)
    .catch((error: { stdout: string }) => error)
  const received = Number(/(\d+) received/.exec(stdout)?.[1] ?? 0)
  return { received, mean: Number(/= [\d.]+\/([\d.]+)/.exec(stdout)?.[1]) / 1000 }
}

/** Bits per second, as soon as the server listens. */
async function iperf(from: Network, host: NetworkHost, ...args: string[]): Promise<number> {
  let rate: number | undefined
  const measure = async () => {
    const ran = from.monitor.run('iperf3', '-J', '-c', host.address, '-t', '2', '-O', '1', ...args)
    const { stdout } = await ran.catch((error: { stdout: string }) => error)
    rate = JSON.parse(stdout).end.sum_received?.bits_per_second
    return rate !== undefined
  }
  await until(measure, 20, 'iperf3 has measured')
  return rate ?? 0
}

describe('A network made for a test', { concurrency: true }, () => {
  let network: Network
  before(async () => {
    network = await makeNetwork()
  })
  after(() => network.remove())

  it('joins the monitor and a host by IPv4 and IPv6', async () => {
    const host = await network.addHost()
    assert.equal((await ping(network, host.address, 3)).received, 3)
    assert.equal((await ping(network, host.address6, 3)).received, 3)
  })

  it('throttles both directions to the set rates', async () => {
    const host = await network.addHost()
    await host.start('iperf3', ['-s'], INSTALL)
    const rates = { up: 8_000_000, down: 20_000_000 }
    await host.link.limitRate(rates.up, rates.down)
    for (const [direction, args] of [
      ['up', []],
      ['down', ['-R']],
    ] as const) {
      const shares: number[] = []
      // A machine that is busy for a moment transfers less, but nothing lets it transfer more.
      const measure = async () => {
        shares.push((await iperf(network, host, ...args)) / rates[direction])
        return Math.abs((shares.at(-1) ?? 0) - PAYLOAD) < 0.04
      }
      await until(measure, 15, () => `${direction} near ${PAYLOAD} of the set rate: ${shares}`)
      assert.ok(Math.max(...shares) < PAYLOAD + 0.04, `${direction}: ${shares}`)
    }
  })

  it('loses as many packets as it is told', async () => {
    const host = await network.addHost()
    await host.link.loseToHost(0.2)
    const { received } = await ping(network, host.address, 500)
    // 400 of 500, and 4 standard deviations of the binomial distribution.
    assert.ok(Math.abs(received - 400) < 36, `${received} of 500 came back`)
    await host.link.clearFaults()
    assert.equal((await ping(network, host.address, 20)).received, 20)
  })

  it('delays packets, and by another time when told so', async () => {
    const host = await network.addHost({ delay: 0.02 })
    const first = (await ping(network, host.address, 20)).mean
    assert.ok(first > 0.04 && first < 0.046, `${first} s`)
    host.link.delay(0.005)
    const second = (await ping(network, host.address, 20)).mean
    assert.ok(second > 0.01 && second < 0.016, `${second} s`)
  })

  it('cuts a link and restores it', async () => {
    const host = await network.addHost()
    for (const end of ['host', 'monitor'] as const) {
      await host.link.cut(end)
      assert.equal((await ping(network, host.address, 2)).received, 0, end)
      await host.link.restore()
      assert.equal((await ping(network, host.address, 2)).received, 2, end)
      assert.equal((await ping(network, host.address6, 2)).received, 2, end)
    }
  })

  it('turns a host or one port of it into a black hole, and forbids echoes', async () => {
    const host = await network.addHost()
    await host.link.blackHole(9)
    assert.equal((await ping(network, host.address, 2)).received, 2)
    const connect = (port: number) =>
      network.monitor.run('timeout', '1', 'bash', '-c', `exec 3<>/dev/tcp/${host.address}/${port}`)
    await assert.rejects(connect(9), { code: 124 }, 'no answer')
    await assert.rejects(connect(10), { code: 1 }, 'refused')
    await host.link.forbidPing()
    assert.equal((await ping(network, host.address, 2)).received, 0)
    await assert.rejects(connect(9), { code: 1 }, 'refused')
    await host.link.blackHole()
    await assert.rejects(connect(10), { code: 124 }, 'no answer')
  })

  it('leaves nothing, and removes what a killed test has left', async () => {
    const other = await makeNetwork()
    const host = await other.addHost({ delay: 0 })
    await host.start('sleep', ['60'])
    await other.remove()
    const { pid } = spawnSync('true')
    spawnSync('ip', ['netns', 'add', `hmtest-${pid}-1-m`])
    await (await makeNetwork()).remove()
    const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' })
    assert.ok(!stdout.includes(other.monitor.name.slice(0, -1)) && !stdout.includes(`hmtest-${pid}-`), stdout)
  })
})
