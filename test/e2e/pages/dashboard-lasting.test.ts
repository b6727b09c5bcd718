import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { DemoDashboard } from '../demo-dashboard.ts'

/** The node of `flows/alerts.json` that tells a webhook. */
const NOTIFY = '4a78b3af3a84813e'

describe('what was lost, on the dashboard', { timeout: 240_000 }, () => {
  let dashboard: DemoDashboard
  let page: Page

  before(async () => {
    // Nothing listens on port 1.
    dashboard = await DemoDashboard.start({ RTMP_STREAMS: 'main=rtmp://127.0.0.1:1/live/key' }, (dataDir) => {
      mkdirSync(join(dataDir, 'outbox'), { recursive: true })
      writeFileSync(join(dataDir, 'outbox', `${NOTIFY}.json`), '{} garbage')
    })
    page = await dashboard.open()
  })
  after(() => dashboard?.end())

  const notice = () => page.locator('.hm-lasting .hm-notice')
  const button = () => notice().getByRole('button', { name: 'I have seen it' })

  it('says which file was damaged, what is gone with it, and what to do', async () => {
    await notice().waitFor()
    const text = (await notice().textContent()) ?? ''
    assert.match(text, /^A file of the monitor was damaged/)
    assert.match(text, new RegExp(`${NOTIFY}\\.json is damaged .*alerts .*Webhook`))
    assert.match(text, /tell people what they may not have heard/)
    assert.equal(await notice().count(), 1)
  })

  it('has room on a phone, in light and in dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width: 360, height: 740 })
      const { scrollWidth, clientWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        clientWidth: document.documentElement.clientWidth,
      }))
      assert.ok(scrollWidth <= clientWidth, `${scrollWidth} of ${clientWidth}`)
      const box = await button().boundingBox()
      assert.ok(box && box.height >= 40 && box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box))
      const colours = await notice().evaluate((element) => {
        const { color, backgroundColor } = getComputedStyle(element)
        return [color, backgroundColor].map((text) => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number))
      })
      const [text, ground] = colours.map((parts) => parts.reduce((sum, part) => sum + part, 0))
      assert.ok(Math.abs((text ?? 0) - (ground ?? 0)) > 400, JSON.stringify(colours))
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('goes when somebody says that he has seen it, by the keyboard too', async () => {
    await button().focus()
    await page.keyboard.press('Enter')
    await notice().waitFor({ state: 'detached', timeout: 10_000 })
    await page.reload()
    await page.locator('.hm-card').first().waitFor()
    assert.equal(await notice().count(), 0)
  })

  it('stays gone after a restart', async () => {
    await dashboard.restart()
    page = await dashboard.open()
    await page.locator('.hm-card').first().waitFor()
    assert.equal(await notice().count(), 0)
    assert.deepEqual(dashboard.complaints, [])
  })
})
