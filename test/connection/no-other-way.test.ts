import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** In the browser, or a server of our own. */
const ELSEWHERE = /\.editor\.ts$|^src\/node-red\/editor\/|^app\/demo\//

/**
 * Who else speaks HTTP or TCP to a server, and how that is bounded. Whoever adds a line here has to count the bytes and the
 * time, take nothing compressed, and close.
 */
const OTHERS: Readonly<Record<string, string>> = {
  'src/connection/http-request.ts': 'the one way',
  'src/connection/interim-answers.ts': 'begins what the one way reads, and counts what comes before the answer',
  'src/connection/agent.ts': 'makes what connects; whoever asks for it closes it',
  'src/connection/connect.ts': 'connects, and reads nothing',
  'src/network/bandwidth/http-transfer.ts':
    'counts what it gets and keeps nothing of it; seconds and bytes are its settings',
  'src/network/service/http.ts': 'times phases; looks through 256 kB of a body that is not decoded, and closes',
  'src/network/service/secure.ts': 'times phases',
  'src/ffmpeg/name-proxy.ts': 'passes on what ffprobe asks for, and reads nothing of it',
  'app/stack/healthy.ts': 'asks its own container, and prints 4000 characters',
}

const files = ['src', 'app']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter(
    (name) => /\.[cm]?[jt]s$/.test(name) && !/node_modules|\.generated\.|\.d\.ts$/.test(name) && !ELSEWHERE.test(name),
  )
  .map((name) => ({
    name,
    text: readFileSync(join(root, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
  }))

const holding = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name)

describe('what other servers answer is read by one bounded way', () => {
  it('knows where to look', () => assert.ok(files.length > 300, `${files.length} files`))

  it('nobody uses fetch, which unpacks what it did not ask for', () => {
    assert.deepEqual(holding(/(?<![.\w])fetch\(|globalThis\.fetch|\bundici\b/), [])
  })

  it('nobody uses AbortSignal.any, whose signal may be collected before it fires (decision 0010)', () => {
    assert.deepEqual(holding(/AbortSignal\.any\b/), [])
  })

  it('nobody uses axios but the one way', () => {
    assert.deepEqual(holding(/(?:import\(|from )'axios'/), ['src/connection/http-request.ts'])
  })

  it('who connects by himself is known, and bounded', () => {
    const connecting = holding(
      /https?\.(?:request|get)\(|\bnet\.(?:connect|createConnection)\(|\btls\.connect\(|(?:import|[{,]) *(?:get|request|connect)\b[^;\n]*from 'node:(?:https?|net|tls)'|new https?\.Agent|\bagentFor\(/,
    )
    assert.deepEqual(connecting.toSorted(), Object.keys(OTHERS).toSorted())
  })
})
