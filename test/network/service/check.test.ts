import assert from 'node:assert/strict'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { parseServiceUrl } from '../../../src/network/service/address.ts'
import { checkService, type ServiceAnswer, type ServiceExpectations } from '../../../src/network/service/check.ts'
import { systemClock } from '../../../src/observation/clock.ts'
import { encodeAmf0 } from '../../../src/rtmp/amf0.ts'
import { COMMAND, writeMessage } from '../../../src/rtmp/chunk-stream.ts'

const command = (payload: Buffer) => writeMessage({ type: COMMAND, payload })

const EXPECTATIONS: ServiceExpectations = { timeout: 2, verifyTls: true, family: 'any', status: [], bodyContains: '' }

const servers: net.Server[] = []
const sockets = new Set<net.Socket>()

/** A server that does with each connection what the test says. */
async function serve(handle: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    handle(socket)
  })
  server.listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

async function check(url: string, more: Partial<ServiceExpectations> = {}): Promise<ServiceAnswer> {
  const signal = new AbortController().signal
  const answer = await checkService(parseServiceUrl(url), { ...EXPECTATIONS, ...more }, systemClock, signal)
  assert.ok(!('failure' in answer), JSON.stringify(answer))
  return answer
}

/** Kind and phase of what is wrong. */
async function faultIn(url: string, more: Partial<ServiceExpectations> = {}): Promise<string> {
  const { fault } = await check(url, more)
  return fault === null ? 'none' : `${fault.kind} in ${fault.phase}: ${fault.message}`
}

const answering = (text: string) => (socket: net.Socket) => void socket.once('data', () => socket.end(text))

/** S0, S1 and S2, then whatever the test says. */
const shaking = (then: (socket: net.Socket) => void) => (socket: net.Socket) => {
  socket.once('data', () => {
    socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(3072, 1)]))
    socket.once('data', () => then(socket))
  })
}

describe('a TCP service', () => {
  it('is fine when it accepts the connection, and is timed', async () => {
    const port = await serve(() => {})
    const { fault, durations, address } = await check(`tcp://localhost:${port}`)
    assert.deepEqual([fault, address], [null, '127.0.0.1'])
    assert.ok((durations.connect ?? 0) > 0 && durations.dns !== null)
    assert.deepEqual([durations.tls, durations.handshake, durations.response], [null, null, null])
  })

  it('is refused where nothing listens', async () => {
    const port = await serve(() => {})
    servers.splice(0).map((server) => server.close())
    assert.match(await faultIn(`tcp://127.0.0.1:${port}`), /^refused in connect/)
  })

  it('is not found where its name is not known', async () => {
    assert.match(await faultIn('tcp://no-such-host.invalid:80'), /^name-not-found in dns/)
  })

  it('is left at once when the check is given up', async () => {
    const port = await serve(() => {})
    const abort = new AbortController()
    const address = parseServiceUrl(`http://127.0.0.1:${port}`)
    const checking = checkService(address, { ...EXPECTATIONS, timeout: 60 }, systemClock, abort.signal)
    while (sockets.size === 0) await new Promise((resolve) => setImmediate(resolve))
    abort.abort(new Error('stopped'))
    await assert.rejects(checking, /stopped/)
  })
})

describe('an HTTP service', () => {
  const http = (head: string, body = '') =>
    answering(`HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)

  it('is fine with a status that is accepted', async () => {
    let connections = 0
    const port = await serve((socket) => {
      connections += 1
      http('204 No Content')(socket)
    })
    const fine = await check(`http://127.0.0.1:${port}`)
    assert.deepEqual([fine.fault, fine.httpStatus, connections], [null, 204, 1])
    assert.equal(await faultIn(`http://127.0.0.1:${await serve(http('401 No'))}`, { status: [200, 401] }), 'none')
  })

  it('is wrong with another status, and says where a redirection leads without its path', async () => {
    const port = await serve(http('302 Found\r\nLocation: https://other.example/with?token=secret'))
    const { fault, httpStatus } = await check(`http://127.0.0.1:${port}`)
    assert.equal(httpStatus, 302)
    assert.equal(fault?.kind, 'wrong-answer')
    assert.match(fault?.message ?? '', /302 and sends on to https:\/\/other\.example$/)
  })

  it('is searched for a text, also where that comes in pieces', async () => {
    const body = 'HTTP/1.1 200 OK\r\n\r\n#EXT'
    const port = await serve((socket) => {
      socket.once('data', () => {
        socket.write(body)
        setTimeout(() => socket.end('M3U'), 20)
      })
    })
    assert.equal(await faultIn(`http://127.0.0.1:${port}`, { bodyContains: '#EXTM3U' }), 'none')
    assert.match(
      await faultIn(`http://127.0.0.1:${port}`, { bodyContains: '#EXTM4U' }),
      /^wrong-answer in response: the answer of 7 bytes does not hold the text/,
    )
  })

  it('is searched as far as 256 KiB', async () => {
    const port = await serve((socket) => {
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(400_000)}`))
    })
    assert.match(await faultIn(`http://127.0.0.1:${port}`, { bodyContains: 'y' }), /not in the first 262144 bytes/)
  })

  it('is wrong where it breaks off or answers in something else', async () => {
    const closing = await serve((socket) => void socket.once('data', () => socket.destroy()))
    assert.match(await faultIn(`http://127.0.0.1:${closing}`), /^wrong-answer in response: the server ends/)
    const nonsense = await serve(answering('SSH-2.0-OpenSSH\r\n'))
    assert.match(await faultIn(`http://127.0.0.1:${nonsense}`), /^wrong-answer in response: .*HTTP/)
  })

  it('times out in the phase in which it hangs', async () => {
    const port = await serve(() => {})
    assert.match(await faultIn(`http://127.0.0.1:${port}`, { timeout: 0.1 }), /^timeout in response/)
    assert.match(await faultIn(`https://127.0.0.1:${port}`, { timeout: 0.1 }), /^timeout in tls/)
    assert.match(await faultIn(`rtmp://127.0.0.1:${port}/live`, { timeout: 0.1 }), /^timeout in handshake/)
  })

  it('is named where it speaks no TLS', async () => {
    const port = await serve(answering('HTTP/1.1 400 Bad Request\r\n\r\n'))
    assert.match(await faultIn(`https://127.0.0.1:${port}`), /^wrong-answer in tls: the server does not speak TLS/)
  })
})

describe('an RTMP service', () => {
  it('is fine when connect succeeds', async () => {
    const result = encodeAmf0('_result', 1, null, { code: 'NetConnection.Connect.Success' })
    const port = await serve(shaking((socket) => void socket.write(command(result))))
    const { fault, rtmpCode, durations } = await check(`rtmp://127.0.0.1:${port}/live`)
    assert.deepEqual([fault, rtmpCode], [null, 'NetConnection.Connect.Success'])
    assert.ok(durations.handshake !== null && durations.response !== null)
  })

  it('is fine after the handshake where no application is named', async () => {
    const port = await serve(shaking(() => {}))
    const { fault, rtmpCode, durations } = await check(`rtmp://127.0.0.1:${port}`)
    assert.deepEqual([fault, rtmpCode, durations.response], [null, null, null])
    assert.ok(durations.handshake !== null)
  })

  it('is wrong when the application is turned away, in the words of the server', async () => {
    const error = encodeAmf0('_error', 1, null, { code: 'NetConnection.Connect.Rejected', description: 'no\nsuch app' })
    const port = await serve(shaking((socket) => void socket.write(command(error))))
    assert.match(
      await faultIn(`rtmp://127.0.0.1:${port}/nonsense`),
      /^wrong-answer in response: .*"nonsense" away \(NetConnection.Connect.Rejected: no such app\)$/,
    )
  })

  it('is wrong when the connection ends or what comes is no RTMP', async () => {
    const closing = await serve(shaking((socket) => void socket.end()))
    assert.match(await faultIn(`rtmp://127.0.0.1:${closing}/live`), /^wrong-answer in response: .*may not know it/)
    const noise = await serve(shaking((socket) => void socket.write(Buffer.alloc(500, 0xc9))))
    assert.match(await faultIn(`rtmp://127.0.0.1:${noise}/live`), /^wrong-answer in response: .*not RTMP/)
    const http = await serve(answering('HTTP/1.1 400 Bad Request\r\n\r\n'))
    assert.match(await faultIn(`rtmp://127.0.0.1:${http}/live`), /^wrong-answer in handshake: .*HTTP/)
  })

  it('is given up when it talks without end and never answers', async () => {
    const port = await serve(
      shaking((socket) => {
        const message = Buffer.concat(Array(1000).fill(command(encodeAmf0('onBWDone', 0, null))))
        const talk = () => {
          while (socket.writable && socket.write(message)) {}
        }
        socket.on('drain', talk)
        talk()
      }),
    )
    assert.match(
      await faultIn(`rtmp://127.0.0.1:${port}/live`, { timeout: 20 }),
      /^wrong-answer in response: .*more than 262144 bytes/,
    )
  })

  it('is never sent what stands behind the application', async () => {
    let received = ''
    const port = await serve((socket) => {
      socket.on('data', (bytes) => {
        received += bytes.toString('latin1')
      })
      shaking((connected) => void connected.end())(socket)
    })
    await check(`rtmp://127.0.0.1:${port}/live/very-secret-key?token=secret`)
    assert.match(received, /tcUrl/)
    assert.doesNotMatch(received, /secret/)
  })
})
