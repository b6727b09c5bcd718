import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { isBuilt } from '../../app/prepare/build-stamp.mjs'
import { WHOLE_EXAMPLES } from '../../scripts/whole-examples.ts'
import { until } from '../fixtures/wait.ts'
import { type FlowNode, type Runtime, root, startRuntime } from '../runtime.ts'
import { npm, pack } from './pack.ts'

const NAME = '@rtmp-hmonitor/node-red-rtmp-hmonitor'
const nodes = readdirSync(join(root, 'src/nodes'))

/** They are on no tab and so have no icon. */
const CONFIG_NODES = new Set(['monitor', 'receiver', 'vimeo-account'])

/** In `locales/` of a node. */
const TEXTS = ['en-US', 'de'].flatMap((language) =>
  ['json', 'html'].map((ending) => (name: string) => `${language}/${name}.${ending}`),
)

describe('the package that is published', () => {
  let folder: string
  let tarball: string
  let files: string[]
  before(async () => {
    assert.ok(isBuilt(root), 'dist/ is not what the sources make: npm run build')
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-pack-'))
    ;({ tarball, files } = await pack(folder))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('holds what belongs in it and nothing else', () => {
    const others = files.filter((path) => !/^(dist|examples)\//.test(path)).sort()
    assert.deepEqual(others, ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
    const kinds = new Set(files.map((path) => extname(path)))
    assert.deepEqual([...kinds].sort(), ['', '.html', '.js', '.json', '.md', '.svg'])
    assert.ok(!files.some((path) => /\.(stamp|editor\.js|test\.js)$/.test(path)))
  })

  it('holds code that is in src/ and nothing of the application, its demo or its simulators', () => {
    const code = files.filter((path) => path.startsWith('dist/') && path.endsWith('.js') && !/generated/.test(path))
    const source = (path: string) => path.replace(/^dist/, 'src').replace(/\.js$/, '.ts')
    assert.deepEqual(
      code.filter((path) => !existsSync(join(root, source(path)))),
      [],
    )
    assert.ok(!files.some((path) => /simulat|\bdemo\b|\.vue$|\bapp\b|bench|fixtures/.test(path)))
  })

  it('holds the README that visitors read, and is small', () => {
    assert.ok(files.includes('README.md'))
    assert.ok(statSync(tarball).size < 1_200_000, `${statSync(tarball).size} bytes`)
  })

  it('asks for six packages at most, and for none that only tests need', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const names = Object.keys(dependencies)
    assert.ok(names.length <= 6, names.join())
    assert.deepEqual(
      names.filter((name) => name in devDependencies),
      [],
    )
    const code = files.filter((path) => path.endsWith('.js')).map((path) => readFileSync(join(root, path), 'utf8'))
    const imported = new Set(
      code.flatMap((text) => [...text.matchAll(/^import .*from '([^.'][^']*)'/gm)].map(([, from = '']) => from)),
    )
    const packages = [...imported]
      .filter((from) => !from.startsWith('node:'))
      .map((from) => /^(@[^/]+\/)?[^/]+/.exec(from)?.[0])
    assert.deepEqual(
      packages.filter((from) => !names.includes(from ?? '')),
      [],
    )
  })

  it('holds every node with its page, texts and icon, and every example', () => {
    for (const name of nodes) {
      const folder = `dist/nodes/${name}`
      for (const file of [`${name}.js`, `${name}.html`, ...TEXTS.map((file) => `locales/${file(name)}`)]) {
        assert.ok(files.includes(`${folder}/${file}`), `${folder}/${file}`)
      }
      if (!CONFIG_NODES.has(name)) assert.ok(files.includes(`${folder}/icons/${name}.svg`), name)
    }
    const whole = Object.keys(WHOLE_EXAMPLES).map((name) => `${name}.json`)
    for (const example of [...readdirSync(join(root, 'flows/examples')), ...whole])
      assert.ok(files.includes(`examples/${example}`), example)
  })

  describe('in another Node-RED', () => {
    let runtime: Runtime
    let palette: string
    before(async () => {
      palette = join(folder, 'palette')
      mkdirSync(palette)
      writeFileSync(join(palette, 'package.json'), '{ "private": true }\n')
      await npm(palette, 'install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', tarball)
      runtime = await startRuntime({ nodesDir: [join(palette, 'node_modules', NAME)] })
    })
    after(() => runtime?.stop())

    /** An example, or the list of all, as the editor's import dialog gets them. */
    const example = async (name = '') =>
      (await runtime.fetch(`/library/examples/flows/${NAME}/${encodeURIComponent(name)}`)).json()

    it('brings only what it says that it needs', () => {
      const installed = readdirSync(join(palette, 'node_modules')).filter((name) => !name.startsWith('.'))
      for (const name of ['node-red', 'ajv', 'typescript', 'esbuild', 'node'])
        assert.ok(!installed.includes(name), name)
    })

    it('shows every node, enabled and without an error', async () => {
      const response = await runtime.fetch('/nodes', { headers: { accept: 'application/json' } })
      const sets = (await response.json()) as {
        module: string
        name: string
        enabled: boolean
        err?: string
        types: string[]
      }[]
      const ours = sets.filter(({ module }) => module === NAME)
      assert.deepEqual(ours.map(({ name }) => name).sort(), nodes)
      for (const { name, enabled, err, types } of ours) {
        assert.equal(err, undefined, name)
        assert.ok(enabled)
        assert.deepEqual(types, [`hmonitor-${name}`])
      }
      assert.deepEqual(runtime.complaints(), [])
    })

    it('offers its examples, icons and help', async () => {
      const offered = JSON.stringify(await example())
      for (const name of readdirSync(join(root, 'flows/examples')))
        assert.ok(offered.includes(basename(name, '.json')), name)
      const icon = await runtime.fetch(`/icons/${NAME}/ffprobe.svg`)
      assert.match(icon.headers.get('content-type') ?? '', /svg/)
      const page = await (await runtime.fetch(`/nodes/${NAME}/ffprobe`, { headers: { accept: 'text/html' } })).text()
      assert.match(page, /data-help-name="hmonitor-ffprobe"/)
    })

    for (const file of readdirSync(join(root, 'flows/examples'))) {
      const name = basename(file, '.json')
      it(`deploys the example "${name}" without a missing node or an error`, async () => {
        const flow = (await example(name)) as FlowNode[]
        const deployed = await runtime.deploy(flow).then(() => runtime.exported())
        for (const { id, type } of flow)
          assert.ok(
            deployed.some((node) => node.id === id && node.type === type),
            type,
          )
        assert.deepEqual(runtime.complaints(), [])
      })
    }

    it('runs an example', async () => {
      const flow = (await example('Watch one stream')) as FlowNode[]
      await runtime.deploy(flow)
      const probe = flow.find(({ type }) => type === 'hmonitor-ffprobe')
      await until(() => runtime.from(probe?.id ?? '').length > 0, 20, 'the ffprobe node observes')
      assert.deepEqual(runtime.complaints(), [])
    })
  })
})
