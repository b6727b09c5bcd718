import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { isGood, issue, makeAuthority } from '../../app/stack/certificates.ts'

const NOW = Date.now()
const DAY = 24 * 3600 * 1000
const NAMES = ['elasticsearch', 'localhost']
const authority = makeAuthority('RTMP HMonitor stack', NOW)
const node = issue(authority, NAMES, NOW)

describe('the certificates of the stack', () => {
  it('are what openssl takes, strictly', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hmonitor-certificates-'))
    try {
      writeFileSync(join(folder, 'ca.pem'), authority.certificate)
      writeFileSync(join(folder, 'node.pem'), node.certificate)
      const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'elasticsearch']
      const { stdout } = await promisify(execFile)('openssl', [...args, '-CAfile', 'ca.pem', 'node.pem'], {
        cwd: folder,
      })
      assert.equal(stdout.trim(), 'node.pem: OK')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('let a server and a client that both show one talk, by name and by 127.0.0.1, and keep out who shows none', async () => {
    const [ca, other] = [authority.certificate, makeAuthority('another', NOW)]
    const settings = { key: node.key, cert: node.certificate, ca, requestCert: true, rejectUnauthorized: true }
    const server = tls.createServer(settings, (socket) => socket.end('hello')).on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const talk = async (options: tls.ConnectionOptions) => {
      const socket = tls.connect({ host: '127.0.0.1', port, ...options })
      try {
        let said = ''
        for await (const chunk of socket) said += chunk
        return said
      } finally {
        socket.destroy()
      }
    }
    try {
      const client = issue(authority, ['filebeat'], NOW)
      const own = { key: client.key, cert: client.certificate, ca }
      assert.equal(await talk({ ...own, servername: 'elasticsearch' }), 'hello')
      assert.equal(await talk(own), 'hello')
      await assert.rejects(talk({ ...own, servername: 'kibana' }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
      await assert.rejects(talk({ ...own, ca: other.certificate }))
      // The client may see an error, or an end: a server says no after a handshake of TLS 1.3.
      const kept = (options: tls.ConnectionOptions) => talk(options).catch(() => '')
      assert.equal(await kept({ ca }), '')
      const stranger = issue(other, ['filebeat'], NOW)
      assert.equal(await kept({ key: stranger.key, cert: stranger.certificate, ca }), '')
    } finally {
      server.close()
    }
  })

  it('last for years, and are made anew before they end', () => {
    const { validTo, validFrom } = new X509Certificate(node.certificate)
    assert.ok(Date.parse(validFrom) < NOW)
    assert.equal(Math.round((Date.parse(validTo) - NOW) / DAY), 3 * 365)
    const good = (names: string[], at: number, by = authority) => isGood(node, by.certificate, names, at)
    assert.equal(good(NAMES, NOW), true)
    assert.equal(good(NAMES, NOW + (3 * 365 - 91) * DAY), true)
    assert.equal(good(NAMES, NOW + (3 * 365 - 89) * DAY), false)
    assert.equal(good([...NAMES, 'elasticsearch-2'], NOW), false)
    assert.equal(good(NAMES, NOW, makeAuthority('RTMP HMonitor stack', NOW)), false)
    assert.equal(isGood({ key: '', certificate: '' }, authority.certificate, NAMES, NOW), false)
    assert.equal(isGood({ ...node, key: authority.key }, authority.certificate, NAMES, NOW), false)
  })

  it('end in the form that the time after 2049 has', () => {
    const late = makeAuthority('late', Date.UTC(2045, 0))
    assert.match(new X509Certificate(late.certificate).validTo, /2054 GMT$/)
  })
})
