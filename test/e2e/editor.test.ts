import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import { until } from '../fixtures/wait.ts'
import { type FlowNode, type Runtime, root, startRuntime } from '../runtime.ts'
import { startBrowser } from './browser.ts'
import { type EditorPage, openEditor, type Theme } from './editor-page.ts'

const TYPES = readdirSync(join(root, 'src/nodes')).map((name) => `hmonitor-${name}`)
const EXAMPLES = readdirSync(join(root, 'examples')).map((name) => name.replace(/\.json$/, ''))

/** Config nodes: they are on no tab, and not in the palette. */
const CONFIG_TYPES = ['hmonitor-monitor', 'hmonitor-receiver', 'hmonitor-vimeo-account']

/** One node of every type, as it comes from the palette. */
const TAB = { id: 'a000000000000001', type: 'tab', label: 'Mine', disabled: false, info: '', env: [] }
const idOf = (type: string) => `b${TYPES.indexOf(type).toString(16).padStart(15, '0')}`
const NODES: FlowNode[] = TYPES.map((type, at) => {
  const node = { id: idOf(type), type, name: '', metric: 'venue_value', receiver: idOf('hmonitor-receiver') }
  return CONFIG_TYPES.includes(type) ? node : { ...node, z: TAB.id, x: 200, y: 100 + at * 60, wires: [[], [], []] }
})

const openSections = (dialog: Locator) =>
  dialog.locator('details').evaluateAll((sections) => {
    for (const section of sections as HTMLDetailsElement[]) section.open = true
  })

describe('the editor', () => {
  let runtime: Runtime
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
    runtime = await startRuntime({ flows: [TAB, ...NODES] })
  })
  after(async () => {
    await browser?.close()
    await runtime?.stop()
  })

  for (const theme of ['light', 'dark'] satisfies Theme[]) {
    describe(`in its ${theme} theme`, () => {
      let editor: EditorPage
      before(async () => {
        editor = await openEditor(browser, runtime.url, theme)
      })
      after(() => editor.close())

      it('shows our nodes in a category of their own', async () => {
        const types = await editor.paletteTypes()
        assert.deepEqual(types.sort(), TYPES.filter((type) => !CONFIG_TYPES.includes(type)).sort())
        await editor.page.locator('#red-ui-palette-header-RTMP_HMonitor').scrollIntoViewIfNeeded()
        await editor.picture('palette')
      })

      for (const type of TYPES) {
        it(`opens the dialog of ${type}, every word of it in English`, async () => {
          const dialog = await editor.open(idOf(type))
          const words = await dialog.locator('.hmonitor-dialog').textContent()
          assert.doesNotMatch(words ?? '', /\b[a-zA-Z]+\.(label|hint|text|placeholder)\b|common\./)
          await editor.picture(type)
          await openSections(dialog)
          await editor.picture(`${type}-open`)
          await editor.cancel()
        })
      }

      it('complains of nothing', () => assert.deepEqual(editor.complaints, []))
    })
  }

  describe('with an example', () => {
    let editor: EditorPage
    before(async () => {
      editor = await openEditor(browser, runtime.url)
    })
    after(() => editor.close())

    for (const example of EXAMPLES) {
      it(`imports "${example}" and finds nothing wrong with it`, async () => {
        await editor.importExample(example)
        assert.deepEqual(await editor.invalidNodes(), [])
      })
    }

    it('deploys them', async () => {
      await editor.deploy()
      await editor.picture('deployed')
      const flows = await runtime.exported()
      for (const example of EXAMPLES) assert.ok(flows.some(({ type, label }) => type === 'tab' && label === example))
      assert.deepEqual(editor.complaints, [])
    })
  })

  describe('with a stream of the user', () => {
    let editor: EditorPage
    before(async () => {
      await runtime.deploy([TAB, ...NODES])
      editor = await openEditor(browser, runtime.url)
    })
    after(() => editor.close())

    it('says why an address cannot be watched', async () => {
      const dialog = await editor.open(idOf('hmonitor-ffprobe'))
      for (const [url, reason] of [
        ['file:///etc/passwd', /rtmp/],
        ['-i', /./],
        ['rtmp://a.rtmp.youtube.com/live2', /YouTube|publish/i],
      ] as const) {
        assert.match(await editor.reasonOf(dialog.locator('#node-input-url'), url), reason)
      }
      assert.equal(await editor.reasonOf(dialog.locator('#node-input-url'), 'rtmp://relay.example/live'), '')
      assert.equal(await editor.reasonOf(dialog.locator('#node-input-url'), '${STREAM_URL}'), '')
      await editor.cancel()
    })

    it('says why a number does not fit, in a section that opens by itself', async () => {
      let dialog = await editor.open(idOf('hmonitor-ffprobe'))
      await dialog.locator('summary', { hasText: 'How it is measured' }).click()
      const interval = dialog.locator('#node-input-interval')
      assert.match(await editor.reasonOf(interval, '0'), /Interval must be a number from 1 to 3600/)
      await editor.done()
      dialog = await editor.open(idOf('hmonitor-ffprobe'))
      await interval.waitFor({ state: 'visible' })
      await interval.fill('1')
      await editor.done()
    })

    it('keeps address, key and labels, and never gives the key back', async () => {
      const dialog = await editor.open(idOf('hmonitor-ffprobe'))
      await dialog.locator('#node-input-url').fill('rtmp://127.0.0.1:1/live')
      await dialog.locator('#node-input-streamKey').fill('sesame-open')
      await dialog.locator('summary', { hasText: 'Labels' }).click()
      await dialog.locator('.red-ui-editableList-addButton').last().click()
      await dialog.locator('.hmonitor-label-name').fill('programme')
      await dialog.locator('.hmonitor-label-value').fill('sunday')
      await editor.done()
      await editor.deploy()
      const node = (await runtime.exported()).find(({ id }) => id === idOf('hmonitor-ffprobe'))
      assert.equal(node?.url, 'rtmp://127.0.0.1:1/live')
      assert.deepEqual(node?.labels, { programme: 'sunday' })
      assert.doesNotMatch(JSON.stringify(await runtime.exported()), /sesame/)
      assert.doesNotMatch(
        await (await runtime.fetch(`/credentials/hmonitor-ffprobe/${idOf('hmonitor-ffprobe')}`)).text(),
        /sesame/,
      )
      await until(() => runtime.status.get(idOf('hmonitor-ffprobe'))?.text !== undefined, 10, 'the node says its state')
    })

    it('keeps the times of the week at which the stream is expected, and says what lacks', async () => {
      let dialog = await editor.open(idOf('hmonitor-ffprobe'))
      await openSections(dialog)
      const list = dialog.locator('#hmonitor-windows')
      assert.equal(await list.isVisible(), false)
      await dialog.locator('#node-input-expected').selectOption('windows')
      await list.locator('.red-ui-editableList-addButton').click()
      await list.locator('[data-day="wed"]').check()
      await list.locator('.hmonitor-window-from').fill('19:00')
      await list.locator('.hmonitor-window-timezone').fill('Middle/Earth')
      await editor.picture('hmonitor-ffprobe-windows')
      await editor.done()
      assert.match((await editor.invalidNodes()).join(), /hmonitor-ffprobe: Middle\/Earth is no time zone/)
      dialog = await editor.open(idOf('hmonitor-ffprobe'))
      await openSections(dialog)
      await list.locator('.hmonitor-window-timezone').fill('Europe/Berlin')
      await editor.done()
      assert.deepEqual(await editor.invalidNodes(), [])
      await editor.deploy()
      const node = (await runtime.exported()).find(({ id }) => id === idOf('hmonitor-ffprobe'))
      assert.deepEqual(node?.windows, [{ days: ['wed', 'sun'], from: '19:00', to: '11:30', timezone: 'Europe/Berlin' }])
    })

    it('keeps limits of the stream and of its profile, and says what is no JSON', async () => {
      let dialog = await editor.open(idOf('hmonitor-ffprobe'))
      await openSections(dialog)
      const ofProfile = dialog.getByRole('textbox', { name: 'Its limits' })
      const own = dialog.getByRole('textbox', { name: 'Own limits' })
      assert.equal(await ofProfile.isVisible(), false)
      await dialog.locator('#node-input-profile').selectOption('youtube')
      await ofProfile.fill('{"keyframeInterval": {"max": 4}}')
      await own.fill('{"openGop": null')
      await editor.picture('hmonitor-ffprobe-limits')
      await editor.done()
      assert.match((await editor.invalidNodes()).join(), /hmonitor-ffprobe: Own limits must be a JSON object/)
      dialog = await editor.open(idOf('hmonitor-ffprobe'))
      await openSections(dialog)
      await own.fill('{"openGop": null}')
      await editor.done()
      assert.deepEqual(await editor.invalidNodes(), [])
      await editor.deploy()
      const node = (await runtime.exported()).find(({ id }) => id === idOf('hmonitor-ffprobe'))
      assert.deepEqual(
        [node?.profile, node?.profileLimits, node?.limits],
        ['youtube', '{"keyframeInterval": {"max": 4}}', '{"openGop": null}'],
      )
    })

    it('asks a metric only for what its type has, and says what is wrong with its name', async () => {
      const dialog = await editor.open(idOf('hmonitor-metric'))
      const buckets = dialog.locator('#node-input-buckets')
      assert.equal(await buckets.isVisible(), false)
      await dialog.locator('#node-input-metricType').selectOption('histogram')
      await buckets.waitFor({ state: 'visible' })
      assert.match(await editor.reasonOf(buckets, '3, 2, 1'), /ascending/)
      assert.match(await editor.reasonOf(dialog.locator('#node-input-metric'), 'hmonitor_mine'), /hmonitor_/)
      assert.match(await editor.reasonOf(dialog.locator('#node-input-labelNames'), 'le'), /le/)
      await editor.picture('hmonitor-metric-histogram')
      await editor.cancel()
    })

    it('complains of nothing', () => assert.deepEqual(editor.complaints, []))
  })

  describe('with a flow of revision c3db8fe', () => {
    const fixture = JSON.parse(readFileSync(join(root, 'test/fixtures/flow-of-c3db8fe.json'), 'utf8')) as FlowNode[]
    const nodes = fixture.filter(({ z }) => z !== undefined)
    let editor: EditorPage
    before(async () => {
      await runtime.deploy(fixture)
      editor = await openEditor(browser, runtime.url)
    })
    after(() => editor.close())

    it('finds nothing wrong with it', async () => assert.deepEqual(await editor.invalidNodes(), []))

    it('keeps what it says when each dialog is opened, left by Done, and deployed', async () => {
      for (const { id } of nodes) {
        await editor.open(id)
        await editor.done()
      }
      assert.deepEqual(await editor.invalidNodes(), [])
      await editor.deploy()
      const saved = new Map((await runtime.exported()).map((node) => [node.id, node]))
      for (const { credentials, ...before } of nodes) {
        const after: Record<string, unknown> = saved.get(before.id) ?? {}
        for (const [property, value] of Object.entries(before)) {
          assert.deepEqual(after[property], value, `${before.type} ${before.id} ${property}`)
        }
      }
    })

    it('keeps its stream key and its token', async () => {
      for (const { id, type, credentials } of nodes.filter(({ credentials }) => credentials !== undefined)) {
        const known = (await (await runtime.fetch(`/credentials/${type}/${id}`)).json()) as Record<string, unknown>
        for (const name of Object.keys(credentials ?? {})) assert.equal(known[`has_${name}`], true, name)
      }
    })
  })

  describe('in German', () => {
    let editor: EditorPage
    before(async () => {
      await runtime.deploy([TAB, ...NODES])
      editor = await openEditor(browser, runtime.url, 'light', 'de-DE')
    })
    after(() => editor.close())

    it('shows every dialog in German, as wide as it fits', async () => {
      for (const type of TYPES) {
        const dialog = await editor.open(idOf(type))
        await openSections(dialog)
        const words = (await dialog.locator('.hmonitor-dialog').textContent()) ?? ''
        assert.doesNotMatch(words, /\b(the|what|empty|seconds)\b|common\./i, type)
        // A label that needs more than its column runs into the field.
        const wide = await dialog
          .locator('.form-row > label:not(.hmonitor-beside)')
          .evaluateAll((labels) =>
            labels.filter((label) => label.clientHeight > 34).map(({ textContent }) => textContent?.trim()),
          )
        assert.deepEqual(wide, [], type)
        await editor.picture(`${type}-german`)
        await editor.cancel()
      }
    })

    it('answers the test button in German', async () => {
      const dialog = await editor.open(idOf('hmonitor-ping'))
      await dialog.locator('#node-input-address').fill('127.0.0.1')
      await dialog.locator('#hmonitor-try').click()
      const answer = dialog.locator('#hmonitor-answer[data-state="ok"]')
      await answer.waitFor()
      assert.match((await answer.textContent()) ?? '', /^Es funktioniert\.\nUnter dem Knoten stünde: /)
      await editor.cancel()
    })

    it('complains of nothing', () => assert.deepEqual(editor.complaints, []))
  })

  describe('with a test button', () => {
    let editor: EditorPage
    let server: http.Server
    let url: string
    before(async () => {
      server = http.createServer((_request, response) => void response.writeHead(404).end())
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      await runtime.deploy([TAB, ...NODES])
      editor = await openEditor(browser, runtime.url)
    })
    after(async () => {
      await editor.close()
      server.close()
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
})
