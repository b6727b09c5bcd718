import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { VARIABLE_GROUPS } from '../../app/options.mjs'
import { KINDS } from '../../src/kinds/kinds.ts'
import { OWN_SECRETS, refusedVariable } from '../../src/secrets/placeholder.ts'
import { Variables } from '../../src/secrets/variables.ts'
import { readSmallFile } from '../../src/storage/small-file.ts'
import { collectFromFile } from '../../src/targets/collect.ts'
import { MOST_TARGETS } from '../../src/targets/target-kind.ts'

const LISTS = Object.values(KINDS).map(({ variable }) => variable)

describe('a variable in an address', () => {
  it('is none of the secrets of the monitor itself', () => {
    const secret = VARIABLE_GROUPS.flatMap(({ variables }) => variables.filter(({ secret }) => secret))
    for (const { name } of secret)
      assert.equal(OWN_SECRETS.has(name) || LISTS.includes(name), name !== 'RELAY_KEY', name)
    for (const name of [...OWN_SECRETS, ...LISTS])
      assert.equal(refusedVariable(name, LISTS)?.code, 'forbidden-variable', name)
    assert.match(
      refusedVariable('SMTP_PASSWORD', LISTS)?.message ?? '',
      /^\$\{SMTP_PASSWORD\} is a secret of the monitor itself/,
    )
    assert.equal(refusedVariable('SMTP_PASSWORD_FILE', LISTS)?.code, 'forbidden-variable')
  })

  it('may be whatever else somebody has set, but for what Node-RED keeps from flows', () => {
    for (const name of ['STREAM_KEY', 'RELAY_KEY', 'HOME']) assert.equal(refusedVariable(name, LISTS), null, name)
    assert.match(refusedVariable('STREAM_KEY', LISTS, ['STREAM_KEY'])?.message ?? '', /envVarExcludes/)
    assert.equal(refusedVariable('RELAY_KEY', LISTS, ['RELAY_KEY']), null)
  })

  it('is refused where targets are read, with its name and without its value', async () => {
    const environment = { SMTP_PASSWORD: 'the secret', STREAM_KEY: 'the key', METRICS_TOKEN_FILE: '/etc/hostname' }
    const variables = new Variables(environment, new Map(), (name) => refusedVariable(name, LISTS))
    const { values, missing } = await variables.resolve(['SMTP_PASSWORD', 'STREAM_KEY', 'METRICS_TOKEN'])
    assert.deepEqual([...values], [['STREAM_KEY', 'the key']])
    assert.deepEqual([...missing.keys()], ['SMTP_PASSWORD', 'METRICS_TOKEN'])
    assert.doesNotMatch(missing.get('SMTP_PASSWORD')?.message ?? '', /the secret/)
  })
})

/** Lets nothing else come for some milliseconds. */
function hold(time: number): void {
  const until = performance.now() + time
  while (performance.now() < until);
}

describe('a file whose read does not end', () => {
  it('is given up after a while, said in words, not read again meanwhile, and read once it answers', async () => {
    const path = join(tmpdir(), 'of nobody')
    let answer = (_: Awaited<ReturnType<typeof readSmallFile>>) => {}
    let reads = 0
    const read = () => {
      reads += 1
      return new Promise<Awaited<ReturnType<typeof readSmallFile>>>((resolve) => {
        answer = resolve
      })
    }
    const once = async () => (await readSmallFile(path, 100, { limit: 20, read })).content
    for (let times = 0; times < 3; times += 1) {
      const content = await once()
      assert.ok('error' in content)
      assert.match(content.error.message, /gives no answer for 0\.02 s when it is read/)
    }
    assert.equal(reads, 1)
    answer({ fingerprint: 'x', content: { text: 'late' } })
    await new Promise((resolve) => setImmediate(resolve))
    const again = once()
    answer({ fingerprint: 'x', content: { text: 'here' } })
    assert.deepEqual(await again, { text: 'here' })
    assert.equal(reads, 2)
  })

  it('is not blamed for what holds this process up', async () => {
    const read = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      hold(150)
      await new Promise((resolve) => setImmediate(resolve))
      hold(150)
      await new Promise((resolve) => setImmediate(resolve))
      return { fingerprint: 'x', content: { text: 'here' } }
    }
    const { content } = await readSmallFile(join(tmpdir(), 'of somebody'), 100, { limit: 100, read })
    assert.deepEqual(content, { text: 'here' })
  })

  it('is refused at once where it is a device behind a link, also one that says that it is a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hmonitor-link-'))
    try {
      symlinkSync('/dev/zero', join(folder, 'zero'))
      const { content } = await readSmallFile(join(folder, 'zero'), 100)
      assert.ok('error' in content && /is not a regular file/.test(content.error.message))
      // Only root may open it, and may wait for ever then.
      symlinkSync('/proc/kmsg', join(folder, 'kmsg'))
      const begun = performance.now()
      const kernel = (await readSmallFile(join(folder, 'kmsg'), 1_000_000)).content
      assert.ok('error' in kernel)
      assert.ok(performance.now() - begun < 5500)
      writeFileSync(join(folder, 'file'), 'text')
      assert.deepEqual((await readSmallFile(join(folder, 'file'), 100)).content, { text: 'text' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('more targets than a monitor can watch', () => {
  it('are refused once, with the numbers and what to do, and the first of them are watched', () => {
    const services = Array.from({ length: 10_000 }, (_, index) => ({ name: `s${index}`, url: 'tcp://127.0.0.1:1' }))
    const { entries, rejected } = collectFromFile(KINDS, { services })
    assert.equal(entries.length, MOST_TARGETS)
    assert.equal(rejected.length, 1)
    assert.match(rejected[0]?.message ?? '', /^services: 10000 entries, and a monitor watches at most 2000 of a kind/)
  })
})
