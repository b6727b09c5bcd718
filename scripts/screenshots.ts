// Takes the pictures that README and docs show, of the demo as it runs: `npm run screenshots`. Three minutes.
import { readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { FlowNode } from '../app/flows.ts'
import { MonitorProcess, makeFolder } from '../test/app/monitor-process.ts'
import { startBrowser } from '../test/e2e/browser.ts'
import { root } from '../test/runtime.ts'

const PASSWORD = 'only for these pictures'
const FOLDER = join(root, 'docs', 'images')
/** Bytes. Who reads the docs on a phone should not wait for a picture. */
const LARGEST = 200_000

/** Seconds of healthy stream before the first picture, so that its charts show something. */
const WARM_UP = 60

/** Seconds until the alerts know what is a cause and what follows from it. */
const SORTED = 25

const DESK = { width: 1280, height: 760 }
const PHONE = { width: 390, height: 844 }

const folder = makeFolder()
const env = { DATA_DIR: folder.dataDir, ADMIN_PASSWORD: PASSWORD }
const monitor = new MonitorProcess(folder.path, env)
const browser = await startBrowser()
try {
  await monitor.up()
  await takeAll(browser)
} finally {
  await browser.close()
  await monitor.end()
  folder.remove()
}

async function takeAll(browser: Browser): Promise<void> {
  const page = await openDashboard(browser)
  await show(page, 'overview')
  await word(page, 'OK').waitFor()
  await page.waitForTimeout(WARM_UP * 1000)
  await take(page, 'overview', 500)

  await show(page, 'preflight')
  await page.getByLabel('For the platform').selectOption('youtube')
  await page.getByRole('button', { name: 'Check it now' }).click()
  await page.locator('.hm-result').filter({ hasText: 'demo for YouTube' }).waitFor()
  await take(page, 'preflight', 500)

  await press('stretch the GOP')
  await page.waitForTimeout(15_000)
  await press('back to normal')
  await page.waitForTimeout(15_000)
  await press('drop the frame rate')
  await show(page, 'stream?target=demo')
  await page.locator('.hm-charts path[d^="M"]').first().waitFor()
  await page.locator('.hm-verdict').filter({ hasText: 'Problem' }).waitFor()
  await page.waitForTimeout(5_000)
  await take(page, 'stream', 1100)

  const editor = await openEditor(browser)
  await press('stop the publisher')
  await show(page, 'overview')
  await word(page, 'DOWN').waitFor()
  await page.getByText('Check the internet connection').first().waitFor()
  await take(page, 'overview-fault', 640)

  await show(page, 'alerts')
  await page.locator('.hm-alert').first().waitFor()
  await page.waitForTimeout(SORTED * 1000)
  await take(page, 'alerts')

  await show(page, 'incidents')
  await page.locator('.hm-duty').first().waitFor()
  await take(page, 'incidents', 640)

  await show(page, 'timeline?target=demo')
  await page.locator('.hm-strip .hm-incident').first().waitFor()
  await page.getByLabel('Length').selectOption({ label: '5 minutes' })
  await page.waitForTimeout(5_000)
  await take(page, 'timeline', 1100)

  const dark = await openDashboard(browser, { colorScheme: 'dark' })
  await show(dark, 'overview')
  await word(dark, 'DOWN').waitFor()
  await take(dark, 'overview-dark', 640)

  const phone = await openDashboard(browser, { viewport: PHONE })
  await show(phone, 'overview')
  await word(phone, 'DOWN').waitFor()
  await take(phone, 'phone')

  await editor.locator('.red-ui-flow-node-status-label').filter({ hasText: 'down' }).first().waitFor()
  await take(editor, 'editor')
}

/** The word for the state on the card of the demo's stream. */
function word(page: Page, state: string) {
  const card = page.locator('.hm-card').filter({ has: page.getByText('demo', { exact: true }) })
  return card.locator('.hm-word').filter({ hasText: state })
}

/** A browser of its own that has logged in to the dashboard. */
async function openDashboard(browser: Browser, look: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, locale: 'en-GB', colorScheme: 'light', ...look })
  const page = await context.newPage()
  page.setDefaultTimeout(90_000)
  await page.goto(`${monitor.url}/dashboard`)
  await page.fill('#password', PASSWORD)
  await page.click('button')
  await page.waitForURL(/\/dashboard(?!\/login)/)
  return page
}

async function show(page: Page, name: string): Promise<void> {
  await page.goto(`${monitor.url}/dashboard/${name}`)
  await page.locator('.hm').first().waitFor()
}

/** The editor with the flow that collects. */
async function openEditor(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1500, height: 720 }, locale: 'en-US' })
  const page = await context.newPage()
  await page.goto(`${monitor.url}/`)
  await page.fill('#node-dialog-login-username', 'admin')
  await page.fill('#node-dialog-login-password', PASSWORD)
  await page.click('#node-dialog-login-submit')
  await page.locator('.red-ui-palette-node[data-palette-type="inject"]').waitFor()
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' })
  await page.locator('#red-ui-tab-d2b8929a63cca6ae').click()
  return page
}

/** Presses a button of the demo's tab. */
async function press(button: string): Promise<void> {
  const nodes = JSON.parse(readFileSync(join(root, 'app', 'demo', 'flow.json'), 'utf8')) as FlowNode[]
  const id = nodes.find((node) => node.type === 'inject' && node.name === button)?.id
  const headers = { authorization: `Bearer ${await monitor.logIn(PASSWORD)}` }
  const response = await fetch(`${monitor.url}/inject/${id}`, { method: 'POST', headers })
  if (!response.ok) throw new Error(`The demo has no button "${button}": ${response.status}`)
}

/** `height`: in pixels, of a page that is shorter or longer than the screen. */
async function take(page: Page, name: string, height?: number): Promise<void> {
  const path = join(FOLDER, `${name}.png`)
  await page.mouse.move(0, 0)
  const { width } = page.viewportSize() ?? DESK
  await page.waitForTimeout(700)
  await page.screenshot({
    path,
    animations: 'disabled',
    ...(height && { fullPage: true, clip: { x: 0, y: 0, width, height } }),
  })
  const { size } = statSync(path)
  console.log(`${relative(root, path)}: ${Math.round(size / 1000)} kB`)
  if (size > LARGEST) throw new Error(`${path} has ${size} bytes, more than ${LARGEST}`)
}
