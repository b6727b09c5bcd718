import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Observation } from '../../src/observation/observation.ts'
import { makeNetwork, type Network, type NetworkHost } from '../fixtures/network-namespace.ts'
import { until } from '../fixtures/wait.ts'

const CHILD = fileURLToPath(new URL('observer-network.child.ts', import.meta.url))
const SERVER = "require('node:net').createServer((socket) => socket.end()).listen(8080, '::')"

describe("A cut of the monitor's own network", () => {
  let network: Network
  let gateway: NetworkHost
  let ingest: NetworkHost
  const newest = new Map<string, Observation>()
  const states: string[] = []

  before(async () => {
    network = await makeNetwork()
    gateway = await network.addHost()
    ingest = await network.addHost()
    await ingest.start(process.execPath, ['-e', SERVER])
    let text = ''
    await network.monitor.start(process.execPath, [CHILD, gateway.address, `tcp://${ingest.address}:8080`], {
      onOutput: (chunk) => {
        const lines = (text + chunk).split('\n')
        text = lines.pop() ?? ''
        for (const line of lines) {
          const observation: Observation = JSON.parse(line)
          newest.set(observation.target, observation)
          if (observation.target === 'ingest') states.push(observation.state)
        }
      },
    })
  })
  after(() => network.remove())

  const said = () => JSON.stringify([...newest.values()].map(({ target, state, error }) => ({ target, state, error })))
  const untilStates = (host: string, service: string, seconds = 15) =>
    until(
      () => newest.get('gateway')?.state === host && newest.get('ingest')?.state === service,
      seconds,
      () => `the host is ${host} and the service ${service}: ${said()}`,
    )

  it('makes a service unknown, and is an issue of the control host; a service that is down alone is down', async () => {
    await untilStates('ok', 'ok')

    await ingest.link.blackHole()
    await untilStates('ok', 'down')
    await ingest.link.clearFaults()
    await untilStates('ok', 'ok')

    // The cable of the monitor: what it sends goes nowhere.
    states.length = 0
    await gateway.link.blackHole()
    await ingest.link.blackHole()
    await until(
      () => newest.get('ingest')?.error?.code === 'observer-network',
      10,
      () => `it is unknown: ${said()}`,
    )
    assert.equal(newest.get('ingest')?.state, 'unknown')
    await until(
      () => newest.get('gateway')?.issues.some(({ type }) => type === 'observerNetwork') === true,
      15,
      () => `the issue of the control host: ${said()}`,
    )
    assert.equal(newest.get('ingest')?.state, 'unknown')
    // Down for no longer than the control host takes to be asked.
    assert.ok(states.filter((state) => state === 'down').length <= 4, states.join())

    await gateway.link.clearFaults()
    await ingest.link.clearFaults()
    await untilStates('ok', 'ok')

    // Its own interface goes down: then this computer itself may say that it has no network.
    await network.cut()
    const own = ['observer-network', 'no-network']
    await until(
      () => own.includes(newest.get('ingest')?.error?.code ?? ''),
      10,
      () => `it is unknown: ${said()}`,
    )
    assert.equal(newest.get('ingest')?.state, 'unknown')
    await network.restore()
    await untilStates('ok', 'ok')
  })
})
