import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** A package whose code goes into the one compiled module that uses it, so that nobody has to install it. */
interface Bundled {
  /** The file that is taken, and the licence that asks to be passed on, within the package. */
  entry: string
  licence: string
  /** The module, without its ending. */
  module: string
  /** What the module imports besides, which stays apart. */
  apart: string[]
}

const BUNDLED: Readonly<Record<string, Bundled>> = {
  'jsonc-parser': {
    ...{ entry: 'lib/esm/main.js', licence: 'LICENSE.md' },
    ...{ module: 'targets/json', apart: ['../observation/*'] },
  },
  'hls-parser': {
    ...{ entry: 'index.js', licence: 'LICENSE' },
    ...{ module: 'hls/media-playlist', apart: ['./hls-playlist.js'] },
  },
}

/** Where each of these packages has the file that is taken. */
export const bundledPackages = (root: string) =>
  Object.fromEntries(
    Object.entries(BUNDLED).map(([name, { entry }]) => [name, join(root, 'node_modules', name, entry)]),
  )

/** Puts the parsers into the compiled modules that use them, with their licences. */
export async function bundleParsers(root: string, dist: string): Promise<void> {
  await Promise.all(
    Object.entries(BUNDLED).map(async ([name, { licence, module, apart }]) => {
      const text = await readFile(join(root, 'node_modules', name, licence), 'utf8')
      const file = join(dist, `${module}.js`)
      await build({
        ...{ entryPoints: [file], outfile: file, allowOverwrite: true },
        ...{ bundle: true, platform: 'node', target: 'node22', format: 'esm' },
        ...{ alias: bundledPackages(root), external: apart },
        banner: { js: `/*!\n${name}\n\n${text.trim()}\n*/` },
      })
    }),
  )
}
