import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { root } from '../../runtime.ts'
import { DemoDashboard } from '../demo-dashboard.ts'

const PAGES = ['demo', 'overview', 'stream', 'timeline', 'sources', 'incidents', 'alerts', 'preflight']
const PICTURES = join(root, 'test-results', 'dashboard')

describe('the dashboard of the demo', { timeout: 240_000 }, () => {
  let demo: DemoDashboard
  let page: Page

  before(async () => {
    mkdirSync(PICTURES, { recursive: true })
    demo = await DemoDashboard.start()
    page = await demo.open()
  })
  after(() => demo?.end())

  const go = (name: string, on = page) => demo.go(on, name)
  const press = (button: string) => demo.press(button)
  const card = (on = page) =>
    on
      .locator('.hm-card')
      .filter({ has: on.getByText('demo', { exact: true }) })
      .first()

  it('shows nothing to who has no password, neither a page nor a value', async () => {
    for (const path of ['', ...PAGES.map((name) => `/${name}`), '/_setup', '/socket.io/?EIO=4&transport=polling']) {
      const response = await fetch(`${demo.monitor.url}/dashboard${path}`)
      if (path.startsWith('/socket.io')) {
        // The transport may answer; what matters is that no session follows without the cookie.
        const { sid } = JSON.parse((await response.text()).replace(/^\d+/, ''))
        const ask = `${demo.monitor.url}/dashboard/socket.io/?EIO=4&transport=polling&sid=${sid}`
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

  it('shows the picture of the stream that is looked at, newer and newer, and none of another page', async () => {
    const picture = page.locator('.hm-picture img')
    await picture.waitFor()
    assert.match((await picture.getAttribute('alt')) ?? '', /^The stream demo at \d/)
    assert.equal(
      await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
      640,
    )
    const first = await picture.getAttribute('src')
    await page.screenshot({ path: join(PICTURES, 'stream-picture.png'), fullPage: true })
    await page.waitForFunction((src) => document.querySelector('.hm-picture img')?.getAttribute('src') !== src, first)
    assert.match((await page.locator('.hm-picture b').textContent()) ?? '', /^\d+ s old$/)
  })

  it('says whether a stream is fit for a platform', async () => {
    await go('preflight')
    await page.getByLabel('For the platform').selectOption('youtube')
    await page.getByRole('button', { name: 'Check it now' }).click()
    await page
      .locator('.hm-result')
      .filter({ hasText: /demo for YouTube/ })
      .waitFor()
    const verdict = await page.locator('.hm-result strong').textContent()
    assert.match(verdict ?? '', /^(Ready|Ready, with warnings|Not ready)$/)
    await page.screenshot({ path: join(PICTURES, 'preflight.png'), fullPage: true })
  })

  it('shows the stop of the publisher, what to do, and the alert', async () => {
    const watching = await demo.open()
    await go('stream?target=demo', watching)
    await watching.locator('.hm-picture img').waitFor()
    await go('overview')
    await press('stop the publisher')
    await card().locator('.hm-word').filter({ hasText: 'DOWN' }).waitFor()
    // Its own advice at first, and that of its encoder as soon as that says that it is interrupted.
    await card().locator('.hm-remedy').filter({ hasText: 'encoder' }).waitFor()
    await page.screenshot({ path: join(PICTURES, 'overview-down.png') })
    await go('stream?target=demo')
    await page.getByText('No data from the stream').first().waitFor()
    await watching
      .locator('.hm-picture b')
      .filter({ hasText: /^not live: \d+ s old$/ })
      .waitFor({ timeout: 60_000 })
    assert.match((await watching.locator('.hm-picture img').getAttribute('alt')) ?? '', /, not live$/)
    await watching.context().close()
    await go('alerts')
    const alert = page
      .locator('.hm-alert')
      // The alert of its probable cause names it too.
      .filter({ has: page.locator('strong').filter({ hasText: 'No data from the stream' }) })
      .filter({ hasText: 'Critical' })
    await alert.waitFor()
    await page.getByLabel('Your name').fill('Anna')
    await alert.getByRole('button', { name: 'I am on it' }).click()
    await alert.getByText('acknowledged by Anna').waitFor()
    await alert.getByRole('button', { name: 'Silence 15 min' }).click()
    await alert.getByText('silenced until').waitFor()
    await page.screenshot({ path: join(PICTURES, 'alerts.png'), fullPage: true })
  })

  it('causes a fault by a button of its page, which shows what comes of it', async () => {
    await go('demo')
    await page.getByRole('button', { name: 'Silence Vimeo' }).click()
    await page.getByText("Vimeo's API fails").waitFor()
    await page.locator('.hm-demo li.hm-filled').filter({ hasText: 'demo-event' }).waitFor()
    await page.getByRole('button', { name: 'Back to normal' }).click()
    await page.getByText('No fault').waitFor()
  })

  it('opens beside the editor, and the browser refuses neither of them anything because of its headers', async () => {
    const editor = await demo.openEditor()
    await editor.locator('.red-ui-palette-node').first().waitFor()
    await editor.locator('.red-ui-flow-node').first().waitFor()
    await editor.context().close()
    for (const name of PAGES) {
      await go(name)
      await page.locator('.hm').first().waitFor()
    }
    assert.deepEqual(demo.complaints, [])
  })

  it('takes the word that the event is over: then nothing is wrong any more', async () => {
    await press('stop the publisher')
    await go('stream?target=demo')
    await page.locator('.hm-verdict').filter({ hasText: 'DOWN' }).waitFor()
    await page.getByRole('button', { name: 'Event is over' }).click()
    await page.getByRole('button', { name: 'End the event' }).click()
    await page.locator('.hm-said').filter({ hasText: 'The event is over' }).waitFor()
    await page.locator('.hm-verdict').filter({ hasText: 'Off air' }).waitFor()
    await go('alerts')
    await page.getByText('No data from the stream').first().waitFor()
    await page.locator('.hm-alert').filter({ hasText: 'No data from the stream' }).waitFor({ state: 'detached' })
  })

  it('warns of ending an event while media arrives, says loudly that alarms are off, and takes it back', async () => {
    await go('overview')
    const streaming = (name: string) =>
      page.locator('.hm-card').filter({ hasText: name }).getByText('streaming', { exact: true }).first()
    // An encoder or a platform that only now says that it has begun would begin the next event: neither is to be shown
    // as it was before the stop.
    for (const name of ['demo-encoder', 'demo-event']) await streaming(name).waitFor({ state: 'hidden' })
    await press('back to normal')
    for (const name of ['demo-encoder', 'demo-event']) await streaming(name).waitFor()
    await go('stream?target=demo')
    const verdict = page.locator('.hm-verdict')
    await verdict.filter({ hasText: 'OK' }).waitFor()
    await page.getByText('expected on air').waitFor()
    await page.getByRole('button', { name: 'Event is over' }).click()
    await page.locator('.hm-confirm').filter({ hasText: 'Media is still arriving' }).waitFor()
    assert.equal(await page.locator('.hm-confirm .hm-main').textContent(), 'Not yet')
    await page.getByRole('button', { name: 'End it all the same' }).click()
    await verdict.filter({ hasText: 'Alarms off' }).waitFor()
    await go('overview')
    await card().locator('.hm-word').filter({ hasText: 'Alarms off' }).waitFor()
    assert.match((await page.locator('.hm-headline').textContent()) ?? '', /1 with alarms off/)
    await go('stream?target=demo')
    await page.getByRole('button', { name: 'It goes on' }).click()
    await verdict.filter({ hasText: 'OK' }).waitFor()
    await page.getByText('expected on air').waitFor()
  })

  it('does not go on showing that all is well when the monitor is gone', async () => {
    await press('back to normal')
    await go('overview')
    await card().locator('.hm-word').filter({ hasText: 'OK' }).waitFor()
    await demo.monitor.end()
    await page.getByText('Monitor not responding').waitFor()
    await card().locator('.hm-word').filter({ hasText: 'Unknown' }).waitFor()
    for (const foot of await page.locator('.hm-foot').allTextContents()) assert.match(foot, /· \d+ (s|min) ago$/)
    assert.deepEqual(demo.complaints, [])
  })
})
