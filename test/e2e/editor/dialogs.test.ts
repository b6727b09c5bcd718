import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { type Runtime, startRuntime } from '../../runtime.ts'
import { startBrowser } from '../browser.ts'
import { type EditorPage, openEditor, type Theme } from './editor-page.ts'
import { CONFIG_TYPES, idOf, ONE_OF_EACH, openSections, TYPES } from './one-of-each.ts'

describe('the dialogs of the editor', () => {
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

  describe('in German', () => {
    let editor: EditorPage
    before(async () => {
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
})
