/** Makes JavaScript of the application, so that no process of it keeps the compiler in memory that takes types away. */
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { bundledPackages } from './bundle-parser.ts'

/**
 * Writes `app/main.generated.mjs` and what `app/settings.cjs` requires. Node.js would run the sources as they are; to
 * take the types away costs a process 13 MB for as long as it runs (Node 22, measured).
 *
 * @param root folder that holds package.json
 */
export async function bundleApplication(root: string): Promise<void> {
  const app = join(root, 'app')
  const common = {
    bundle: true,
    platform: 'node',
    target: 'node22',
    packages: 'external',
    outdir: app,
    alias: bundledPackages(root),
  } as const
  await Promise.all([
    build({
      ...common,
      entryPoints: { 'main.generated': join(app, 'main.ts') },
      format: 'esm',
      outExtension: { '.js': '.mjs' },
      plugins: [ownAddresses(app)],
    }),
    build({
      ...common,
      entryPoints: {
        'bandwidth-endpoint.generated': join(app, 'bandwidth-endpoint.ts'),
        'dashboard-login.generated': join(app, 'dashboard', 'login.ts'),
        'request-guard.generated': join(app, 'request-guard', 'request-guard.ts'),
      },
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      plugins: [ONE_LIST_OF_ERRORS],
    }),
  ])
}

/** What goes wrong within Node-RED's process is counted once, in the module that the nodes use. */
const ONE_LIST_OF_ERRORS: Plugin = {
  name: 'one list of errors',
  setup({ onResolve }) {
    const path = '../dist/observation/internal-errors.js'
    onResolve({ filter: /\/internal-errors\.ts$/ }, () => ({ path, external: true }))
  },
}

/** Files that a module finds beside itself are where they were. */
function ownAddresses(app: string): Plugin {
  return {
    name: 'own addresses',
    setup({ onLoad }) {
      onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
        const place = relative(app, path).replaceAll('\\', '/')
        const contents = await readFile(path, 'utf8')
        return {
          contents: contents.replaceAll(
            'import.meta.url',
            `new URL(${JSON.stringify(`./${place}`)}, import.meta.url).href`,
          ),
          loader: path.endsWith('.ts') ? 'ts' : 'js',
          resolveDir: dirname(path),
        }
      })
    },
  }
}
