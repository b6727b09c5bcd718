import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
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
  const node = { id: idOf(type), type, name: '', metric: 'venue_value' }
  return CONFIG_TYPES.includes(type) ? node : { ...node, z: TAB.id, x: 200, y: 100 + at * 60, wires: [[], [], []] }
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
          await dialog.locator('details').evaluateAll((sections) => {
            for (const section of sections as HTMLDetailsElement[]) section.open = true
          })
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
      await dialog.locator('.red-ui-editableList-addButton').click()
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
})
