import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { until } from '../../fixtures/wait.ts'
import { root } from '../../runtime.ts'

/** Where screenshots are left for whoever wants to look. */
const PICTURES = join(root, 'test-results', 'editor')

export type Theme = 'light' | 'dark'

/** Node-RED's editor in a browser, and what it complained of. */
export class EditorPage {
  readonly page: Page
  readonly complaints: string[] = []
  readonly #context: BrowserContext
  readonly #theme: Theme

  constructor(context: BrowserContext, page: Page, theme: Theme) {
    this.#context = context
    this.page = page
    this.#theme = theme
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('response', (response) => {
      if (response.status() >= 400) this.complaints.push(`${response.status()} ${response.url()}`)
    })
  }

  /** Types of our nodes in the palette, in their order. */
  paletteTypes(): Promise<string[]> {
    return this.page
      .locator('#red-ui-palette-base-category-RTMP_HMonitor .red-ui-palette-node')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-palette-type') ?? ''))
  }

  /** Types that the palette shows to who types a word. */
  async searchPalette(word: string): Promise<string[]> {
    const input = this.page.locator('#red-ui-palette-search input')
    const nodes = this.page.locator('.red-ui-palette-node')
    const hidden = () => nodes.evaluateAll((all) => all.filter((node) => node.getAttribute('data-filter')).length)
    // What was searched before is searched no more: the palette looks some time after the last key.
    await input.fill('')
    await until(async () => (await hidden()) === 0, 5, 'the palette shows all')
    await input.pressSequentially(word)
    await until(async () => (await hidden()) > 0, 5, 'the palette has searched')
    return nodes.evaluateAll((all) =>
      all
        .filter((node) => !node.getAttribute('data-filter'))
        .map((node) => node.getAttribute('data-palette-type') ?? ''),
    )
  }

  /** Imports an example as a user does: Import, Examples, our package. */
  async importExample(name: string, label: string): Promise<void> {
    const { page } = this
    await page.keyboard.press('Control+i')
    await page.locator('#red-ui-clipboard-dialog-import-tabs').getByText('Examples').click()
    const list = page.locator('#red-ui-clipboard-dialog-import-tab-examples')
    const folder = list.getByText('@rtmp-hmonitor/node-red-rtmp-hmonitor', { exact: true })
    await folder.waitFor()
    const example = list.getByText(name, { exact: true })
    const ok = page.locator('#red-ui-clipboard-dialog-ok')
    // A list that slides open moves away under a click, and one that is shut while it does makes the editor complain.
    await this.#animate(false)
    if (!(await example.isVisible())) await folder.click()
    await example.click()
    await this.#animate(true)
    await until(() => ok.isEnabled(), 10, `"${name}" is chosen`)
    await ok.click()
    await list.waitFor({ state: 'hidden' })
    // The dialog is gone before the example has come from the runtime.
    const tab = page.locator('#red-ui-workspace-tabs .red-ui-tab-label', { hasText: label })
    await tab.first().waitFor({ state: 'attached' })
  }

  /** Lets the editor's lists slide, or not. */
  async #animate(on: boolean): Promise<void> {
    await this.page.evaluate((off) => {
      const { jQuery } = globalThis as unknown as { jQuery: { fx: { off: boolean } } }
      jQuery.fx.off = off
    }, !on)
  }

  async deploy(): Promise<void> {
    // The word of an earlier deploy may still be there.
    const deployed = this.page.waitForResponse(
      (response) => response.url().endsWith('/flows') && response.request().method() === 'POST',
    )
    await this.page.locator('#red-ui-header-button-deploy').click()
    await deployed
    await this.page.locator('.red-ui-notification', { hasText: 'Successfully deployed' }).last().waitFor()
  }

  /** Opens the dialog of a node that is on the workspace; one that a test which failed has left open goes first. */
  async open(id: string): Promise<Locator> {
    while ((await this.page.locator('.red-ui-tray').count()) > 0) await this.cancel()
    await this.page.evaluate((id) => {
      interface Editor {
        editor: { edit(node: unknown): void; editConfig(name: string, type: string, id: string): void }
        nodes: { node(id: string): { type: string; _def: { category: string } } }
      }
      const { RED } = globalThis as unknown as { RED: Editor }
      const node = RED.nodes.node(id)
      if (node._def.category === 'config') RED.editor.editConfig('', node.type, id)
      else RED.editor.edit(node)
    }, id)
    return this.dialog()
  }

  async dialog(): Promise<Locator> {
    const dialog = this.page.locator('.red-ui-tray').last()
    await dialog.locator('.hmonitor-dialog').waitFor()
    // The tray slides in.
    await this.page.waitForFunction(() =>
      Array.from(document.querySelectorAll('.red-ui-tray')).every((tray) => tray.getAnimations().length === 0),
    )
    return dialog
  }

  /** Types a value and returns why the editor does not take it; empty where it does. */
  async reasonOf(input: Locator, value: string): Promise<string> {
    await input.fill(value)
    await input.blur()
    if (!(await input.getAttribute('class'))?.includes('input-error')) return ''
    // The editor says the reason when the mouse rests on the field, to a screen reader too.
    await input.hover()
    await until(async () => (await input.getAttribute('aria-label')) !== null, 5, 'the editor says why')
    await this.page.mouse.move(0, 0)
    return (await input.getAttribute('aria-label')) ?? ''
  }

  /** Names of the nodes that the editor marks as wrong, with its reasons. */
  invalidNodes(): Promise<string[]> {
    return this.page.evaluate(() => {
      interface Checked {
        type: string
        valid?: boolean
        validationErrors?: string[]
      }
      const { RED } = globalThis as unknown as { RED: { nodes: { eachNode(visit: (node: Checked) => void): void } } }
      const wrong: string[] = []
      RED.nodes.eachNode(({ type, valid, validationErrors }) => {
        if (valid === false) wrong.push(`${type}: ${validationErrors?.join(', ')}`)
      })
      return wrong
    })
  }

  async cancel(): Promise<void> {
    await this.#leave('button[id$="dialog-cancel"]')
  }

  async done(): Promise<void> {
    await this.#leave('button.primary')
  }

  /** Presses a button of the topmost dialog and waits until that dialog has slid away. */
  async #leave(button: string): Promise<void> {
    const trays = this.page.locator('.red-ui-tray')
    const open = await trays.count()
    await trays.last().locator(`.red-ui-tray-toolbar ${button}`).click()
    await until(async () => (await trays.count()) < open, 10, 'the dialog is closed')
  }

  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true })
    await this.page.screenshot({ path: join(PICTURES, `${name}-${this.#theme}.png`) })
  }

  close(): Promise<void> {
    return this.#context.close()
  }
}

/** Opens the editor of a Node-RED and waits until its palette is there. */
export async function openEditor(
  browser: Browser,
  url: string,
  theme: Theme = 'light',
  locale = 'en-US',
): Promise<EditorPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    colorScheme: theme,
    locale,
  })
  const editor = new EditorPage(context, await context.newPage(), theme)
  // The editor follows the system's theme only when told to.
  await context.addInitScript(`localStorage.setItem('view-dark-theme', '"${theme}"')`)
  context.setDefaultTimeout(10_000)
  // The first page of an editor brings all its scripts; beside other work that takes longer than a click.
  await editor.page.goto(url, { timeout: 30_000 })
  await editor.page.locator('.red-ui-palette-node[data-palette-type="inject"]').waitFor()
  await editor.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' })
  return editor
}
