import assert from 'node:assert/strict'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { useNameProxy } from '../../src/ffmpeg/name-proxy.ts'

/** Sends a request to the proxy and resolves with all that comes back until it closes. */
async function ask(proxy: URL, lines: string[], then = ''): Promise<string> {
  const socket = net.connect(Number(proxy.port), proxy.hostname)
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text
    if (then !== '' && answer.includes('\r\n\r\n')) {
      socket.write(then)
      then = ''
    }
  })
  socket.on('error', () => {})
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await new Promise((resolve) => socket.once('close', resolve))
  return answer
}

async function startWeb() {
  const web = http.createServer((request, response) =>
    response
      .setHeader('Connection', 'close')
      .end(`seen ${request.url} ${request.headers['proxy-authorization'] ?? 'nothing'}`),
  )
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  return { port: (web.address() as AddressInfo).port, stop: () => web.close() }
}

const basic = ({ username, password }: URL) =>
  `Proxy-Authorization: Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

describe('the proxy for those that cannot look up names', () => {
  it('tunnels to a host by its name, and passes requests on, for who knows its secret', async () => {
    const proxy = await useNameProxy()
    const url = new URL(proxy.url)
    const web = await startWeb()
    const name = `localhost:${web.port}`
    const get = `GET /through HTTP/1.1\r\nHost: ${name}\r\n\r\n`
    assert.match(
      await ask(url, [`CONNECT ${name} HTTP/1.1`, basic(url)], get),
      /^HTTP\/1\.1 200[\s\S]*seen \/through nothing/,
    )
    const plain = [`GET http://${name}/plain HTTP/1.1`, `Host: ${name}`, basic(url), 'Connection: close']
    assert.match(await ask(url, plain), /200 OK[\s\S]*seen \/plain nothing/)
    web.stop()
    proxy.release()
  })

  it('sends on to a hidden address who asks for its stand-in with its secret, and nobody else', async () => {
    const secret = 'http://user:verysecret@camera.example/live.mpd?token=ä'
    const [proxy, other] = await Promise.all([useNameProxy(null, secret), useNameProxy()])
    const { hostname } = new URL(proxy.standIn ?? '')
    // As FFmpeg writes it.
    const asking = (path: string) => [
      `GET http://${hostname}:80${path} HTTP/1.1`,
      `Host: ${hostname}`,
      'Connection: close',
    ]
    for (const [path, location] of [
      ['/live.mpd', '/live.mpd?token=%C3%A4'],
      ['/part-1.m4s?b=c', '/part-1.m4s?b=c'],
    ] as const) {
      const answer = await ask(new URL(proxy.url), [...asking(path), basic(new URL(proxy.url))])
      assert.match(answer, /^HTTP\/1\.1 302/)
      assert.ok(answer.includes(`Location: http://user:verysecret@camera.example${location}\r\n`), answer)
    }
    const get = asking('/live.mpd')
    for (const lines of [get, [...get, basic(new URL(other.url))]]) {
      assert.doesNotMatch(await ask(new URL(other.url), lines), /verysecret|302/)
    }
    assert.equal(other.standIn, null)
    proxy.release()
    other.release()
  })

  it('lets nobody to an address that is not allowed, by a tunnel or by a request', async () => {
    const web = await startWeb()
    const proxy = await useNameProxy(({ address }) => address === '127.0.0.2')
    const url = new URL(proxy.url)
    const get = (host: string) => [
      ...[`GET http://${host}:${web.port}/ HTTP/1.1`, `Host: ${host}`, basic(url), 'Connection: close'],
    ]
    for (const host of ['127.0.0.1', 'localhost', '2130706433']) {
      assert.equal(await ask(url, [`CONNECT ${host}:${web.port} HTTP/1.1`, basic(url)]), '')
      assert.match(await ask(url, get(host)), /^HTTP\/1\.1 502/)
      assert.equal(proxy.trouble()?.end, 'refused')
      assert.match(proxy.trouble()?.message ?? '', /not public/)
    }
    web.stop()
    proxy.release()
  })

  it('asks everybody else for it', async () => {
    const proxy = await useNameProxy()
    const url = new URL(proxy.url)
    for (const lines of [
      ['CONNECT localhost:1 HTTP/1.1'],
      ['CONNECT localhost:1 HTTP/1.1', 'Proxy-Authorization: Basic bm9ib2R5Om5vdGhpbmc='],
      ['GET http://localhost:1/ HTTP/1.1', 'Host: localhost:1'],
    ]) {
      assert.match(await ask(url, lines), /^HTTP\/1\.1 407[\s\S]*Proxy-Authenticate: Basic/i)
    }
    proxy.release()
  })

  it('says so when a host cannot be reached, and survives nonsense', async () => {
    const proxy = await useNameProxy()
    const url = new URL(proxy.url)
    assert.equal(await ask(url, ['CONNECT localhost:1 HTTP/1.1', basic(url)]), '')
    assert.match(
      await ask(url, ['GET http://localhost:1/ HTTP/1.1', 'Host: x', basic(url), 'Connection: close']),
      /502/,
    )
    await ask(url, ['CONNECT :::: HTTP/1.1', basic(url)])
    await ask(url, ['GET nonsense HTTP/1.1', 'Host: x', basic(url), 'Connection: close'])
    await ask(url, ['\u0000\u0001'])
    assert.match(await ask(url, ['CONNECT localhost:1 HTTP/1.1']), /407/)
    proxy.release()
  })

  it('listens only while somebody uses it, with another secret each time', async () => {
    const [first, second] = await Promise.all([useNameProxy(), useNameProxy()])
    assert.equal(new URL(first.url).port, new URL(second.url).port)
    assert.notEqual(first.url, second.url)
    first.release()
    first.release()
    assert.match(await ask(new URL(second.url), ['CONNECT localhost:1 HTTP/1.1']), /407/)
    second.release()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(await ask(new URL(second.url), ['CONNECT localhost:1 HTTP/1.1']), '')
    const third = await useNameProxy()
    assert.notEqual(new URL(third.url).password, new URL(first.url).password)
    third.release()
  })
})
