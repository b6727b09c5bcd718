import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { bandwidthMiddleware } from '../../app/bandwidth-endpoint.ts'
import { root } from '../runtime.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmonitor-bandwidth-'))
const servers: http.Server[] = []
after(() => {
  rmSync(folder, { recursive: true })
  for (const server of servers) server.close().closeAllConnections()
})

async function upload(variables: Record<string, string>, path: string, token: string): Promise<number> {
  const middleware = bandwidthMiddleware(variables)
  const server = http.createServer((request, response) =>
    middleware(request, response, () => response.writeHead(418).end()),
  )
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(url, { method: 'POST', headers, body: 'x'.repeat(1000) })).status
}

describe('The endpoint for bandwidth tests', () => {
  const file = join(folder, 'token')
  writeFileSync(file, 'word\n')

  it('is off without a token', async () => {
    assert.equal(await upload({}, '/api/v1/bandwidth', ''), 404)
    assert.equal(await upload({ BANDWIDTH_TOKEN_FILE: join(folder, 'none') }, '/api/v1/bandwidth', ''), 404)
  })

  it('is off where both say one, which may differ', async () => {
    const both = { BANDWIDTH_TOKEN: 'word', BANDWIDTH_TOKEN_FILE: file }
    assert.equal(await upload(both, '/api/v1/bandwidth', 'word'), 404)
  })

  it('takes the token of BANDWIDTH_TOKEN or of the file that BANDWIDTH_TOKEN_FILE names', async () => {
    assert.equal(await upload({ BANDWIDTH_TOKEN: 'word' }, '/api/v1/bandwidth', 'word'), 200)
    assert.equal(await upload({ BANDWIDTH_TOKEN_FILE: file }, '/api/v1/bandwidth?x=1', 'word'), 200)
    assert.equal(await upload({ BANDWIDTH_TOKEN_FILE: file }, '/api/v1/bandwidth', 'other'), 401)
  })

  it('leaves every other address to Node-RED', async () => {
    assert.equal(await upload({ BANDWIDTH_TOKEN: 'word' }, '/api/v1/bandwidth/more', 'word'), 418)
  })

  it('counts what goes wrong where the nodes count it, as all does that Node-RED requires of the application', () => {
    const bundles = readdirSync(join(root, 'app')).filter((name) => name.endsWith('.generated.cjs'))
    assert.ok(bundles.length > 0)
    for (const name of bundles) {
      assert.doesNotMatch(readFileSync(join(root, 'app', name), 'utf8'), /function guarded\(/, name)
    }
  })
})
