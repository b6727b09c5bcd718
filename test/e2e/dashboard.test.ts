import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { FlowNode } from '../../app/flows.ts'
import { MonitorProcess, makeFolder } from '../app/monitor-process.ts'
import { root } from '../runtime.ts'
import { startBrowser } from './browser.ts'

const PASSWORD = 'open sesame'
const PAGES = ['overview', 'stream', 'sources', 'alerts', 'preflight']
const PICTURES = join(root, 'test-results', 'dashboard')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe('the dashboard of the demo', { timeout: 240_000 }, () => {
  const folder = makeFolder()
  let monitor: MonitorProcess
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  before(async () => {
    mkdirSync(PICTURES, { recursive: true })
    monitor = new MonitorProcess(folder.path, { DATA_DIR: folder.dataDir, ADMIN_PASSWORD: PASSWORD })
    browser = await startBrowser()
    await monitor.up()
    page = await open()
  })
  after(async () => {
    await browser?.close()
    await monitor?.end()
    folder.remove()
  })

  /** A browser of its own that has logged in. */
  const open = async (options: Parameters<Browser['newContext']>[0] = {}) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    const opened = await context.newPage()
    opened.setDefaultTimeout(30_000)
    opened.on('pageerror', (error) => complaints.push(String(error)))
    await opened.goto(`${monitor.url}/dashboard`)
    await opened.fill('#password', PASSWORD)
    await opened.click('button')
    await opened.waitForURL(/\/dashboard(?!\/login)/)
    return opened
  }
  const go = (name: string, on = page) => on.goto(`${monitor.url}/dashboard/${name}`)
  const press = async (button: string) => {
    const nodes = JSON.parse(readFileSync(join(root, 'app/demo/flow.json'), 'utf8')) as FlowNode[]
    const id = nodes.find((node) => node.type === 'inject' && node.name === button)?.id
    const headers = { authorization: `Bearer ${await monitor.logIn(PASSWORD)}` }
    assert.equal((await fetch(`${monitor.url}/inject/${id}`, { method: 'POST', headers })).status, 200)
  }
  const card = (on = page) =>
    on
      .locator('.hm-card')
      .filter({ has: on.getByText('demo', { exact: true }) })
      .first()

  it('shows nothing to who has no password, neither a page nor a value', async () => {
    for (const path of ['', ...PAGES.map((name) => `/${name}`), '/_setup', '/socket.io/?EIO=4&transport=polling']) {
      const response = await fetch(`${monitor.url}/dashboard${path}`)
      if (path.startsWith('/socket.io')) {
        // The transport may answer; what matters is that no session follows without the cookie.
        const { sid } = JSON.parse((await response.text()).replace(/^\d+/, ''))
        const ask = `${monitor.url}/dashboard/socket.io/?EIO=4&transport=polling&sid=${sid}`
        await fetch(ask, { method: 'POST', body: '40' })
        assert.match(await (await fetch(ask)).text(), /Log in to the dashboard first/)
      } else assert.equal(response.status, 401, path)
    }
  })

  it('shows the stream of the demo as well, with what it sends', async () => {
    await go('overview')
    await card().locator('.hm-word').filter({ hasText: 'OK' }).waitFor()
    await card().getByText('Mb/s').waitFor()
    await page.screenshot({ path: join(PICTURES, 'overview.png') })
  })

  it('leads from a card to its stream by the keyboard alone', async () => {
    await card().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/dashboard\/stream\?target=demo/)
    await page.getByText('Key frame interval').waitFor()
    await page.locator('.hm-charts path[d^="M"]').first().waitFor()
    await page.screenshot({ path: join(PICTURES, 'stream.png'), fullPage: true })
  })

  it('says whether a stream is fit for a platform', async () => {
    await go('preflight')
    await page.getByLabel('For the platform').selectOption('youtube')
    await page.getByRole('button', { name: 'Check it now' }).click()
    await page
      .locator('.hm-result')
      .filter({ hasText: /demo for youtube/ })
      .waitFor()
    const verdict = await page.locator('.hm-result strong').textContent()
    assert.match(verdict ?? '', /^(Ready|Ready, with advice|Not ready)$/)
    await page.screenshot({ path: join(PICTURES, 'preflight.png'), fullPage: true })
  })

  it('shows the stop of the publisher, what to do, and the alert', async () => {
    await go('overview')
    await press('stop the publisher')
    await card().locator('.hm-word').filter({ hasText: 'DOWN' }).waitFor()
    await card().getByText('Look at the encoder').waitFor()
    await page.screenshot({ path: join(PICTURES, 'overview-down.png') })
    await go('stream?target=demo')
    await page.getByText('The stream should be on the air').first().waitFor()
    await go('alerts')
    const alert = page.locator('.hm-alert').filter({ hasText: 'The stream should be on the air' })
    await alert.waitFor()
    await alert.getByRole('button', { name: 'I am on it' }).click()
    await alert.getByText('seen by dashboard').waitFor()
    await alert.getByRole('button', { name: 'Silence 15 min' }).click()
    await alert.getByText('silent until').waitFor()
    await page.screenshot({ path: join(PICTURES, 'alerts.png'), fullPage: true })
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`can be read and used by everybody, in its ${colorScheme} look, while a stream is down`, async () => {
      const look = await open({ colorScheme })
      for (const name of PAGES) {
        await go(name, look)
        await look.locator('.hm').first().waitFor()
        await look.waitForTimeout(1500)
        await look.addScriptTag({ content: axe })
        const violations = await look.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: { run(scope: object): Promise<{ violations: Violation[] }> } }
          interface Violation {
            id: string
            impact: string
            nodes: { html: string }[]
          }
          const found = await axe.run({ include: [['.hm']] })
          return found.violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
        })
        await look.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`), fullPage: true })
        assert.deepEqual(violations, [], name)
      }
      await look.context().close()
    })
  }

  it('fits a telephone', async () => {
    const phone = await open({ viewport: { width: 390, height: 844 } })
    for (const name of PAGES) {
      await go(name, phone)
      await phone.locator('.hm').first().waitFor()
      await phone.screenshot({ path: join(PICTURES, `${name}-phone.png`), fullPage: true })
      const beyond = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(beyond <= 0, `${name} is ${beyond} pixels too wide`)
    }
    await phone.context().close()
  })

  it('takes the word that the event is over: then nothing is wrong any more', async () => {
    await go('stream?target=demo')
    await page.getByRole('button', { name: 'Event is over' }).click()
    await page.getByRole('button', { name: 'End the event' }).click()
    await page.locator('.hm-said').filter({ hasText: 'The event is over' }).waitFor()
    await page.locator('.hm-verdict').filter({ hasText: 'Off air' }).waitFor()
    await go('alerts')
    await page.getByText('The stream should be on the air').first().waitFor()
    await page
      .locator('.hm-alert')
      .filter({ hasText: 'The stream should be on the air' })
      .waitFor({ state: 'detached' })
  })

  it('does not go on showing that all is well when the monitor is gone', async () => {
    await press('back to normal')
    await go('overview')
    await card().locator('.hm-word').filter({ hasText: 'OK' }).waitFor()
    await monitor.end()
    await page.getByText('No news from the monitor').waitFor()
    await card().locator('.hm-word').filter({ hasText: 'Unknown' }).waitFor()
    assert.deepEqual(complaints, [])
  })
})
