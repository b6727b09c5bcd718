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
    ioMiddleware({ handshake: { headers } }, (error) => {
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
