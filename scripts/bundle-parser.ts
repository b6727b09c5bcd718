import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Packages whose code goes into what is built, so that nobody has to install them, with the file that is taken. */
export const bundledPackages = (root: string) => ({
  'jsonc-parser': join(root, 'node_modules', 'jsonc-parser', 'lib', 'esm', 'main.js'),
})

/** Puts the parser of JSON into the compiled module that uses it, with the licence that it asks to be passed on. */
export async function bundleParser(root: string, dist: string): Promise<void> {
  const licence = await readFile(join(root, 'node_modules', 'jsonc-parser', 'LICENSE.md'), 'utf8')
  const file = join(dist, 'targets', 'json.js')
  await build({
    ...{ entryPoints: [file], outfile: file, allowOverwrite: true },
    ...{ bundle: true, platform: 'node', target: 'node22', format: 'esm' },
    ...{ alias: bundledPackages(root), external: ['../observation/*'] },
    banner: { js: `/*!\njsonc-parser\n\n${licence.trim()}\n*/` },
  })
}
