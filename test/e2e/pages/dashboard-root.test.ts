import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type FlowNode, type Runtime, root, startRuntime } from '../../runtime.ts'
import { startBrowser } from '../browser.ts'

/** The shipped flow under a path of its own, with two targets to look at. */
function flows(path: string): FlowNode[] {
  const shipped = JSON.parse(readFileSync(join(root, 'flows/dashboard.json'), 'utf8')) as FlowNode[]
  const tab = { id: '7ab0000000000001', type: 'tab', label: 'Targets', disabled: false, info: '', env: [] }
  const common = { z: tab.id, monitor: 'b04fefe2eb112f36', labels: {}, x: 150, wires: [[], [], []] }
  return [
    ...shipped.map((node) => (node.type === 'ui-base' ? { ...node, path } : node)),
    tab,
    {
      ...{ ...common, id: '7ab0000000000002', type: 'hmonitor-ffprobe', name: 'main', url: 'rtmp://127.0.0.1:9/live' },
      ...{ expected: 'always', media: 'both', interval: '1', verifyTls: true, y: 80 },
    },
    {
      ...{ ...common, id: '7ab0000000000003', type: 'hmonitor-ping', name: 'host', address: '127.0.0.1' },
      ...{ expected: 'always', interval: '5', count: '5', family: 'any', y: 140 },
    },
  ]
}

for (const path of ['/dashboard', '/wall/screen']) {
  describe(`the dashboard of a Node-RED with httpNodeRoot /hm/, at ${path}`, { timeout: 120_000 }, () => {
    let runtime: Runtime
    let browser: Browser
    let page: Page
    let home: string

    before(async () => {
      runtime = await startRuntime({ flows: flows(path), settings: { httpNodeRoot: '/hm/' } })
      home = `${runtime.url}/hm${path}`
      browser = await startBrowser()
      page = await browser.newPage()
      page.setDefaultTimeout(30_000)
    })
    after(async () => {
      await browser?.close()
      await runtime?.stop()
    })

    const card = (name: string) => page.locator('.hm-card').filter({ has: page.getByText(name, { exact: true }) })

    it('leads from a card to its page and back', async () => {
      await page.goto(`${home}/overview`)
      await card('main').click()
      await page.waitForURL(`${home}/stream?target=main`)
      await page.getByRole('heading', { name: 'Stream main' }).waitFor({ state: 'attached' })
      await page.goBack()
      await card('host').click()
      await page.waitForURL((url) => url.href.startsWith(`${home}/sources#`))
      await page.getByRole('heading', { name: 'Hosts' }).waitFor()
    })

    it('has links that open in a tab of their own, too', async () => {
      await page.goto(`${home}/overview`)
      await card('main').waitFor()
      const links = await page
        .locator('.hm a')
        .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
      assert.ok(links.length >= 2)
      for (const link of links) assert.ok(link.startsWith(`${home}/`), link)
      await page.goto(links[0] ?? '')
      await page.locator('.hm').first().waitFor()
      assert.match(page.url(), /\/hm\/.*\/(stream|sources)/)
    })
  })
}
