import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { boundConnections, descriptorLimit, limitsFor } from '../../app/request-guard/connections.ts'
import { until } from '../fixtures/wait.ts'

/** More than any kernel holds of an answer that nobody takes. */
const LONG_ANSWER = Buffer.alloc(64 * 1024 * 1024)

describe('connections to the monitor', () => {
  let server: Server
  let bound: ReturnType<typeof boundConnections>
  let sockets: Socket[]

  beforeEach(async () => {
    sockets = []
    server = createServer(async (request, response) => {
      bound.asked(request, response)
      if (request.method === 'POST') await once(request.resume(), 'end').catch(() => {})
      if (request.url === '/slow') response.write('x')
      else response.end(request.url === '/long' ? LONG_ANSWER : 'ok')
    })
    server.on('upgrade', (_request, socket) => {
      socket.on('error', () => {})
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
    })
    bound = boundConnections((found) => found === server, { most: 50, mostSilent: 10 })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterEach(() => {
    bound.stop()
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })

  const open = async (text = '') => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'connect')
    if (text !== '') socket.write(text)
    sockets.push(socket)
    return socket
  }
  const openMany = async (count: number, text = '') => {
    for (let done = 0; done < count; done += 1) await open(text)
  }
  const left = () => sockets.filter(({ closed, destroyed }) => !closed && !destroyed).length
  const health = async () =>
    (
      await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`, {
        headers: { connection: 'close' },
      })
    ).text()

  it('leave descriptors for its own work, however few there are', () => {
    assert.deepEqual(limitsFor(256), { most: 64, mostSilent: 16 })
    assert.deepEqual(limitsFor(1024), { most: 256, mostSilent: 64 })
    assert.deepEqual(limitsFor(1_048_576), { most: 2000, mostSilent: 200 })
    assert.ok(descriptorLimit() > 0)
  })

  it('that ask nothing go, the oldest first, and never one that asks', async () => {
    const slow = await open('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(slow, 'data')
    await openMany(40)
    await until(
      () => left() === 11,
      5,
      () => `${left()} are left`,
    )
    assert.equal(slow.destroyed, false)
    assert.equal(await health(), 'ok')
    assert.equal(server.maxConnections, 50)
    assert.equal(server.headersTimeout, 15_000)
  })

  it('that never send the whole of what they announced go as well', async () => {
    await openMany(80, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{')
    await until(
      () => left() <= 10,
      5,
      () => `${left()} are left`,
    )
    assert.equal(await health(), 'ok')
  })

  it('that send it whole stay, and so do those that ask again', async () => {
    const socket = await open('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{')
    socket.write('}')
    await once(socket, 'data')
    await openMany(40)
    await until(() => left() === 11, 5, 'the others to go')
    assert.equal(socket.destroyed, false)
  })

  it('that do not take their answers go when there is no room left', async () => {
    for (let count = 0; count < 80; count += 1) {
      const socket = await open('GET /long HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(socket, 'readable')
    }
    assert.equal(await health(), 'ok')
    assert.ok(left() > 10, `${left()} are left`)
  })

  it('that stay open, as those of the dashboard, are none that ask nothing', async () => {
    for (let count = 0; count < 30; count += 1) {
      const socket = await open('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
      await once(socket, 'data')
    }
    await openMany(15)
    await until(
      () => left() === 40,
      5,
      () => `${left()} are left`,
    )
    assert.deepEqual(
      sockets.slice(0, 30).filter(({ destroyed, closed }) => destroyed || closed),
      [],
    )
    await openMany(40, 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')
    assert.equal(await health(), 'ok')
  })
})
