/** What the editor loads of one node: its dialog, its script and its style, and its help in each language. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Types carry this prefix, because short names such as `ping` are taken in the catalogue. */
export const TYPE_PREFIX = 'hmonitor-'

/** Folder of what every dialog shares: style and labels. */
const SHARED = join('src', 'node-red', 'editor')

/**
 * Writes `<name>.html` and `locales/` of one node.
 *
 * The script tag says `text/javascript` and the script is not minified: the flow library's scorecard finds node types
 * by parsing it. It is inline, because a relative `src` would delay the registration of every node of the package.
 *
 * @param root folder that holds package.json
 * @param target folder of the node in dist/
 */
export async function writeNodeHtml(root: string, name: string, target: string): Promise<void> {
  const type = TYPE_PREFIX + name
  const source = join(root, 'src', 'nodes', name)
  const style = await readFile(join(root, SHARED, 'dialog.css'), 'utf8')
  const dialog = await readFile(join(source, `${name}.html`), 'utf8')
  const script = await bundleEditorScript(join(source, `${name}.editor.ts`))
  await mkdir(target, { recursive: true })
  await writeFile(
    join(target, `${name}.html`),
    [
      `<style>\n${style.trim()}\n</style>`,
      `<script type="text/html" data-template-name="${type}">\n${dialog.trim()}\n</script>`,
      `<script type="text/javascript">\n${script.trim()}\n</script>\n`,
    ].join('\n\n'),
  )
  for (const language of await readdir(join(source, 'locales'))) {
    await writeLocale(
      name,
      join(source, 'locales', language),
      join(root, SHARED, 'locales', language),
      join(target, 'locales', language),
    )
  }
}

async function bundleEditorScript(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  })
  return withoutScriptEnd(result.outputFiles[0]?.text ?? '', entry)
}

/**
 * Node-RED looks for labels in `<lang>/<name>.json` and for help in `<lang>/<name>.html`. Labels that every node has
 * stand under `common`, because each node has a catalogue of its own.
 */
async function writeLocale(name: string, source: string, shared: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  const [own, common] = await Promise.all([join(source, `${name}.json`), `${shared}.json`].map(readJson))
  await writeFile(join(target, `${name}.json`), `${JSON.stringify({ ...own, common }, null, 2)}\n`)
  const help = join(source, `${name}.md`)
  const markdown = withoutScriptEnd((await readFile(help, 'utf8')).trim(), help)
  await writeFile(
    join(target, `${name}.html`),
    `<script type="text/markdown" data-help-name="${TYPE_PREFIX}${name}">\n${markdown}\n</script>\n`,
  )
}

async function readJson(file: string): Promise<object> {
  return JSON.parse(await readFile(file, 'utf8')) as object
}

function withoutScriptEnd(text: string, file: string): string {
  if (/<\/script/i.test(text)) throw new Error(`${file} holds "</script", which would end its own script tag`)
  return text
}
