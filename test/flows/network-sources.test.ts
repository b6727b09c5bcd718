/** Hosts and services of the environment, through the shipped flow, as a scrape shows them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { until } from '../fixtures/wait.ts'
import { startWatching, type Watching } from '../watching.ts'

describe('the shipped flow, watching a host and a service', () => {
  const server = net.createServer((socket) => socket.on('error', () => {}).end())
  let watching: Watching
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    watching = await startWatching({
      env: { PING_HOSTS: 'myself=127.0.0.1', SERVICES: `port=tcp://127.0.0.1:${port},nobody=tcp://127.0.0.1:1` },
    })
  })
  after(async () => {
    await watching?.stop()
    server.close()
  })

  const untilIs = (metric: string, labels: Record<string, string>, value: number) =>
    until(async () => Number(await watching.value(metric, labels)) === value, 30, `${metric} is ${value}`)

  it('tells that the host answers, and how long it takes', async () => {
    await untilIs('hmonitor_ping_up', { target: 'myself' }, 1)
    assert.equal(Number(await watching.value('hmonitor_ping_loss_ratio', { target: 'myself' })), 0)
    const last = Number(await watching.value('hmonitor_ping_rtt_last_seconds', { target: 'myself' }))
    assert.ok(last > 0 && last < 0.1, `${last} s`)
    assert.ok(Number(await watching.value('hmonitor_ping_rtt_seconds_count', { target: 'myself' })) >= 5)
  })

  it('tells which service is there, and what is wrong with the other', async () => {
    await untilIs('hmonitor_service_up', { target: 'port' }, 1)
    await untilIs('hmonitor_service_up', { target: 'nobody' }, 0)
    await untilIs('hmonitor_service_issue', { target: 'nobody', issue: 'refused' }, 1)
    const connect = await watching.value('hmonitor_service_duration_seconds', { target: 'port', phase: 'connect' })
    assert.ok(Number(connect) > 0)
  })
})
