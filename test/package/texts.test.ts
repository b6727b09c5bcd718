import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../runtime.ts'
import { readPage } from './editor-page.ts'

const nodes = readdirSync(join(root, 'dist/nodes'))

/** They send no message of which a sample could be shown. */
const CONFIG_NODES = new Set(['monitor', 'receiver', 'vimeo-account'])

/** Keys of a catalogue with dots between the levels; a plural counts as its singular's key. */
function keysOf(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [path.replace(/_(one|other)$/, '')]
  return Object.entries(value ?? {}).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`))
}

/** Every text by its key, the forms of a plural each. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value ?? {}).flatMap(([key, inner]) => textsOf(inner, path === '' ? key : `${path}.${key}`))
}

/** Node-RED's own headings of a help, in their order. */
const SECTIONS: Record<string, string[]> = {
  'en-US': ['Inputs', 'Outputs', 'Details', 'References'],
  de: ['Eingangsdaten', 'Ausgangsdaten', 'Details', 'Referenzen'],
}

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')

for (const name of nodes) {
  const folder = join(root, 'dist/nodes', name)
  const languages = readdirSync(join(folder, 'locales'))
  const textsIn = (language: string): unknown =>
    JSON.parse(readFileSync(join(folder, 'locales', language, `${name}.json`), 'utf8'))
  const catalogue = (language: string) => new Set(keysOf(textsIn(language)))
  const { dialogs, script } = readPage(join(folder, `${name}.html`))
  const runtime = readFileSync(join(root, 'src/nodes', name, `${name}.ts`), 'utf8')

  describe(`the texts of ${name}`, () => {
    it('are there for every label of the dialog, script and status', () => {
      const dialog = [...dialogs.values()].join()
      const used = [
        ...matches(dialog, /data-i18n="(?:\[[a-z]+\])?([^"]+)"/g),
        ...matches(script, /\b_\("([^"$]+)"/g),
        ...matches(runtime, /\b(?:RED\._|text)\('([^'$]+)'/g),
      ]
      const known = catalogue('en-US')
      assert.deepEqual(
        used.filter((key) => !known.has(key)),
        [],
      )
    })

    it('are the same in every language', () => {
      for (const language of languages) {
        assert.deepEqual([...catalogue(language)].sort(), [...catalogue('en-US')].sort(), language)
      }
    })

    it('are there in German, and are not the English ones', () => {
      assert.ok(languages.includes('de'))
      const inEnglish = textsOf(textsIn('de')).filter(([, text]) => /\b(the|is|of|and|not|what)\b/.test(text))
      assert.deepEqual(inEnglish, [])
    })

    it('fill in the same values in every language', () => {
      const placeholders = (text: string) => [...text.matchAll(/__\w+?__/g)].map(([found]) => found).sort()
      const english = new Map(textsOf(textsIn('en-US')))
      for (const language of languages) {
        for (const [key, text] of textsOf(textsIn(language))) {
          assert.deepEqual(placeholders(text), placeholders(english.get(key) ?? ''), `${language}: ${key}`)
        }
      }
    })

    it('leave no word in the dialog untranslatable', () => {
      for (const dialog of dialogs.values()) {
        const words = dialog.replace(/<[^>]*>/g, ' ').trim()
        assert.equal(words, '')
      }
    })

    for (const language of languages) {
      const help = readFileSync(join(folder, 'locales', language, `${name}.html`), 'utf8')
      const markdown = /data-help-name="([^"]+)">\n([\s\S]*)\n<\/script>/.exec(help)

      it(`open the help with what the node is for and a sample (${language})`, () => {
        assert.equal(markdown?.[1], `hmonitor-${name}`)
        const [opening = ''] = (markdown?.[2] ?? '').split(/^### /m)
        assert.match(opening, /^[A-Z]/)
        if (!CONFIG_NODES.has(name)) assert.match(opening, /^ {4}\{ /m, 'a sample message')
      })

      it(`describe every property in one line, as the editor reads them (${language})`, () => {
        const properties = matches(markdown?.[2] ?? '', /^(: ?.*(?:\n[^:\n].*)*)$/gm)
        // A second colon would be taken for the end of the type.
        for (const property of properties) assert.match(property, /^: \*?[\w.]+\*? \([\w |]+\) *: {2}[^:\n]+$/)
      })

      it(`keep samples as narrow as the sidebar (${language})`, () => {
        const wide = matches(markdown?.[2] ?? '', /^ {4}(.{42,})$/gm)
        assert.deepEqual(wide, [])
      })

      it(`keep the sections of the help in Node-RED's order (${language})`, () => {
        const order = SECTIONS[language] ?? []
        const sections = matches(markdown?.[2] ?? '', /^### (.+)$/gm)
        assert.deepEqual(
          sections,
          order.filter((section) => sections.includes(section)),
        )
      })
    }
  })
}
