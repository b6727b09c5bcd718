import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { until } from '../../fixtures/wait.ts'
import { type Runtime, startRuntime } from '../../runtime.ts'
import { startBrowser } from '../browser.ts'
import { type EditorPage, openEditor } from './editor-page.ts'
import { idOf, ONE_OF_EACH, openSections } from './one-of-each.ts'

describe('the test button of a dialog', () => {
  let runtime: Runtime
  let browser: Browser
  let editor: EditorPage
  let server: http.Server
  let url: string
  before(async () => {
    server = http.createServer((_request, response) => void response.writeHead(404).end())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await startBrowser()
    runtime = await startRuntime({ flows: ONE_OF_EACH })
    editor = await openEditor(browser, runtime.url)
  })
  after(async () => {
    await browser?.close()
    await runtime?.stop()
    server?.close()
  })

  /** Fills in fields of a dialog that is not deployed, presses the button and waits for the answer. */
  const tried = async (type: string, fields: Record<string, string>, picture = type) => {
    const dialog = await editor.open(idOf(type))
    await openSections(dialog)
    for (const [field, value] of Object.entries(fields)) await dialog.locator(`#node-input-${field}`).fill(value)
    const answer = dialog.locator('#hmonitor-answer')
    await dialog.locator('#hmonitor-try').click()
    await until(async () => Boolean(await answer.getAttribute('data-state')), 25, `an answer for ${type}`)
    await editor.picture(`${picture}-tried`)
    const text = (await answer.textContent()) ?? ''
    const state = await answer.getAttribute('data-state')
    await editor.cancel()
    return { state, text }
  }

  it('says that a service works, and what the node would show', async () => {
    const { state, text } = await tried('hmonitor-service', { url, httpStatus: '404' })
    assert.equal(state, 'ok')
    assert.match(text, /^It works\.\nUnder the node would stand: 404 in \d+ ms$/)
  })

  it('says what is wrong with one, and what to do', async () => {
    const { state, text } = await tried('hmonitor-service', { url }, 'hmonitor-service-down')
    assert.equal(state, 'down')
    assert.match(text, /^It does not work\.\n.*404.*\n\S/)
  })

  it('tries the ping, the encoder and the event of a dialog too', async () => {
    const ping = await tried('hmonitor-ping', { address: '127.0.0.1' })
    assert.deepEqual([ping.state, /\d ms$/.test(ping.text)], ['ok', true], ping.text)
    const encoder = await tried('hmonitor-web-presenter', { address: '127.0.0.1:1' })
    assert.equal(encoder.state, 'down', encoder.text)
    assert.match(encoder.text, /No answer from the encoder/)
    const event = await tried('hmonitor-vimeo', { liveEvent: '12345' })
    assert.equal(event.state, 'unknown')
    assert.match(event.text, /VIMEO_ACCESS_TOKEN/)
  })

  it('says why a stream does not play, and nothing of its key', async () => {
    const fields = { url: 'rtmp://127.0.0.1:1/live', streamKey: 'sesame-open' }
    const { state, text } = await tried('hmonitor-ffprobe', fields)
    assert.equal(state, 'down')
    assert.match(text, /^It does not work\.\nNothing arrives: .*refuses the connection/)
    assert.doesNotMatch(text, /sesame/)
  })

  it('says that there is nothing to try where no address is', async () => {
    const { state, text } = await tried('hmonitor-ping', { address: '' }, 'hmonitor-ping-nothing')
    assert.deepEqual([state, text], ['unknown', 'There is nothing to try: the address is empty.'])
  })

  it('tries one at a time', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const gone = new AbortController()
    const body = { id: '', fields: { url: `rtmp://127.0.0.1:${(silent.address() as AddressInfo).port}/live` } }
    const press = () =>
      runtime.fetch('/hmonitor/try/ffprobe', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: gone.signal,
      })
    const pressed = [press(), press()]
    const { status } = await Promise.race(pressed)
    gone.abort()
    await Promise.allSettled(pressed)
    silent.close()
    assert.equal(status, 429)
  })

  it('complains of nothing', () => assert.deepEqual(editor.complaints, []))
})
