import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** What runs in Node-RED's process, where an exception that nobody catches ends everything of the user's. */
const FOLDERS = ['src', 'app/dashboard', 'app/request-guard']
const FILES = ['bandwidth-endpoint.ts', 'settings.cjs', 'log-handler.cjs', 'last-resort.cjs'].map(
  (name) => `app/${name}`,
)
/** Run elsewhere: in the browser, in a process of their own, or for the length of one command. */
const ELSEWHERE = /\.editor\.ts$|^src\/node-red\/editor\/|^src\/cli\/|run-helper-child\.ts$/

const files = [
  ...FILES,
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  ),
]
  .filter((name) => /\.(ts|cjs)$/.test(name) && !/\.d\.ts$/.test(name) && !ELSEWHERE.test(name))
  .map((name) => ({ name, text: withoutComments(readFileSync(join(root, name), 'utf8')) }))

function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/^\s*\/\/.*$/gm, '')
}

/** Callbacks that cannot throw: guarded, or one that settles a promise, takes out of a set, ends, or does nothing. */
const SAFE = [/^guarded\(/, /^resolve\b/, /^\(\) => \{\}/, /^\(\) => process\.exit\(/, /^\(\) => \w+\.delete\(\w+\)\)/]

/** A callback that cannot throw, or is guarded where it is made. */
function isSafe(callback: string, text: string): boolean {
  if (SAFE.some((pattern) => pattern.test(callback))) return true
  const [name = ''] = /^(?:this\.)?#?\w+/.exec(callback) ?? []
  const bare = name.replace(/^this\./, '')
  return new RegExp(`(?:const |let |readonly )?${bare} = guarded\\(|function ${bare}\\(\\): void \\{\\}`).test(text)
}

/** Each place in the source that matches, with what follows it. */
function places(pattern: RegExp): { where: string; rest: string; text: string }[] {
  return files.flatMap(({ name, text }) =>
    [...text.matchAll(pattern)].map((match) => ({
      where: `${name}:${text.slice(0, match.index).split('\n').length}`,
      rest: text.slice(match.index + match[0].length).trimStart(),
      text,
    })),
  )
}

/** Those of `node:timers/promises` have no callback. */
function unguarded(pattern: RegExp): string[] {
  return places(pattern)
    .filter(({ rest, text }) => !isSafe(rest, text) && !/^[^\n]*, undefined, \{/.test(rest))
    .map(({ where, rest }) => `${where}: ${rest.split('\n')[0]}`)
}

describe('what nobody waits for cannot end the runtime: it is guarded', () => {
  it('knows where to look', () => {
    assert.ok(files.length > 300, `${files.length} files`)
    assert.ok(places(/(?<![\w#])(?:setTimeout|setInterval)\(/g).length > 30)
  })

  it('every callback of a timer', () => {
    assert.deepEqual(
      unguarded(
        /(?<![\w#])(?:(?<!\.)|(?<=timers\.))(?:setTimeout|setInterval|setImmediate|queueMicrotask|process\.nextTick)\((?!\s*\)|\s*interval: number)/g,
      ),
      [],
    )
  })

  it('every listener of a socket, a process, a request', () => {
    // Node-RED catches what a listener of a node throws, and `onFlows` what one of its flows does. What listens to
    // what nobody caught is the last resort itself.
    assert.deepEqual(
      unguarded(
        /(?<!\b(?:node|this|events))\.(?:on|once|addListener)\(\s*'(?!disconnect'|uncaughtException'|unhandledRejection')[^']+',/g,
      ),
      [],
    )
  })

  it('and the package has no listener to what nobody caught in a process that is not its own', () => {
    const listening = places(/'(?:uncaughtException\w*|unhandledRejection)'/g).map(({ where }) => where)
    assert.deepEqual([...new Set(listening.map((where) => where.replace(/:\d+$/, '')))], ['app/last-resort.cjs'])
  })

  it('every listener of an abort', () => {
    assert.deepEqual(unguarded(/\.addEventListener\(\s*'abort',/g), [])
  })

  it('every promise that nobody awaits', () => {
    // What `delete` answers is no promise.
    const dropped = places(/(?:^[ \t]*|else |=> |\) )void (?=[\w#])/gm).filter(
      ({ rest }) => /^[\w.#?]+\(/.test(rest) && !/^[\w.#]+\.delete\(/.test(rest),
    )
    assert.deepEqual(
      dropped.map(({ where, rest }) => `${where}: void ${rest.split('\n')[0]}`),
      [],
    )
  })

  it('an error of a socket or a process is listened to for as long as it lives, not once', () => {
    assert.deepEqual(
      places(/\.once\(\s*'error'/g).map(({ where }) => where),
      [],
    )
  })

  it('has names for its places that are written out, so that there is a bounded number of them', () => {
    const open = places(/(?<![\w.])(?:guarded|internalError)\(/g).filter(
      ({ rest }) =>
        !/^'[A-Za-z0-9 -]+'/.test(rest) &&
        !/^`[a-z ]+\$\{(?:event|node\.type|kind)\}[a-z ]*`/.test(rest) &&
        !/^(?:place|NOT_WAITED_FOR)\b/.test(rest),
    )
    assert.deepEqual(
      open.map(({ where, rest }) => `${where}: ${rest.split('\n')[0]}`),
      [],
    )
  })
})
