/** What the tests of the network rest on: that the networks they make do what they are told. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, it } from 'node:test'
import { makeNetwork, type Network } from '../fixtures/network-namespace.ts'
import { until } from '../fixtures/wait.ts'

const INSTALL = { install: 'apt-get install iperf3 iputils-ping' }

/** Received echoes and the shortest round trip in seconds. */
async function ping(from: Network, address: string, count: number): Promise<{ received: number; shortest: number }> {
  const { stdout } = await from.monitor
    .run('ping', '-n', '-q', '-c', String(count), '-i', '0.002', '-W', '1', address)
    .catch((error: { stdout: string }) => error)
  const received = Number(/(\d+) received/.exec(stdout)?.[1] ?? 0)
  return { received, shortest: Number(/= ([\d.]+)\//.exec(stdout)?.[1]) / 1000 }
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
      // It fills the link for longer than is looked at; before the server listens, and while it is busy, it ends at once.
      const send = () => network.monitor.start('iperf3', ['-c', host.address, '-t', '60', ...args], INSTALL)
      let sender = await send()
      const shares: number[] = []
      // A machine that is busy for a moment transfers less, but nothing lets it transfer more.
      const measure = async () => {
        if (!sender.running) sender = await send()
        shares.push((await host.link.carried(direction, 2)) / rates[direction])
        return (shares.at(-1) ?? 0) > 0.97
      }
      await until(measure, 40, () => `${direction} near the set rate: ${shares}`)
      await sender.kill()
      assert.ok(Math.max(...shares) < 1.03, `${direction}: ${shares}`)
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
    // A busy machine adds to an echo and takes nothing away; one way too many would add half as much again.
    for (const delay of [0.02, 0.005]) {
      host.link.delay(delay)
      const { shortest } = await ping(network, host.address, 20)
      assert.ok(shortest >= 2 * delay && shortest < 3 * delay, `${shortest} s`)
    }
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
    const connect = (port: number, within: string) =>
      network.monitor.run('timeout', within, 'bash', '-c', `exec 3<>/dev/tcp/${host.address}/${port}`)
    const isRefused = (port: number) => assert.rejects(connect(port, '20'), { code: 1 }, 'refused')
    const isSilent = (port: number) => assert.rejects(connect(port, '2'), { code: 124 }, 'no answer')
    await isSilent(9)
    await isRefused(10)
    await host.link.forbidPing()
    assert.equal((await ping(network, host.address, 2)).received, 0)
    await isRefused(9)
    await host.link.blackHole()
    await isSilent(10)
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
