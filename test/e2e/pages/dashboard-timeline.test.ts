import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { root } from '../../runtime.ts'
import { DemoDashboard } from '../demo-dashboard.ts'

const PICTURES = join(root, 'test-results', 'dashboard')

describe('the time line on the dashboard', { timeout: 280_000 }, () => {
  let demo: DemoDashboard
  let page: Page

  before(async () => {
    mkdirSync(PICTURES, { recursive: true })
    demo = await DemoDashboard.start()
    page = await demo.open()
    await demo.go(page, 'timeline')
  })
  after(() => demo?.end())

  const strip = (name: string) => page.locator('.hm-row').filter({ hasText: name }).locator('.hm-strip').first()
  const length = () => page.getByLabel('Length').inputValue()

  it('shows a stream and what it depends on, each in its lane, and time before the monitor as unmeasured', async () => {
    await strip('demo-encoder').locator('.hm-ok').first().waitFor({ timeout: 60_000 })
    // Of a stream that has never been well it is no news that it is away.
    const stream = page.locator('.hm-row').filter({ has: page.getByText('demo', { exact: true }) })
    await stream.locator('.hm-strip .hm-ok').first().waitFor({ timeout: 60_000 })
    assert.deepEqual(
      (await page.locator('.hm-plot h2').allInnerTexts()).map((text) => text.trim()),
      ['Encoder', 'Network', 'Stream', 'Platform', 'Incidents and messages', 'Values'],
    )
    for (const name of ['demo-encoder', 'demo-host', 'demo-relay', 'demo-event']) {
      await strip(name).locator('.hm-unmeasured').first().waitFor()
    }
    await page.locator('.hm-chart path.hm-line[d^="M"]').first().waitFor({ state: 'attached', timeout: 60_000 })
  })

  it('shows a fault in its lane, and says it in words', async () => {
    await demo.press('stop the publisher')
    await page.locator('.hm-strip .hm-down').first().waitFor({ timeout: 60_000 })
    await page.locator('.hm-happened').getByText('OK → DOWN').first().waitFor({ timeout: 60_000 })
    await page.screenshot({ path: join(PICTURES, 'timeline.png') })
  })

  it('is zoomed and moved by the keyboard alone', async () => {
    assert.equal(await length(), String(15 * 60_000))
    await page.getByRole('slider', { name: 'Time' }).focus()
    await page.keyboard.press('-')
    assert.equal(await length(), String(60 * 60_000))
    await page.keyboard.press('+')
    await page.keyboard.press('+')
    assert.equal(await length(), String(5 * 60_000))
    await page.keyboard.press('PageUp')
    assert.equal(await page.getByRole('button', { name: 'Now' }).getAttribute('aria-pressed'), 'false')
    await page.keyboard.press('Home')
    assert.match((await page.getByRole('slider', { name: 'Time' }).getAttribute('aria-valuetext')) ?? '', /demo \w+/)
    await page.getByRole('button', { name: 'Now' }).press('Enter')
    assert.equal(await page.getByRole('button', { name: 'Now' }).getAttribute('aria-pressed'), 'true')
  })

  it('has the fault on the page Incidents: one, with its cause, taken on by the keyboard alone', async () => {
    await demo.go(page, 'incidents')
    const incident = page.locator('.hm-duty')
    await incident.locator('.hm-where').getByText('encoder').waitFor({ timeout: 60_000 })
    assert.equal(await incident.count(), 1)
    const takeOn = incident.getByRole('button', { name: 'I am on it' })
    await takeOn.focus()
    await page.keyboard.press('Enter')
    await incident.getByText('acknowledged on the dashboard').waitFor({ timeout: 30_000 })
    await takeOn.waitFor({ state: 'detached' })
    await page.screenshot({ path: join(PICTURES, 'incidents.png'), fullPage: true })
  })

  it('is where the incident leads, with its time in sight', async () => {
    await page.locator('.hm-duty').getByRole('link', { name: 'Time line' }).press('Enter')
    await page.locator('.hm-strip .hm-incident').first().waitFor({ timeout: 60_000 })
    assert.match(page.url(), /target=demo&from=/)
    await demo.go(page, 'timeline')
  })

  it('says where nobody watched', async () => {
    await page.getByLabel('Length').selectOption(String(5 * 60_000))
    for (let times = 0; times < 8; times++) await page.getByRole('button', { name: 'Earlier' }).click()
    await page.getByText('Nobody watched in this time').waitFor({ timeout: 30_000 })
    assert.deepEqual(demo.complaints, [])
  })
})
