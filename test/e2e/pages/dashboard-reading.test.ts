import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { root } from '../../runtime.ts'
import { DemoDashboard } from '../demo-dashboard.ts'

const PAGES = ['demo', 'overview', 'stream', 'timeline', 'sources', 'incidents', 'alerts', 'preflight', 'set-up']
/** What is meant for a machine, or for a page of documentation. */
const NO_TEXT = /\$\{|`|\*\*|\bundefined\b|\bnull\b|\bNaN\b|\[object/
const PICTURES = join(root, 'test-results', 'dashboard')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describe('the dashboard, while a stream is down', { timeout: 280_000 }, () => {
  let demo: DemoDashboard
  let page: Page

  before(async () => {
    mkdirSync(PICTURES, { recursive: true })
    demo = await DemoDashboard.start()
    page = await demo.open()
    await demo.press('stop the publisher')
    await page.locator('.hm-card.is-down').first().waitFor({ timeout: 60_000 })
  })
  after(() => demo?.end())

  const go = (name: string, on = page) => demo.go(on, name)

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`can be read and used by everybody, in its ${colorScheme} look, while a stream is down`, async () => {
      const look = await demo.open({ colorScheme })
      for (const name of PAGES) {
        await go(name, look)
        await look.locator('.hm').first().waitFor()
        await look.waitForTimeout(1500)
        assert.doesNotMatch((await look.locator('body').allInnerTexts()).join(), NO_TEXT, name)
        await look.addScriptTag({ content: axe })
        const violations = await look.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(scope: Document): Promise<{ violations: Violation[] }> }
          }
          interface Violation {
            id: string
            impact: string
            nodes: { html: string }[]
          }
          const found = await axe.run(document)
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

  it('has each page headed once, and its charts as tables', async () => {
    for (const name of PAGES) {
      await go(name)
      await page.locator('.hm h1').waitFor({ state: 'attached' })
      assert.equal(await page.locator('h1').count(), 1, name)
    }
    for (const name of ['stream?target=demo', 'timeline']) {
      await go(name)
      await page.locator('.hm-numbers summary').click()
      const cells = page.locator('.hm-numbers td').filter({ hasText: /^[\d.]+ \S/ })
      await cells.first().waitFor()
      await page.screenshot({ path: join(PICTURES, `${name.replace(/\W.*/, '')}-table.png`), fullPage: true })
    }
  })

  it('opens and leaves the list of its pages by the keyboard', async () => {
    await go('overview')
    const menu = page.getByRole('button', { name: 'Pages' })
    await menu.focus()
    await page.keyboard.press('Enter')
    await page.locator('.v-navigation-drawer--active').waitFor()
    await page.locator('.v-navigation-drawer').getByText('Incidents').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.v-navigation-drawer--active').waitFor({ state: 'detached' })
    assert.equal(await menu.evaluate((button) => button === document.activeElement), true)
  })

  it('can be read at twice its size, and moves nothing for who wants no motion', async () => {
    const large = await demo.open({
      viewport: { width: 720, height: 450 },
      deviceScaleFactor: 2,
      reducedMotion: 'reduce',
    })
    for (const name of PAGES) {
      await go(name, large)
      await large.locator('.hm').first().waitFor()
      const beyond = await large.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(beyond <= 0, `${name} is ${beyond} pixels too wide`)
      const slow = await large.evaluate(
        () => document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 20).length,
      )
      assert.equal(slow, 0, `${name} moves`)
    }
    await large.context().close()
  })

  it('fits a telephone', async () => {
    const phone = await demo.open({ viewport: { width: 390, height: 844 } })
    for (const name of PAGES) {
      await go(name, phone)
      await phone.locator('.hm').first().waitFor()
      await phone.screenshot({ path: join(PICTURES, `${name}-phone.png`), fullPage: true })
      const beyond = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(beyond <= 0, `${name} is ${beyond} pixels too wide`)
    }
    await phone.context().close()
  })
})
