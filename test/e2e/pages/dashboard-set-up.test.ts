import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type SmtpSink, smtpSink } from '../../fixtures/sinks.ts'
import { root } from '../../runtime.ts'
import { DemoDashboard } from '../demo-dashboard.ts'

const PICTURES = join(root, 'test-results', 'dashboard')

describe('setting up on the dashboard', { timeout: 280_000 }, () => {
  let demo: DemoDashboard
  let page: Page
  let file: string
  let mailbox: SmtpSink

  before(async () => {
    mkdirSync(PICTURES, { recursive: true })
    mailbox = await smtpSink({ login: { user: 'monitor', password: 'of-the-mail-server' } })
    demo = await DemoDashboard.start({}, (dataDir) => {
      file = join(dataDir, 'targets.json')
    })
    page = await demo.open()
    await demo.go(page, 'set-up')
  })
  after(async () => {
    await demo?.end()
    await mailbox?.close()
  })

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const written = () => JSON.parse(readFileSync(file, 'utf8'))

  it('says that this is the demo, and offers every kind of target', async () => {
    await page.getByText('This is the demo').waitFor({ timeout: 60_000 })
    for (const kind of ['stream', 'host', 'service', 'bandwidth test', 'encoder', 'live event']) {
      assert.ok(await button(kind).isVisible(), kind)
    }
  })

  it('leads from three questions to the forms, with the times as a week', async () => {
    await page.getByLabel('What do you stream with?').selectOption({ label: 'OBS Studio' })
    await page.getByLabel('Where do you stream to?').selectOption({ label: 'YouTube' })
    await page.getByLabel('When are you on the air?').selectOption({ label: 'At the same times each week' })
    await page.getByText('keyframe interval 2 s').waitFor()
    await page.getByText('a relay of your own').first().waitFor()
    assert.equal(await button('Add the encoder').count(), 0, 'OBS is no target')
    await page.screenshot({ path: join(PICTURES, 'set-up-first-run.png'), fullPage: true })
    await button('Add the stream').press('Enter')
    assert.equal(await page.getByLabel('Name').inputValue(), 'main')
    assert.equal(await page.locator('#hm-profile').inputValue(), 'youtube')
    assert.ok(await page.getByLabel('sun', { exact: true }).isChecked())
    await page.keyboard.press('Escape')
    await button('Who is told').press('Enter')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Who is told')
  })

  it('tries a stream before it is watched, and says what is wrong with it', async () => {
    await button('stream').click()
    await page.getByLabel('Name').fill('mine')
    await page.getByLabel('Server URL').fill('rtmp://127.0.0.1:1/live/key-of-mine')
    await button('Try it now').click()
    await page.getByText('nothing listens on that port').waitFor({ timeout: 60_000 })
    await page.screenshot({ path: join(PICTURES, 'set-up-stream.png'), fullPage: true })
  })

  it('watches it in the place of the demo once it is saved, and writes only what was said', async () => {
    await button('Save').click()
    await page.getByText('mine is watched now').waitFor({ timeout: 60_000 })
    assert.deepEqual(written(), { streams: [{ name: 'mine', url: 'rtmp://127.0.0.1:1/live/key-of-mine' }] })
    await demo.go(page, 'overview')
    await page.getByText('mine').first().waitFor({ timeout: 60_000 })
    await page.getByText('demo-encoder').waitFor({ state: 'detached', timeout: 60_000 })
  })

  it('changes a target by the keyboard alone, without its key on the screen', async () => {
    await demo.go(page, 'set-up')
    await page.getByRole('button', { name: 'Change mine' }).press('Enter')
    assert.equal(await page.getByLabel('Server URL').inputValue(), 'rtmp://127.0.0.1:1/live/***')
    await page.getByLabel('On air').selectOption('windows')
    await button('Add a time').press('Enter')
    await page.getByLabel('Name').press('Enter')
    await page.getByText('mine is watched now').waitFor({ timeout: 60_000 })
    const [mine] = written().streams
    assert.equal(mine.url, 'rtmp://127.0.0.1:1/live/key-of-mine')
    assert.deepEqual(mine.expected[0].days, ['sun'])
  })

  it('says the field and the fix of what is refused, and keeps what was typed', async () => {
    await button('host').click()
    await page.getByLabel('Name').fill('gateway')
    await page.getByLabel('Address').fill('http://192.0.2.1/')
    await button('Save').click()
    await page.getByRole('alert').getByText('address').waitFor({ timeout: 60_000 })
    assert.equal(await page.getByLabel('Name').inputValue(), 'gateway')
    await page.keyboard.press('Escape')
  })

  it('tells by email after a test and a Save, refuses by the name of the field, and never shows the password', async () => {
    await demo.go(page, 'set-up')
    await button('Email').click()
    await page.getByLabel('To', { exact: true }).fill('duty@church.example')
    await page.getByLabel('Server', { exact: true }).fill('127.0.0.1')
    await page.getByLabel('Port').fill('70000')
    await page.getByLabel('Encryption').selectOption('none')
    await page.getByLabel('User').fill('monitor')
    await page.getByLabel('Password').fill('of-the-mail-server')
    await button('Send a test').click()
    await page.getByRole('alert').getByText('(“Port”) must be 1 to 65535').waitFor({ timeout: 60_000 })
    assert.equal(await page.getByLabel('Port').evaluate((input) => input === document.activeElement), true)
    await page.getByLabel('Port').fill(String(mailbox.port))
    await button('Send a test').click()
    await page.getByText('The receiver accepted the message').waitFor({ timeout: 60_000 })
    assert.match(mailbox.mails[0]?.subject ?? '', /^Test of/)
    await page.screenshot({ path: join(PICTURES, 'set-up-receiver.png'), fullPage: true })
    await page.getByLabel('Port').press('Enter')
    await page.getByText('Email is told from now on').waitFor({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Change Email' }).press('Enter')
    assert.equal(await page.getByLabel('Password').inputValue(), '***')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Test Email' }).press('Enter')
    await page.getByText('The receiver accepted the message').waitFor({ timeout: 60_000 })
    assert.equal(mailbox.mails.length, 2)
  })

  it('gives a link with which others look, and are offered nothing to press', async () => {
    await button('Make a link').click()
    const link = await page.getByLabel(/^Until/).inputValue()
    const viewer = await (await demo.browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
    await viewer.goto(link)
    await viewer.getByText('mine').first().waitFor({ timeout: 60_000 })
    await viewer.goto(`${demo.monitor.url}/dashboard/stream?target=mine`)
    await viewer.getByText('expected').first().waitFor({ timeout: 60_000 })
    assert.equal(await viewer.getByRole('button', { name: /Event is over|It goes on/ }).count(), 0)
    await viewer.goto(`${demo.monitor.url}/dashboard/set-up`)
    await viewer.locator('.hm-set-up').last().waitFor({ state: 'hidden', timeout: 60_000 })
    await viewer.goto(`${demo.monitor.url}/dashboard/overview?wall`)
    await viewer.getByText('mine').first().waitFor({ timeout: 60_000 })
    assert.equal(await viewer.locator('.v-app-bar').isVisible(), false)
    await viewer.context().close()
  })

  it('asks before it takes a target away', async () => {
    await page.getByRole('button', { name: 'Change mine' }).click()
    await button('Remove').click()
    assert.equal(written().streams.length, 1)
    await button('Yes, watch it no longer').click()
    await page.getByText('mine is not watched any more').waitFor({ timeout: 60_000 })
    assert.deepEqual(written(), { streams: [] })
    assert.deepEqual(demo.complaints, [])
  })
})
