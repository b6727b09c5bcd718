/** What the editor loads of one node: its dialog, its script and its style, and its help in each language. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Types carry this prefix, because short names such as `ping` are taken in the catalogue. */
export const TYPE_PREFIX = 'hmonitor-'

/**
 * Writes `<name>.html` and `locales/` of one node.
 *
 * The script tag says `text/javascript` and the script is not minified: the flow library's scorecard finds node types
 * by parsing it. It is inline, because a relative `src` would delay the registration of every node of the package.
 *
 * @param source folder of the node's sources
 * @param target folder of the node in dist/
 */
export async function writeNodeHtml(name: string, source: string, target: string, style: string): Promise<void> {
  const type = TYPE_PREFIX + name
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
  await writeLocales(name, join(source, 'locales'), join(target, 'locales'))
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

/** Labels are copied, help is wrapped: Node-RED looks for `<lang>/<name>.json` and `<lang>/<name>.html`. */
async function writeLocales(name: string, source: string, target: string): Promise<void> {
  for (const language of await readdir(source)) {
    await mkdir(join(target, language), { recursive: true })
    const labels = await readFile(join(source, language, `${name}.json`), 'utf8')
    JSON.parse(labels)
    await writeFile(join(target, language, `${name}.json`), labels)
    const help = join(source, language, `${name}.md`)
    if (!existsSync(help)) continue
    const markdown = withoutScriptEnd((await readFile(help, 'utf8')).trim(), help)
    await writeFile(
      join(target, language, `${name}.html`),
      `<script type="text/markdown" data-help-name="${TYPE_PREFIX}${name}">\n${markdown}\n</script>\n`,
    )
  }
}

function withoutScriptEnd(text: string, file: string): string {
  if (/<\/script/i.test(text)) throw new Error(`${file} holds "</script", which would end its own script tag`)
  return text
}
