/** What visitors read holds: links, pictures, commands, options and variables. */

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { OPTIONS, VARIABLE_GROUPS } from '../../app/options.mjs'
import { TARGETS_PAGE, targetsPage } from '../../scripts/generate-targets-doc.ts'
import { SUITES } from '../../scripts/test-suites.mjs'
import { KINDS } from '../../src/kinds/kinds.ts'
import { collectFromFile } from '../../src/targets/collect.ts'
import { checkEntries } from '../../src/targets/load.ts'
import { root } from '../runtime.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const paths = [
  ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]
const pages = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

/** Those that a person wrote for a person who uses the monitor. */
const written = pages.filter(
  ({ path, text }) =>
    !/decisions|architecture|CONTRIBUTING/.test(path) && !/<!--.*(Made|Generated|Written) by/.test(text),
)

/** Without code blocks and code in lines, in which nothing is a link. */
const prose = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, '')

/** Headings as GitHub makes anchors of them. */
function anchors(text: string): Set<string> {
  const headings = text.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/^#{1,6} +(.+)$/gm)
  const seen = new Map<string, number>()
  const names = [...headings].map(([, heading = '']) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const name = plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-')
    const times = seen.get(name) ?? 0
    seen.set(name, times + 1)
    return times === 0 ? name : `${name}-${times}`
  })
  return new Set([...names, ...[...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)])
}

/** Targets of links and pictures that are not on the web. */
const links = (text: string) =>
  [...prose(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target).filter((to) => !/^[a-z]+:/.test(to))

const pictures = (text: string) =>
  [...prose(text).matchAll(/!\[([^\]]*)\]\(([^()\s]+)\)/g)].map(([, words = '', path = '']) => ({ words, path }))

/** Everything that is code in a page, from blocks and lines. */
const code = (text: string) =>
  [...text.matchAll(/^ *```[\s\S]*?^ *```$|`[^`\n]*`/gm)].map(([found]) => found).join('\n')

/** What is in the first list and not in the second, each with its page. */
const missing = (find: (text: string) => string[], isThere: (name: string, path: string) => boolean, among = pages) =>
  among.flatMap(({ path, text }) =>
    find(text)
      .filter((name) => !isThere(name, path))
      .map((name) => `${path}: ${name}`),
  )

describe('README and docs', () => {
  it('link to files that are there', () => {
    const isThere = (link: string, path: string) => {
      const [file = ''] = decodeURIComponent(link).split('#')
      return file === '' || existsSync(resolve(root, dirname(path), file))
    }
    assert.deepEqual(missing(links, isThere), [])
  })

  it('link to headings that are there', () => {
    const isThere = (link: string, path: string) => {
      const [file = '', anchor] = link.split('#')
      if (anchor === undefined) return true
      const target = file === '' ? join(root, path) : resolve(root, dirname(path), file)
      return existsSync(target) && statSync(target).isFile() && anchors(readFileSync(target, 'utf8')).has(anchor)
    }
    assert.deepEqual(missing(links, isThere), [])
  })

  it('show every picture, say in words what is on it, and keep it small', () => {
    const shown = pages.flatMap(({ path, text }) =>
      pictures(text).map(({ words, path: picture }) => ({ words, file: resolve(root, dirname(path), picture) })),
    )
    for (const { words, file } of shown) assert.ok(words.length > 20, `${relative(root, file)}: ${words}`)
    const folder = join(root, 'docs', 'images')
    const files = readdirSync(folder).map((name) => join(folder, name))
    assert.deepEqual(files.sort(), [...new Set(shown.map(({ file }) => file))].sort())
    for (const file of files) assert.ok(statSync(file).size < 200_000, `${relative(root, file)} is too large`)
  })

  it('name commands of npm that are there', () => {
    const find = (text: string) => [...text.matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = '']) => name)
    assert.deepEqual(
      missing(find, (name) => name in manifest.scripts),
      [],
    )
  })

  it('name suites of the tests that are there', () => {
    const find = (text: string) =>
      [...text.matchAll(/\bnpm test -- ([a-z0-9 ]+)/g)].flatMap(([, names = '']) => names.trim().split(/ +/))
    assert.deepEqual(
      missing(find, (name) => SUITES.some((suite) => suite.name === name)),
      [],
    )
  })

  it('name options of npm start that are there', () => {
    const find = (text: string) => [...text.matchAll(/\bnpm start -- --([a-z-]+)/g)].map(([, name = '']) => name)
    assert.deepEqual(
      missing(find, (name) => OPTIONS.some((option) => option.name === name)),
      [],
    )
  })

  it('name environment variables that are there', () => {
    const table = VARIABLE_GROUPS.flatMap(({ variables }) => variables)
    const known = new Set(table.flatMap(({ name, file }) => (file ? [name, `${name}_FILE`] : [name])))
    /**
     * Of the reader's own targets, of a service's unit, of TLS libraries, of the image's build, of the command `elk watch`
     * (which no monitor reads), and stand-ins for names.
     */
    const others = [
      /^LOGSTASH_API_(URL|USER|PASSWORD|CA)(_FILE)?$/,
      /_KEY(_FILE)?$/,
      /^NAME(_FILE)?$/,
      /^PROMETHEUS_METRICS_PATH$/,
      /^THIS_/,
      /^SSL_CERT_(FILE|DIR)$/,
      /^NODE_IMAGE$/,
    ]
    const find = (text: string) =>
      [...code(text).matchAll(/(?<![A-Za-z0-9_$./{-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![A-Za-z0-9_(])/g)].map(
        ([, name = '']) => name,
      )
    assert.deepEqual(
      missing(find, (name) => known.has(name) || others.some((other) => other.test(name)), written),
      [],
    )
  })

  it('show targets that are taken as they stand', () => {
    const files = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/^ *```json\n([\s\S]*?)^ *```$/gm)].map(([, json = '']) => ({ path, json })),
    )
    const targets = files.filter(({ json }) => /"(?:streams|hosts|services|webPresenters|vimeo)":/.test(json))
    assert.ok(targets.length >= 2)
    for (const { path, json } of targets) {
      const { entries, rejected } = collectFromFile(KINDS, JSON.parse(json))
      assert.deepEqual([...rejected, ...checkEntries(entries).refused], [], path)
    }
  })

  it('name no path of the machine on which they were written, and no host of a registry', () => {
    const find = (text: string) =>
      [
        ...text.matchAll(/(?<![\w.])\/(?:root|work|tmp|home\/[a-z]+)\/\S*|\bregistry\.\S+|\b[\w.-]*artifact\w*\.\S+/g),
      ].map(([found]) => found)
    assert.deepEqual(
      missing(find, () => false),
      [],
    )
  })
})

describe('the README', () => {
  const readme = pages.find(({ path }) => path === 'README.md')?.text ?? ''

  it('has every node in its table, and no other', () => {
    const section = /^## Nodes\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? ''
    const listed = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name)
    assert.deepEqual(listed.sort(), Object.keys(manifest['node-red'].nodes).sort())
  })

  it('leads to every page of the docs', () => {
    const top = paths.filter((path) => /^docs\/[a-z-]+\.md$/.test(path))
    const linked = links(readme).map((link) => link.split('#')[0])
    assert.deepEqual(
      top.filter((path) => !linked.includes(path)),
      [],
    )
  })

  it('can be read in a few minutes', () => assert.ok(readme.split(/\s+/).length < 2000))
})

describe('docs/targets.md', () => {
  it('is what the schema makes: npm run generate', () => {
    assert.equal(readFileSync(TARGETS_PAGE, 'utf8'), targetsPage())
  })
})
