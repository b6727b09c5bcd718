import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { root } from '../runtime.ts'
import { MonitorProcess, makeFolder } from './monitor-process.ts'

const PASSWORD = 'open sesame'
const FOREIGN = { origin: 'https://evil.example' }
const JSON_TYPE = { 'content-type': 'application/json' }

/** Who is let in. `none`: nobody needs anything. */
type Needs = 'none' | 'token' | 'webhook token' | 'bandwidth token' | 'editor login' | 'dashboard login'

interface Route {
  method: string
  path: string
  needs: Needs
  /** What it answers without anything; the default follows from what it needs. */
  without?: number
}

/** Every address of the product that answers, and what it asks for; `docs/operations.md` lists the same. */
const ROUTES: Route[] = [
  { method: 'GET', path: '/health', needs: 'none' },
  { method: 'GET', path: '/metrics', needs: 'token' },
  { method: 'GET', path: '/api/v1/status', needs: 'token' },
  { method: 'GET', path: '/api/v1/inspect', needs: 'token' },
  { method: 'GET', path: '/api/v1/picture', needs: 'token' },
  { method: 'POST', path: '/api/v1/alerts', needs: 'webhook token' },
  { method: 'GET', path: '/api/v1/bandwidth', needs: 'bandwidth token' },
  { method: 'POST', path: '/api/v1/bandwidth', needs: 'bandwidth token' },
  { method: 'PUT', path: '/api/v1/bandwidth', needs: 'bandwidth token' },
  { method: 'GET', path: '/', needs: 'none' },
  { method: 'POST', path: '/auth/token', needs: 'none', without: 403 },
  { method: 'POST', path: '/auth/revoke', needs: 'editor login' },
  { method: 'GET', path: '/flows', needs: 'editor login' },
  { method: 'POST', path: '/flows', needs: 'editor login' },
  { method: 'POST', path: '/nodes', needs: 'editor login' },
  { method: 'GET', path: '/settings', needs: 'editor login' },
  { method: 'POST', path: '/inject/66026a2bd1c5e0bf', needs: 'editor login' },
  { method: 'GET', path: '/context/global', needs: 'editor login' },
  ...['ffprobe', 'ping', 'service', 'web-presenter', 'vimeo', 'receiver', 'log'].map(
    (kind): Route => ({ method: 'POST', path: `/hmonitor/try/${kind}`, needs: 'editor login' }),
  ),
  { method: 'GET', path: '/dashboard', needs: 'dashboard login' },
  { method: 'POST', path: '/dashboard/login', needs: 'dashboard login' },
]

const isOfThisMonitor = ({ path }: Route) => /^\/(api\/v1|auth|dashboard\/login|hmonitor)\b/.test(path)

describe('what every request of the application passes', () => {
  const folder = makeFolder()
  let monitor: MonitorProcess
  before(async () => {
    monitor = new MonitorProcess(folder.path, {
      ...{ DATA_DIR: folder.dataDir, DEMO: 'off', ADMIN_PASSWORD: PASSWORD, METRICS_TOKEN: 'of metrics' },
      ...{ BANDWIDTH_TOKEN: 'of-bandwidth', ALERT_WEBHOOK_TOKEN: 'of-webhook', ALERT_SOURCE: 'prometheus' },
    })
    await monitor.up()
  })
  after(async () => {
    await monitor?.end()
    folder.remove()
  })

  /** A request in a connection of its own; null where the other side closes it without an answer. */
  const ask = async ({ method, path }: Route, headers: Record<string, string> = {}, body?: string) => {
    const given = body === undefined && !['POST', 'PUT'].includes(method) ? {} : { body: body ?? '{}' }
    const init = { method, headers: { connection: 'close', ...headers }, redirect: 'manual', ...given } as const
    const response = await fetch(monitor.url + path, init).catch(() => null)
    return response && { status: response.status, headers: response.headers, text: await response.text() }
  }
  const usual = ({ needs, without }: Route) => without ?? (needs === 'none' ? 200 : 401)

  for (const route of ROUTES) {
    const name = `${route.method} ${route.path}`
    it(`${name}: needs ${route.needs}`, async () => {
      const type = route.path === '/auth/token' ? { 'content-type': 'application/x-www-form-urlencoded' } : JSON_TYPE
      const body = route.path === '/auth/token' ? 'grant_type=password&username=admin&password=x' : undefined
      const answer = await ask(route, type, body)
      assert.equal(answer?.status, usual(route))
    })

    it(`${name}: answers no page of another site what it would not answer to anybody, and changes nothing for it`, async () => {
      for (const headers of [FOREIGN, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
        const answer = await ask(route, { ...JSON_TYPE, ...headers })
        const isRefused = isOfThisMonitor(route) || (route.needs === 'token' && answer?.status === 403)
        if (isRefused) assert.equal(answer?.status, 403, JSON.stringify(headers))
        else assert.equal(answer?.status, usual(route))
        assert.equal(answer?.headers.get('access-control-allow-origin'), null)
      }
    })

    it(`${name}: has the headers of safety, and tells neither paths nor stacks, whatever comes`, async () => {
      const bodies: [Record<string, string>, string][] = [
        [{ 'content-type': 'text/plain' }, 'x'],
        [JSON_TYPE, '{"a":'],
        [JSON_TYPE, `{"a":"${'x'.repeat(6_000_000)}"}`],
        [{ 'content-type': 'application/x-www-form-urlencoded' }, 'a=%'],
        [{ ...JSON_TYPE, 'content-encoding': 'br' }, 'x'],
        [{ 'content-type': 'application/json; charset=nonsense' }, '{}'],
      ]
      const sent = route.method === 'GET' ? [[{}, undefined] as const] : bodies
      for (const [headers, body] of sent) {
        const answer = await ask(route, headers, body)
        // Who is still sending when he is refused may find the connection closed.
        if (answer === null) continue
        assert.ok(answer.status < 500, `${answer.status} for ${body?.slice(0, 20)}`)
        assert.doesNotMatch(answer.text, /node_modules|\n +at |\/app\/settings/)
        assert.equal(answer.headers.get('x-powered-by'), null)
        if (route.path === '/api/v1/bandwidth') continue
        assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
        assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors/)
      }
    })
  }

  it('are listed in docs/operations.md, each with what it needs', () => {
    const text = readFileSync(join(root, 'docs', 'operations.md'), 'utf8')
    for (const { path } of ROUTES) {
      const shown = path
        .replace(/\/try\/.*/, '/try/')
        .replace(/^\/inject.*|^\/context.*|^\/nodes|^\/settings|^\/auth\/revoke/, '/flows')
      assert.ok(text.includes(`${shown}\``) || text.includes(`\`${shown}`) || text.includes(` ${shown}`), shown)
    }
  })

  it('let the right one in', async () => {
    const with_ = (token: string) => ({ authorization: `Bearer ${token}` })
    const status = async (method: string, path: string, headers = {}, body?: string) =>
      (await ask({ method, path, needs: 'none' }, headers, body))?.status
    assert.equal(await status('POST', '/api/v1/alerts', { ...JSON_TYPE, ...with_('of-webhook') }, '{"alerts":[]}'), 200)
    const token = await monitor.logIn(PASSWORD)
    assert.equal(await status('GET', '/flows', with_(token ?? '')), 200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    assert.equal(await status('POST', '/dashboard/login', form, `password=${PASSWORD}`), 303)
    assert.equal(await status('GET', '/flows/%E0%A4%A', with_(token ?? '')), 400)
  })

  it('let the right password in after wrong ones of anybody, which lock nobody out', async () => {
    for (let attempt = 0; attempt < 8; attempt += 1) assert.equal(await monitor.logIn('wrong'), undefined)
    assert.notEqual(await monitor.logIn(PASSWORD), undefined)
  })

  it('write a line for 500 malformed bodies, and no more', async () => {
    const before = monitor.output.length
    for (let count = 0; count < 500; count += 1) {
      await ask({ method: 'POST', path: '/flows', needs: 'editor login' }, JSON_TYPE, '{"a":')
    }
    const written = monitor.output.slice(before)
    assert.ok(written.length < 1000, written.slice(0, 2000))
    assert.doesNotMatch(monitor.output, /SyntaxError/)
  })
})
