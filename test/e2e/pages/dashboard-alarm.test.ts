import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { DemoDashboard } from '../demo-dashboard.ts'

type Alarm = 'off' | 'blocked' | 'elsewhere' | 'on' | 'sounding'

describe('the alarm of the dashboard', { timeout: 290_000 }, () => {
  let demo: DemoDashboard
  let page: Page

  before(async () => {
    demo = await DemoDashboard.start()
    page = await demo.open()
  })
  after(() => demo?.end())

  const alarm = (state: Alarm, on = page) => on.locator(`.hm-alarm[data-alarm=${state}]`).waitFor()
  /** The longest that an alert takes to end is a cache that has to empty, with its hold time. */
  const title = (pattern: RegExp, on = page) =>
    on.waitForFunction(
      ({ source }) => new RegExp(source).test(document.title),
      { source: pattern.source },
      { timeout: 90_000 },
    )
  /** As somebody does who touches the screen: on nothing that does anything. */
  const touch = (on: Page) => on.mouse.click(700, 880)
  const answerAll = async () => {
    await demo.go(page, 'alerts')
    await page.locator('.hm-alert').first().waitFor()
    // A page that was loaded anew may have to be touched before it may sound.
    await page.locator('h1').first().click()
    await alarm('sounding')
    const button = page.locator('.hm-alert.is-down.hm-filled').getByRole('button', { name: 'I am on it' })
    const acknowledge = async (): Promise<void> => {
      if ((await page.locator('.hm-alarm[data-alarm=sounding]').count()) === 0) return
      // The one that is there now: until the monitor has answered its button stays, and would be counted again.
      const [first] = await button.elementHandles()
      await first?.click()
      await first?.waitForElementState('hidden')
      await page.waitForTimeout(100)
      await acknowledge()
    }
    await acknowledge()
  }

  it('is off until somebody switches it on, and says so on every page', async () => {
    for (const name of ['overview', 'stream', 'sources', 'incidents', 'alerts', 'preflight']) {
      await demo.go(page, name)
      await alarm('off')
      await page.getByRole('button', { name: 'Sound off', pressed: false }).waitFor()
    }
    await page.getByRole('button', { name: 'Sound off' }).click()
    await page.getByRole('button', { name: 'Sound on', pressed: true }).waitFor()
  })

  it('stays on while one goes from page to page, over a reload, and in a new tab', async () => {
    await page.getByRole('button', { name: 'Sound on' }).waitFor()
    await demo.go(page, 'overview')
    await touch(page)
    await alarm('on')
    // The one that needs somebody most stands first, and on a busy machine that may be any.
    await page.locator('.hm-card[href*="/stream"]').first().click()
    await page.waitForURL(/\/stream/)
    await alarm('on')
    await page.reload()
    await touch(page)
    await alarm('on')
  })

  it('says that the browser waits for a click, where it does', async () => {
    const fresh = await demo.open()
    // A browser that lets nothing sound before it was touched, as each does where the page is new to it.
    await fresh.addInitScript(() => {
      const resume = AudioContext.prototype.resume
      let isTouched = false
      addEventListener('pointerdown', () => (isTouched = true), true)
      Object.defineProperty(AudioContext.prototype, 'state', { get: () => (isTouched ? 'running' : 'suspended') })
      AudioContext.prototype.resume = function (this: AudioContext) {
        return isTouched ? resume.call(this) : new Promise(() => undefined)
      }
    })
    await fresh.evaluate(() => localStorage.setItem('hmonitor-sound', 'on'))
    await demo.go(fresh, 'overview')
    await alarm('blocked', fresh)
    await fresh.getByText('Click anywhere to allow sound').waitFor()
    await touch(fresh)
    await alarm('on', fresh)
    await fresh.context().close()
  })

  it('sounds on whatever page is shown when something critical happens, and counts in the title', async () => {
    await demo.go(page, 'preflight')
    await touch(page)
    await alarm('on')
    await title(/^Preflight$/)
    await demo.press('stop the publisher')
    await alarm('sounding')
    await title(/^\(\d+\) Preflight$/)
    await page.locator('.hm-count').click()
    await page.waitForURL(/\/alerts/)
    await title(/^\(\d+\) Alerts$/)
    await alarm('sounding')
  })

  it('goes on after a reload', async () => {
    await page.reload()
    await touch(page)
    await alarm('sounding')
  })

  it('sounds in one of two tabs, and in the other when that one is closed', async () => {
    const other = await page.context().newPage()
    await demo.go(other, 'overview')
    await touch(other)
    await alarm('elsewhere', other)
    await alarm('sounding')
    const { length } = page.context().pages()
    await page.close()
    page = other
    await alarm('sounding')
    assert.equal(length, 2)
  })

  it('stops as soon as somebody has acknowledged what is critical', async () => {
    await answerAll()
    await alarm('on')
    await title(/^\(\d+\) Alerts$/)
  })

  it('has a plain title again when all is over', async () => {
    await demo.press('back to normal')
    await title(/^Alerts$/)
    await alarm('on')
    assert.deepEqual(demo.complaints, [])
  })

  it('says in the title that nothing is known when the monitor is gone, and sounds', async () => {
    await demo.monitor.end()
    await title(/^\(\?\) Alerts$/)
    await page.locator('.hm-alarm[data-alarm=sounding]').waitFor({ timeout: 60_000 })
  })
})
