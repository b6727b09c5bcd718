import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import bcrypt from 'bcryptjs'
import { dashboardLogin } from '../../app/dashboard/login.ts'
import { LoginPace } from '../../app/request-guard/login-pace.ts'

const PASSWORD = 'open sesame'
const pace = () => new LoginPace({ pause: 20 })
const addressOf = () => 'the same'
const options = { addressOf, passwordHash: await bcrypt.hash(PASSWORD, 4), secret: 'of this installation' }

/** A connection of the dashboard, and what becomes of what it sends. */
function socketWith(headers: Record<string, string>) {
  const checks: ((packet: unknown[], next: () => void) => void)[] = []
  return {
    handshake: { headers },
    use: (check: (packet: unknown[], next: () => void) => void) => checks.push(check),
    once: () => undefined,
    disconnect: () => undefined,
    /** Whether a packet comes through. */
    passes: (...packet: unknown[]) =>
      checks.every((check) => {
        let passed = false
        check(packet, () => {
          passed = true
        })
        return passed
      }),
  }
}

describe('the login of the dashboard', () => {
  let at = Date.parse('2026-03-01T10:00:00Z')
  let server: Server
  let url = ''
  const { middleware, ioMiddleware } = dashboardLogin({
    ...options,
    pace: new LoginPace({ pause: 1500, now: () => at }),
    now: () => at,
  })

  before(async () => {
    server = createServer((request, response) => middleware(request, response, () => response.end('the dashboard')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  const get = (path: string, cookie = '') => fetch(url + path, { headers: { cookie }, redirect: 'manual' })
  const post = (fields: Record<string, string>) =>
    fetch(`${url}/dashboard/login`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const logIn = async () => cookieOf(await post({ password: PASSWORD, to: '/dashboard/stream?target=main' }))

  /** What a socket of the dashboard is told: an error, or nothing. */
  const connect = (headers: Record<string, string>): Error | undefined => {
    let said: Error | undefined
    ioMiddleware(socketWith(headers), (error) => {
      said = error
    })
    return said
  }

  it('shows nothing but a page that asks for the password to who has not logged in', async () => {
    const page = await get('/dashboard/overview')
    const text = await page.text()
    assert.equal(page.status, 401)
    assert.match(text, /type="password"/)
    assert.match(text, /value="\/dashboard\/overview"/)
    assert.doesNotMatch(text, /the dashboard/)
  })

  it('lets in who knows the password, and takes him to where he wanted to go', async () => {
    const answer = await post({ password: PASSWORD, to: '/dashboard/stream?target=main' })
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), '/dashboard/stream?target=main')
    assert.match(answer.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/)
    const page = await get('/dashboard/overview', cookieOf(answer))
    assert.equal(await page.text(), 'the dashboard')
  })

  it('goes nowhere but to the dashboard', async () => {
    for (const to of [
      'https://elsewhere.example/',
      '//elsewhere.example',
      '/dashboard//elsewhere',
      '/dashboardx',
      '/',
    ]) {
      const answer = await post({ password: PASSWORD, to })
      assert.equal(answer.headers.get('location'), '/dashboard', to)
    }
  })

  it('belongs to the dashboard where that is: behind httpNodeRoot, and at a path of its own', async () => {
    const said: Record<string, unknown>[] = []
    const ask = (method: string, path: string, body = {}) =>
      new Promise<string>((resolve) => {
        const response = { writeHead: (_status: number, headers: object) => said.push({ ...headers }), end: resolve }
        const request = { method, headers: {}, baseUrl: '/hm/wall', originalUrl: path, body, socket: {} }
        middleware(request as never, response as never, () => resolve('the dashboard'))
      })
    const form = await ask('GET', '/hm/wall/stream?target=main')
    assert.match(form, /action="\/hm\/wall\/login"/)
    assert.match(form, /name="to" value="\/hm\/wall\/stream\?target=main"/)
    await ask('POST', '/hm/wall/login', { password: PASSWORD, to: '/hm/wall/stream?target=main' })
    assert.equal(said.at(-1)?.location, '/hm/wall/stream?target=main')
    assert.match(String(said.at(-1)?.['set-cookie']), /; Path=\/hm\/wall;/)
    await ask('POST', '/hm/wall/login', { password: PASSWORD, to: '/hm/wallet' })
    assert.equal(said.at(-1)?.location, '/hm/wall')
  })

  it('keeps out a cookie that was made up, changed, or made elsewhere', async () => {
    const [name, value = ''] = (await logIn()).split('=')
    const [until, signature = ''] = value.split('.')
    const elsewhere = dashboardLogin({ ...options, pace: pace(), secret: 'of another one', now: () => at })
    for (const forged of ['', 'x', `${Number(until) + 1}.${signature}`, `${until}.`, `${until}.${signature}x`]) {
      assert.equal((await get('/dashboard', `${name}=${forged}`)).status, 401, forged)
    }
    let passed = false
    const response = { writeHead: () => undefined, end: () => undefined }
    elsewhere.middleware(
      { headers: { cookie: `${name}=${value}` }, url: '/dashboard' } as never,
      response as never,
      () => {
        passed = true
      },
    )
    assert.equal(passed, false)
  })

  it('lasts for thirty days', async () => {
    const cookie = await logIn()
    at += 29 * 86_400_000
    assert.equal((await get('/dashboard', cookie)).status, 200)
    at += 2 * 86_400_000
    assert.equal((await get('/dashboard', cookie)).status, 401)
  })

  it('is asked of the connection that brings the values, too, and of other pages', async () => {
    const cookie = await logIn()
    const host = 'monitor.example:1880'
    assert.equal(connect({ cookie, host, origin: 'http://monitor.example:1880' }), undefined)
    assert.equal(connect({ cookie, host }), undefined)
    assert.ok(connect({ host }))
    assert.ok(connect({ cookie, host, origin: 'http://elsewhere.example' }))
    assert.ok(connect({ cookie, host, origin: 'null' }))
  })

  it('says so when the password is wrong', async () => {
    const answer = await post({ password: 'guess' })
    assert.equal(answer.status, 401)
    assert.match(await answer.text(), /not the password/)
  })

  it('lets the right one in after any number of wrong ones, and refuses most of many that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, try_) => post({ password: `guess ${try_}` })))
    const count = (status: number) => answers.filter((answer) => answer.status === status).length
    // Ten are free and three wait; on a busy machine those that come later find one or two of these gone.
    assert.ok(count(401) <= 16, `${count(401)} were tried`)
    assert.equal(count(401) + count(429), 30)
    assert.ok(answers.every(({ status, headers }) => status === 401 || Number(headers.get('retry-after')) > 0))
    assert.equal((await post({ password: PASSWORD })).status, 303)
  })

  it('reads no form that is too long for a password', async () => {
    assert.equal((await post({ password: 'x'.repeat(10_000) })).status, 413)
  })
})

describe('who may only look at the dashboard', () => {
  let at = Date.parse('2026-03-01T10:00:00Z')
  let server: Server
  let url = ''
  const VIEWER = 'just looking'
  const login = dashboardLogin({
    ...options,
    ...{ viewerHash: bcrypt.hashSync(VIEWER, 4), pace: pace(), now: () => at },
  })

  before(async () => {
    server = createServer((request, response) =>
      login.middleware(request, response, () => response.end('the dashboard')),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => server.close())

  const get = (path: string, cookie = '') => fetch(url + path, { headers: { cookie }, redirect: 'manual' })
  const logIn = (password: string) =>
    fetch(`${url}/dashboard/login`, { method: 'POST', body: new URLSearchParams({ password }), redirect: 'manual' })
  const cookieOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
  const link = (cookie: string, lasts = 'day', headers: Record<string, string> = {}) =>
    fetch(`${url}/dashboard/viewer-link`, {
      ...{ method: 'POST', body: new URLSearchParams({ lasts }), redirect: 'manual' as const },
      headers: { cookie, ...headers },
    })
  const connected = (cookie: string) => {
    const socket = socketWith({ cookie })
    let said: Error | undefined
    login.ioMiddleware(socket, (error) => {
      said = error
    })
    return said === undefined ? socket : null
  }

  it('has a password of his own, and the pages know', async () => {
    const answer = await logIn(VIEWER)
    assert.equal(answer.status, 303)
    assert.match(cookieOf(answer), /hmonitor-role=viewer/)
    assert.equal(await (await get('/dashboard/overview', cookieOf(answer))).text(), 'the dashboard')
    assert.match(cookieOf(await logIn(PASSWORD)), /hmonitor-role=admin/)
    assert.match(await (await get('/dashboard')).text(), /viewers, who look and change nothing/)
  })

  it('asks for what the pages show, and can press nothing', async () => {
    const viewer = connected(cookieOf(await logIn(VIEWER)))
    const admin = connected(cookieOf(await logIn(PASSWORD)))
    const sends = (payload: unknown) => ['widget-send', 'id', { payload }]
    for (const question of [
      ['widget-load', 'id'],
      sends({ action: 'show', target: 'main' }),
      sends({ action: 'picture', target: 'main', scope: 'auto' }),
      sends({ target: 'main', from: 'a', to: 'b' }),
    ]) {
      assert.ok(viewer?.passes(...question), JSON.stringify(question))
    }
    for (const command of [
      sends({ action: 'acknowledge', id: 'x', by: 'me' }),
      sends({ action: 'expect', kind: 'stream', name: 'main', expected: false }),
      sends({ action: 'set-target', kind: 'stream', target: {} }),
      sends({ action: 'list-targets' }),
      sends({ target: 'main', more: 1 }),
      sends(true),
      sends(null),
      ['widget-action', 'id', true],
      ['widget-action', 'id', { payload: { action: 'seen', id: 'x' } }],
      ['widget-change', 'id', 5],
      ['widget-send', 'id'],
    ]) {
      assert.equal(viewer?.passes(...command), false, JSON.stringify(command))
      assert.ok(admin?.passes(...command))
    }
  })

  it('may come by a link, for as long as it lasts', async () => {
    const made = await link(cookieOf(await logIn(PASSWORD)))
    const { path, until } = (await made.json()) as { path: string; until: string }
    assert.equal(until, '2026-03-02T10:00:00.000Z')
    const entered = await get(path)
    assert.equal(entered.headers.get('location'), '/dashboard')
    const cookie = cookieOf(entered)
    assert.match(cookie, /hmonitor-role=viewer/)
    assert.equal((await get('/dashboard', cookie)).status, 200)
    at += 86_400_001
    assert.equal((await get('/dashboard', cookie)).status, 401)
    assert.match(await (await get(path)).text(), /not valid any more/)
    assert.equal(connected(cookie), null)
  })

  it('makes no link himself, and no other page makes one', async () => {
    const admin = cookieOf(await logIn(PASSWORD))
    assert.equal(await (await link(cookieOf(await logIn(VIEWER)))).text(), 'the dashboard')
    assert.equal(await (await link(admin, 'day', { origin: 'https://evil.example' })).text(), 'the dashboard')
    assert.equal((await link(admin, 'for ever')).status, 400)
    assert.equal((await link('')).status, 401)
  })

  it('cannot make himself more by changing what the cookie says', async () => {
    const [, value = ''] =
      cookieOf(await logIn(VIEWER))
        .split(';')[0]
        ?.split('=') ?? []
    const [, until, signature] = value.split('.')
    for (const forged of [
      `${until}.${signature}`,
      `admin.${until}.${signature}`,
      `viewer.${Number(until) + 9}.${signature}`,
    ]) {
      assert.equal((await get('/dashboard', `hmonitor-dashboard=${forged}`)).status, 401)
    }
  })
})
