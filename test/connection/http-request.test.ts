import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { askHttp, type HttpRequest } from '../../src/connection/http-request.ts'
import { KeptConnections } from '../../src/connection/kept-connections.ts'
import type { ConnectionError } from '../../src/connection/network-error.ts'
import { BAD_WEB, startBadWeb } from '../fixtures/bad-web.ts'
import { selfSignedCertificate } from '../fixtures/certificate.ts'
import { startPeer } from '../fixtures/peers.ts'
import { freePort } from '../fixtures/ports.ts'
import { until } from '../fixtures/wait.ts'

const forever = () => new AbortController().signal
const ask = (url: string, request: Partial<HttpRequest> = {}) =>
  askHttp({ url, mostBytes: 100_000, within: 5, signal: forever(), ...request })

interface Heard {
  method: string
  url: string
  headers: http.IncomingHttpHeaders
  body: string
}

describe('a request to a server that nobody knows', () => {
  const ends: (() => unknown)[] = []
  after(() => Promise.all(ends.map((end) => end())))

  async function server(answer: (heard: Heard, response: http.ServerResponse) => void) {
    const heard: Heard[] = []
    const web = http.createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { method = '', url = '', headers } = request
      heard.push({ method, url, headers, body })
      answer({ method, url, headers, body }, response)
    })
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
    ends.push(() => {
      web.closeAllConnections()
      web.close()
    })
    const { port } = web.address() as AddressInfo
    const connections = () => new Promise<number>((resolve) => web.getConnections((_, count) => resolve(count)))
    return { at: (path = '/', host = '127.0.0.1') => `http://${host}:${port}${path}`, port, heard, connections }
  }

  it('gives status, headers and text, asks for nothing compressed, and leaves no connection', async () => {
    const { at, heard, connections } = await server((_, response) =>
      response.writeHead(201, { 'X-Some': 'thing', 'Set-Cookie': ['a=1', 'b=2'] }).end('Grüße'),
    )
    const { status, statusText, headers, body } = await ask(at('/path?query=1'))
    assert.deepEqual([status, statusText, body], [201, 'Created', 'Grüße'])
    assert.deepEqual([headers['x-some'], headers['set-cookie']], ['thing', 'a=1, b=2'])
    assert.deepEqual([heard[0]?.method, heard[0]?.url], ['GET', '/path?query=1'])
    assert.equal(heard[0]?.headers['accept-encoding'], 'identity')
    await until(async () => (await connections()) === 0, 2, 'the connection is closed')
  })

  for (const coding of ['gzip', 'br', 'deflate']) {
    it(`takes nothing that was packed all the same (${coding}), says so, and unpacks none of it`, async () => {
      const { at, connections } = await server((_, response) =>
        response.writeHead(200, { 'Content-Encoding': coding }).end(gzipSync('#EXTM3U')),
      )
      await assert.rejects(ask(at()), ({ code, message, status }: ConnectionError) => {
        assert.deepEqual([code, status], ['encoded', 200])
        return message.includes(`compressed (${coding}), which was not asked for`)
      })
      await until(async () => (await connections()) === 0, 2, 'the connection is closed')
    })
  }

  it('takes what is called packed as it is and is not', async () => {
    const { at } = await server((_, response) => response.writeHead(200, { 'Content-Encoding': 'identity' }).end('x'))
    assert.equal((await ask(at())).body, 'x')
  })

  for (const method of ['POST', 'PUT'] as const) {
    it(`sends the body of a ${method} as it is, with its headers`, async () => {
      const { at, heard } = await server((_, response) => response.end())
      const body = '{"a": "ü", "b": 1}'
      await ask(at(), { method, body, headers: { 'content-type': 'application/json', 'x-mine': '1' } })
      assert.deepEqual([heard[0]?.method, heard[0]?.body], [method, body])
      assert.equal(heard[0]?.headers['content-type'], 'application/json')
      assert.equal(heard[0]?.headers['x-mine'], '1')
    })
  }

  describe('over connections that are kept', () => {
    const count = (url = '') => Number(/\d+$/.exec(url)?.[0] ?? 0)

    it('is one of many on the same one, which ends with them', async () => {
      const { at, connections } = await server((_, response) => response.end('x'))
      const kept = new KeptConnections()
      for (let number = 0; number < 5; number++) await ask(at(`/${number}`), { connections: kept })
      assert.equal(await connections(), 1)
      kept.end()
      await until(async () => (await connections()) === 0, 2, 'the connection is closed')
    })

    it('goes over a new one where the server has closed the old one at that moment', async () => {
      const heard: string[] = []
      const web = http.createServer(({ url = '', socket }, response) => {
        heard.push(url)
        if (url === '/2' && heard.filter((one) => one === '/2').length === 1) socket.destroy()
        else response.end(url)
      })
      await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
      ends.push(
        () => web.closeAllConnections(),
        () => web.close(),
      )
      const { port } = web.address() as AddressInfo
      const connections = new KeptConnections()
      ends.push(() => connections.end())
      for (const path of ['/1', '/2', '/3']) {
        assert.equal((await ask(`http://127.0.0.1:${port}${path}`, { connections })).body, path)
      }
      assert.deepEqual(heard, ['/1', '/2', '/2', '/3'])
      // Of one that nobody has used yet it is what the server says.
      await assert.rejects(ask(`http://127.0.0.1:${await freePort()}/`, { connections }), { code: 'refused' })
    })

    it('never takes one on which an answer was given up', async () => {
      const { at, connections } = await server(({ url }, response) => response.end('x'.repeat(count(url))))
      const kept = new KeptConnections()
      ends.push(() => kept.end())
      await assert.rejects(ask(at('/200000'), { connections: kept }), { code: 'too-long' })
      assert.equal((await ask(at('/3'), { connections: kept })).body, 'xxx')
      await until(async () => (await connections()) === 1, 2, 'the other one is closed')
    })

    it('keeps those to four servers, and looks up a name again after five minutes', async () => {
      const servers = await Promise.all(Array.from({ length: 5 }, () => server((_, response) => response.end('x'))))
      let now = 0
      const kept = new KeptConnections(() => now)
      for (const { at } of servers) await ask(at(), { connections: kept })
      const open = () => Promise.all(servers.map(({ connections }) => connections()))
      await until(async () => (await open()).join() === '1,1,1,1,0', 2, 'four are kept')
      now = 301
      await ask(servers[4]?.at() ?? '', { connections: kept })
      await until(async () => (await open()).join() === '0,0,0,0,1', 2, 'the old ones are closed')
      kept.end()
    })
  })

  it('has a user and a password from the address, decoded, in a header and not in the path', async () => {
    const { heard, port } = await server((_, response) => response.end())
    await ask(`http://me:p%40ss%3A@127.0.0.1:${port}/x`)
    assert.equal(heard[0]?.headers.authorization, `Basic ${Buffer.from('me:p@ss:').toString('base64')}`)
    assert.equal(heard[0]?.url, '/x')
  })

  it('takes as many bytes as it may, and not one more, whatever length is announced', async () => {
    const { at } = await server(({ url }, response) => {
      if (url.startsWith('/chunked')) response.write('x')
      response.end('x'.repeat(Number(url.replace(/\D/g, ''))))
    })
    assert.equal((await ask(at('/1000'), { mostBytes: 1000 })).body.length, 1000)
    await assert.rejects(ask(at('/1001'), { mostBytes: 1000 }), { code: 'too-long', status: 200 })
    assert.equal((await ask(at('/chunked/999'), { mostBytes: 1000 })).body.length, 1000)
    await assert.rejects(ask(at('/chunked/1000'), { mostBytes: 1000 }), { code: 'too-long' })
  })

  it('gives the beginning of what is longer, where that will do', async () => {
    const endless = await startBadWeb(BAD_WEB['sends chunks without end'] ?? assert.fail())
    ends.push(endless.stop)
    const { body } = await ask(`http://127.0.0.1:${endless.port}/`, { mostBytes: 1000, beginning: true })
    assert.equal(body, 'x'.repeat(1000))
  })

  it('takes a few announcements of the answer, and then the answer', async () => {
    const peer = await startBadWeb((socket) => {
      socket.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n')
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere')
    })
    ends.push(peer.stop)
    const { status, body } = await ask(`http://127.0.0.1:${peer.port}/`)
    assert.deepEqual([status, body], [200, 'there'])
  })

  it('reads nothing of a body that is not wanted', async () => {
    const bomb = await startBadWeb(BAD_WEB['sends chunks without end'] ?? assert.fail())
    ends.push(bomb.stop)
    const { status, body } = await ask(`http://127.0.0.1:${bomb.port}/`, { mostBytes: 0 })
    assert.deepEqual([status, body], [200, ''])
  })

  describe('that is sent on', () => {
    it('gives the redirect as the answer, unless it may follow', async () => {
      const { at, heard } = await server((_, response) => response.writeHead(302, { Location: '/elsewhere' }).end('no'))
      assert.equal((await ask(at())).status, 302)
      assert.equal(heard.length, 1)
    })

    it('follows as far as it may, and says where it came to', async () => {
      const { at } = await server(({ url }, response) => {
        const left = Number(url.slice(1))
        if (left === 0) response.end('there')
        else response.writeHead(left % 2 ? 302 : 307, { Location: `${left - 1}` }).end()
      })
      const { body, url } = await ask(at('/3'), { redirects: 3 })
      assert.deepEqual([body, url], ['there', at('/0')])
      await assert.rejects(ask(at('/4'), { redirects: 3 }), { code: 'redirect' })
    })

    it('ends in a loop', async () => {
      const { at, heard } = await server((_, response) => response.writeHead(301, { Location: '/' }).end())
      await assert.rejects(ask(at(), { redirects: 5 }), { code: 'redirect' })
      assert.equal(heard.length, 6)
    })

    it('goes nowhere but to HTTP', async () => {
      const { at } = await server(({ url }, response) =>
        response.writeHead(302, { Location: decodeURIComponent(url.slice(1)) }).end(),
      )
      const bad = ['file:///etc/passwd', 'data:text/plain,x', 'concat:http://a|http://b', 'ftp://127.0.0.1/', 'http://']
      for (const location of bad) {
        const code = location === 'http://' ? 'redirect' : 'forbidden-protocol'
        await assert.rejects(ask(at(`/${encodeURIComponent(location)}`), { redirects: 3 }), { code }, location)
      }
    })

    it('takes credentials and headers to the server that they are for, and to no other', async () => {
      const other = await server((_, response) => response.end('other'))
      const first = await server(({ url }, response) => {
        if (url === '/here') response.end('here')
        else response.writeHead(302, { Location: url === '/far' ? other.at('/', 'localhost') : '/here' }).end()
      })
      const address = (path: string) => `http://me:secret@127.0.0.1:${first.port}${path}`
      const headers = { 'x-token': 'secret', authorization: 'Bearer secret' }
      const near = await ask(address('/near'), { redirects: 2, headers: { 'x-token': 'secret' } })
      assert.equal(near.body, 'here')
      assert.equal(near.url, address('/here'))
      const here = first.heard.find(({ url }) => url === '/here')
      assert.match(here?.headers.authorization ?? '', /^Basic /)
      assert.equal(here?.headers['x-token'], 'secret')
      assert.equal((await ask(address('/far'), { redirects: 2, headers })).body, 'other')
      assert.deepEqual(
        [other.heard[0]?.headers.authorization, other.heard[0]?.headers['x-token']],
        [undefined, undefined],
      )
      assert.doesNotMatch(JSON.stringify(other.heard), /secret/)
    })

    it('trusts a certificate that it is given, for the host that it names, and no other', async () => {
      const [own, other] = [await selfSignedCertificate(), await selfSignedCertificate()]
      const secure = await startPeer(
        (socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
        own,
      )
      ends.push(secure.stop, own.remove, other.remove)
      const url = `https://localhost:${secure.port}/`
      const { status, certificateEnds } = await ask(url, { ca: own.cert })
      assert.equal(status, 200)
      assert.equal(certificateEnds, Date.parse(new X509Certificate(own.cert).validTo))
      await assert.rejects(ask(url, { ca: other.cert }), { code: 'tls-invalid' })
      await assert.rejects(ask(url), { code: 'tls-invalid' })
    })

    it('does not go from HTTPS to HTTP', async () => {
      const plain = await server((_, response) => response.end('plain'))
      const certificate = await selfSignedCertificate()
      const secure = await startPeer(
        (socket) =>
          socket.once('data', () =>
            socket.end(`HTTP/1.1 302 Found\r\nLocation: ${plain.at()}\r\nContent-Length: 0\r\n\r\n`),
          ),
        certificate,
      )
      ends.push(secure.stop, certificate.remove)
      const url = `https://localhost:${secure.port}/`
      await assert.rejects(ask(url, { redirects: 3, verifyTls: false }), { code: 'redirect' })
      await assert.rejects(ask(url), { code: 'tls-invalid' })
      assert.equal(plain.heard.length, 0)
    })
  })

  describe('that goes wrong', () => {
    const expected: Record<string, string> = {
      'packs 200 MB into 207 kB and closes at once': 'encoded',
      'packs the transfer': 'encoded',
      'sends chunks without end': 'too-long',
      'sends without end and without length': 'too-long',
      'announces a terabyte': 'too-long',
      'drips a byte now and then': 'timeout',
      'drips its headers': 'timeout',
      'has headers of a megabyte': 'not-http',
      'has headers without end': 'not-http',
      'says to go on, and on': 'not-http',
      'has chunk extensions without end': 'cut',
      'has trailers without end': 'cut',
      'says nothing': 'timeout',
      'closes at once': 'closed',
      'resets the connection': 'closed',
      'closes in the middle': 'cut',
      'resets in the middle': 'cut',
      'closes in a chunk': 'cut',
      'has a chunk of no size': 'cut',
      'has two lengths': 'not-http',
      'has a length below zero': 'not-http',
      'answers as HTTP/0.9': 'not-http',
      'sends garbage': 'not-http',
      'speaks another protocol': 'not-http',
      'wants to speak another protocol': 'timeout',
    }

    for (const [title, behave] of Object.entries(BAD_WEB)) {
      it(`says so, in time, and closes the connection, where the server ${title}`, async () => {
        let closed = false
        const peer = await startBadWeb((socket) => {
          socket.on('close', () => {
            closed = true
          })
          behave(socket)
        })
        ends.push(peer.stop)
        const before = process.memoryUsage.rss()
        // Long enough for a busy machine, where it is not the time that is to be over.
        const within = expected[title] === 'timeout' ? 0.5 : 10
        const failure = await ask(`http://127.0.0.1:${peer.port}/`, { within }).then(
          ({ status }) => assert.fail(`it was taken for an answer: ${status}`),
          (error: ConnectionError) => error,
        )
        assert.equal(failure.code, expected[title], failure.stack ?? '')
        await until(() => closed, 2, 'the connection is closed')
        assert.ok(process.memoryUsage.rss() - before < 350e6)
      })
    }

    it('lives through a hundred answers that a client which unpacks them dies of', async () => {
      const bomb = await startBadWeb(BAD_WEB['packs 200 MB into 207 kB and closes at once'] ?? assert.fail())
      ends.push(bomb.stop)
      for (let index = 0; index < 100; index++) {
        await assert.rejects(ask(`http://127.0.0.1:${bomb.port}/`), { code: 'encoded' })
      }
    })

    it('tells the network’s faults apart', async () => {
      await assert.rejects(ask(`http://127.0.0.1:${await freePort()}/`), { code: 'refused' })
      await assert.rejects(ask('http://no-such-host.invalid/'), ({ code }: ConnectionError) =>
        ['name-not-found', 'dns-failed'].includes(code),
      )
    })

    it('ends at once where it is given up, before, in and after the headers', async () => {
      await assert.rejects(ask('http://127.0.0.1:1/', { signal: AbortSignal.abort() }), { code: 'aborted' })
      for (const title of ['says nothing', 'drips its headers', 'drips a byte now and then']) {
        const giving = new AbortController()
        const peer = await startBadWeb((socket) => {
          BAD_WEB[title]?.(socket)
          setTimeout(() => giving.abort(), 30)
        })
        ends.push(peer.stop)
        const begin = performance.now()
        await assert.rejects(ask(`http://127.0.0.1:${peer.port}/`, { signal: giving.signal }), { code: 'aborted' })
        assert.ok(performance.now() - begin < 2000)
      }
    })

    it('never says the address, which may hold a secret', async () => {
      const addresses = [`http://me:secret@127.0.0.1:${await freePort()}/secret`, 'http://me:secret@no.invalid/secret']
      for (const url of addresses) {
        await assert.rejects(ask(url), (error: ConnectionError) => {
          assert.doesNotMatch(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`, /secret/)
          return true
        })
      }
    })
  })
})
