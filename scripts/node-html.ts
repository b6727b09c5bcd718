/** What the editor loads of one node: its dialog, its script and its style, and its help in each language. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { dialogOfNode, pageOf, scriptOf, type Texts } from './probe-dialogs.ts'
import { receiverPage, receiverScript } from './receiver-dialog.ts'

/** Types carry this prefix, because short names such as `ping` are taken in the catalogue. */
export const TYPE_PREFIX = 'hmonitor-'

/** Folder of what every dialog shares: style and labels. */
const SHARED = join('src', 'node-red', 'editor')

/** What most dialogs ask for: `<!-- field name -->` stands for it in a page. */
const FIELDS: Readonly<Record<string, string>> = {
  name: `<div class="form-row">
        <label for="node-input-name"><i class="fa fa-tag"></i> <span data-i18n="common.name"></span></label>
        <input type="text" id="node-input-name" data-i18n="[placeholder]common.name">
    </div>`,
  monitor: `<div class="form-row">
        <label for="node-input-monitor"><i class="fa fa-heartbeat"></i> <span data-i18n="common.monitor"></span></label>
        <input type="text" id="node-input-monitor" style="width: calc(100% - 168px)">
        <div class="hmonitor-hint" data-i18n="common.monitorHint"></div>
    </div>`,
}

/**
 * Writes `<name>.html` and `locales/` of one node. The dialogs of the probe nodes are made from `src/kinds/*.schema.json`, that of a receiver from its notifiers.
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
  const made = await madeDialog(root, name)
  const dialog = made?.page ?? withFields(await readFile(join(source, `${name}.html`), 'utf8'))
  const entry = join(source, `${name}.editor.ts`)
  const script = await bundleEditorScript(
    made === null
      ? { entryPoints: [entry] }
      : { stdin: { contents: made.script, resolveDir: root, sourcefile: entry, loader: 'js' } },
  )
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
    const locale = join(target, 'locales', language)
    await mkdir(locale, { recursive: true })
    await writeFile(join(locale, `${name}.json`), `${JSON.stringify(await textsOf(root, name, language), null, 2)}\n`)
    await writeHelp(name, join(source, 'locales', language), locale)
  }
}

function withFields(page: string): string {
  return page.replace(/<!-- field (\w+) -->/g, (comment, field: string) => FIELDS[field] ?? comment)
}

/** A dialog whose fields are said elsewhere: of a probe node, or of a receiver. Null where it stands in files. */
async function madeDialog(root: string, name: string): Promise<{ page: string; script: string } | null> {
  const texts = await textsOf(root, name, 'en-US')
  if (name === 'receiver') return { page: receiverPage(texts), script: receiverScript() }
  const probe = dialogOfNode(name)
  return probe === null ? null : { page: pageOf(probe, texts), script: scriptOf(probe) }
}

async function bundleEditorScript(entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<string> {
  const result = await build({
    ...entry,
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  })
  return withoutScriptEnd(result.outputFiles?.[0]?.text ?? '', 'the script of a dialog')
}

/**
 * The texts of a node in one language. Those that every node has stand under `common`, because each node has a catalogue
 * of its own; those that every probe node has stand beside its own, which count before them.
 */
export async function textsOf(root: string, name: string, language: string): Promise<Texts> {
  const [own, shared] = await Promise.all([
    readJson(join(root, 'src', 'nodes', name, 'locales', language, `${name}.json`)),
    readJson(join(root, SHARED, 'locales', `${language}.json`)),
  ])
  const { probeDialog, ...common } = shared
  return { ...(dialogOfNode(name) === null ? own : merged(probeDialog, own)), common }
}

function merged(shared: Texts[string] | undefined, own: Texts): Texts {
  if (typeof shared !== 'object') return own
  const both = Object.entries(own).map(([key, text]) => {
    return [key, typeof text === 'string' ? text : merged(shared[key], text)] as const
  })
  return { ...shared, ...Object.fromEntries(both) }
}

/** Node-RED looks for help in `<lang>/<name>.html`, beside the labels. */
async function writeHelp(name: string, source: string, target: string): Promise<void> {
  const help = join(source, `${name}.md`)
  const markdown = withoutScriptEnd((await readFile(help, 'utf8')).trim(), help)
  await writeFile(
    join(target, `${name}.html`),
    `<script type="text/markdown" data-help-name="${TYPE_PREFIX}${name}">\n${markdown}\n</script>\n`,
  )
}

async function readJson(file: string): Promise<Texts> {
  return JSON.parse(await readFile(file, 'utf8')) as Texts
}

function withoutScriptEnd(text: string, file: string): string {
  if (/<\/script/i.test(text)) throw new Error(`${file} holds "</script", which would end its own script tag`)
  return text
}
