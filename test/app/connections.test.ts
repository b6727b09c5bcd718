import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { boundConnections, descriptorLimit, limitsFor } from '../../app/request-guard/connections.ts'
import { until } from '../fixtures/wait.ts'

describe('connections to the monitor', () => {
  it('leave descriptors for its own work, however few there are', () => {
    assert.deepEqual(limitsFor(256), { most: 64, mostSilent: 16 })
    assert.deepEqual(limitsFor(1024), { most: 256, mostSilent: 64 })
    assert.deepEqual(limitsFor(1_048_576), { most: 2000, mostSilent: 200 })
    assert.ok(descriptorLimit() > 0)
  })

  it('that ask nothing go, the oldest first, and never one that asks', async () => {
    const server = createServer((request, response) => {
      bound.asked(request.socket)
      if (request.url === '/slow') response.write('x')
      else response.end('ok')
    })
    const bound = boundConnections((found) => found === server, { most: 50, mostSilent: 10 })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const sockets: Socket[] = []
    const open = async () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      sockets.push(socket)
      return socket
    }
    try {
      const slow = await open()
      slow.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n')
      await once(slow, 'data')
      for (let count = 0; count < 40; count += 1) await open()
      const left = () => sockets.filter(({ closed, destroyed }) => !closed && !destroyed).length
      await until(
        () => left() === 11,
        5,
        () => `${left()} are left`,
      )
      assert.equal(slow.destroyed, false)
      assert.equal(await (await fetch(`http://127.0.0.1:${port}/health`)).text(), 'ok')
      assert.equal(server.maxConnections, 50)
      assert.equal(server.headersTimeout, 15_000)
    } finally {
      bound.stop()
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      server.close()
    }
  })
})
