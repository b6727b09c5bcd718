import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { describe, it } from 'node:test'
import { admit } from '../../src/nodes/serve/bearer-auth.ts'
import { knowsHost } from '../../src/nodes/serve/own-host.ts'

const WITHOUT_DNS = [
  ...[
    '127.0.0.1',
    '127.0.0.1:1880',
    '127.1',
    '10.1.2.3:8080',
    '[::1]:1880',
    '[fd00::7]',
    'localhost',
    'LOCALHOST:1880',
  ],
  ...['localhost.', 'wall.localhost:1880', 'monitor:1880', 'hall_pc', 'hall.local:1880', 'monitor.tv.internal'],
  ...['pi.home.arpa:1880', hostname()],
]
const OF_ANYBODY = [
  ...[
    'evil.example:1880',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evil.example.',
    'local.evil',
    'xlocal.evil',
  ],
  ...['127.0.0.1.nip.io:1880', 'evil.example:1880/127.0.0.1', '127.0.0.1:1880@evil.example', '127.0.0.1#@evil.example'],
  ...['evil.example\\@localhost', ' ', ':1880', 'a b', '[::1', '%', 'x'.repeat(5000)],
]

describe('the name that a request asks for', () => {
  it('is known where no public DNS could lead it here', () => {
    for (const host of WITHOUT_DNS) assert.equal(knowsHost(host, {}), true, host)
  })

  it('is that of no browser where there is none', () => {
    assert.equal(knowsHost('', {}), true)
  })

  it('is unknown where anybody could have it lead here', () => {
    for (const host of OF_ANYBODY.slice(0, -1)) assert.equal(knowsHost(host, {}), false, host)
  })

  it('is known where the user has named it, and no other', () => {
    const named = { ALLOWED_HOSTS: ' Monitor.Hall.example, https://tv.example:8443/x ,,10.0.0.1 wall.example' }
    for (const host of ['monitor.hall.example', 'MONITOR.hall.example:1880', 'tv.example', 'wall.example']) {
      assert.equal(knowsHost(host, named), true, host)
    }
    for (const host of ['hall.example', 'x.monitor.hall.example', 'evil.example']) {
      assert.equal(knowsHost(host, named), false, host)
    }
    assert.equal(knowsHost('hall.example:1880', { DASHBOARD_URL: 'https://hall.example/dashboard' }), true)
    assert.equal(knowsHost('hall.example', { HMONITOR_URL: 'http://hall.example:1880' }), true)
    assert.equal(knowsHost('evil.example', { DASHBOARD_URL: 'no address', ALLOWED_HOSTS: '*, %' }), false)
  })
})

describe('a page whose name was made to lead here', () => {
  const rebound = { headers: { host: 'evil.example:1880' }, socket: { remoteAddress: '127.0.0.1' } }
  const json = { ...rebound, headers: { ...rebound.headers, 'content-type': 'application/json' } }

  it('is answered nothing without a token, and told what to do', async () => {
    for (const [request, what] of [
      [rebound, 'api'],
      [json, 'webhook'],
    ] as const) {
      const answer = await admit(request, '', {}, what)
      assert.ok(typeof answer !== 'string')
      assert.equal(answer.statusCode, 403)
      const { error } = JSON.parse(String(answer.payload)) as { error: { code: string; message: string } }
      assert.equal(error.code, 'unknown-host')
      assert.match(error.message, /"evil\.example".*METRICS_TOKEN.*ALLOWED_HOSTS/)
    }
  })

  it('is told no more of its name than a line has room for', async () => {
    const answer = await admit({ headers: { host: `${'x'.repeat(5000)}.example` } }, '', {})
    assert.ok(typeof answer !== 'string' && String(answer.payload).length < 500)
  })

  it('asks for the token like everybody where there is one', async () => {
    assert.notEqual(await admit(rebound, 'sesame', {}), 'without-token')
    const withIt = { ...rebound, headers: { ...rebound.headers, authorization: 'Bearer sesame' } }
    assert.equal(await admit(withIt, 'sesame', {}), 'with-token')
  })

  it('is let in where the user has named it', async () => {
    assert.equal(await admit(rebound, '', { ALLOWED_HOSTS: 'evil.example' }), 'without-token')
  })
})
