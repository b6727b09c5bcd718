import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { FlowNode } from '../../app/flows.ts'
import { MonitorProcess, makeFolder } from '../app/monitor-process.ts'
import { root } from '../runtime.ts'
import { startBrowser } from './browser.ts'

const PASSWORD = 'open sesame'

/** How Chromium speaks of what it does not do because of a header. */
const OF_HEADERS = /Content.Security.Policy|X-Frame-Options|refused to|blocked by|MIME type|Permissions-Policy/i

/** The demo as `npm start` starts it, and a browser to look at its dashboard with. */
export class DemoDashboard {
  monitor: MonitorProcess
  readonly browser: Browser
  /** What scripts of the pages have thrown, and what the browser refused them because of a header. */
  readonly complaints: string[] = []
  readonly #folder: ReturnType<typeof makeFolder>
  readonly #env: Record<string, string>

  private constructor(browser: Browser, folder: ReturnType<typeof makeFolder>, env: Record<string, string>) {
    this.#env = { DATA_DIR: folder.dataDir, ADMIN_PASSWORD: PASSWORD, ...env }
    this.monitor = new MonitorProcess(folder.path, this.#env)
    this.browser = browser
    this.#folder = folder
  }

  /**
   * @param env with streams in it there is no demo
   * @param prepare makes what lies in DATA_DIR before the first start
   */
  static async start(
    env: Record<string, string> = {},
    prepare: (dataDir: string) => void = () => {},
  ): Promise<DemoDashboard> {
    const folder = makeFolder()
    prepare(folder.dataDir)
    const dashboard = new DemoDashboard(await startBrowser(), folder, env)
    await dashboard.monitor.up()
    return dashboard
  }

  /** Ends the monitor and starts it again with the same data. */
  async restart(): Promise<void> {
    await this.monitor.end()
    this.monitor = new MonitorProcess(this.#folder.path, this.#env)
    await this.monitor.up()
  }

  async end(): Promise<void> {
    await this.browser.close()
    await this.monitor.end()
    this.#folder.remove()
  }

  /** A browser of its own that has logged in. */
  async open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    const page = await context.newPage()
    this.#listen(page)
    await page.goto(`${this.monitor.url}/dashboard`)
    await page.fill('#password', PASSWORD)
    await page.click('button')
    await page.waitForURL(/\/dashboard(?!\/login)/)
    return page
  }

  /** The editor, after its login. */
  async openEditor(): Promise<Page> {
    const page = await (await this.browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
    this.#listen(page)
    await page.goto(this.monitor.url)
    await page.fill('#node-dialog-login-username', 'admin')
    await page.fill('#node-dialog-login-password', PASSWORD)
    await page.press('#node-dialog-login-password', 'Enter')
    return page
  }

  #listen(page: Page): void {
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error' && OF_HEADERS.test(message.text())) this.complaints.push(message.text())
    })
  }

  async go(page: Page, name: string): Promise<void> {
    await page.goto(`${this.monitor.url}/dashboard/${name}`)
  }

  /** Presses a button of the editor's tab *Demo*. */
  async press(button: string): Promise<void> {
    const nodes = JSON.parse(readFileSync(join(root, 'app/demo/flow.json'), 'utf8')) as FlowNode[]
    const id = nodes.find((node) => node.type === 'inject' && node.name === button)?.id
    const headers = { authorization: `Bearer ${await this.monitor.logIn(PASSWORD)}` }
    assert.equal((await fetch(`${this.monitor.url}/inject/${id}`, { method: 'POST', headers })).status, 200)
  }
}
