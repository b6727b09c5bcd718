import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { until } from '../../fixtures/wait.ts'
import { type FlowNode, type Runtime, root, startRuntime } from '../../runtime.ts'
import { startBrowser } from '../browser.ts'
import { type EditorPage, openEditor } from './editor-page.ts'
import { idOf, ONE_OF_EACH, openSections } from './one-of-each.ts'

/** By name: what its first tab is called. */
const EXAMPLES = new Map(
  readdirSync(join(root, 'examples')).map((file) => {
    const nodes = JSON.parse(readFileSync(join(root, 'examples', file), 'utf8')) as FlowNode[]
    return [file.replace(/\.json$/, ''), String(nodes.find(({ type }) => type === 'tab')?.label)]
  }),
)

describe('the editor', () => {
  let runtime: Runtime
  let browser: Browser
  before(async () => {
    browser = await startBrowser()
    runtime = await startRuntime({ flows: ONE_OF_EACH })
  })
  after(async () => {
    await browser?.close()
    await runtime?.stop()
  })

  describe('with its palette', () => {
    let editor: EditorPage
    before(async () => {
      editor = await openEditor(browser, runtime.url)
    })
    after(() => editor.close())

    for (const [word, type] of Object.entries({
      ...{ rtmp: 'hmonitor-ffprobe', stream: 'hmonitor-ffprobe', hls: 'hmonitor-ffprobe', ffprobe: 'hmonitor-ffprobe' },
      ...{ vimeo: 'hmonitor-vimeo', blackmagic: 'hmonitor-web-presenter', email: 'hmonitor-notify' },
    })) {
      it(`finds ${type} by "${word}"`, async () => {
        assert.ok((await editor.searchPalette(word)).includes(type))
      })
    }
  })

  describe('with an example', () => {
    let editor: EditorPage
    before(async () => {
      editor = await openEditor(browser, runtime.url)
    })
    after(() => editor.close())

    for (const [example, tab] of EXAMPLES) {
      it(`imports "${example}" and finds nothing wrong with it`, async () => {
        await editor.importExample(example, tab)
        assert.deepEqual(await editor.invalidNodes(), [])
      })
    }

    it('deploys them', async () => {
      await editor.deploy()
      await editor.picture('deployed')
      const flows = await runtime.exported()
      for (const tab of EXAMPLES.values())
        assert.ok(
          flows.some(({ type, label }) => type === 'tab' && label === tab),
          tab,
        )
      assert.deepEqual(editor.complaints, [])
    })
  })

  describe('with a stream of the user', () => {
    let editor: EditorPage
    before(async () => {
      await runtime.deploy(ONE_OF_EACH)
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
})
