import assert from 'node:assert/strict'
import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { install, installNeeded } from '../../app/prepare/install.mjs'
import { alone } from '../../app/prepare/lock.mjs'
import { installFailure } from '../../app/prepare/npm-failures.mjs'

let checkout = ''
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'hmonitor-checkout-'))
})
afterEach(() => rmSync(checkout, { recursive: true }))

const write = (path: string, packages: object) => {
  mkdirSync(join(checkout, path, '..'), { recursive: true })
  writeFileSync(join(checkout, path), JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages }))
}
const wanted = {
  '': {},
  app: { version: '1.0.0' },
  'node_modules/app': { resolved: 'app', link: true },
  'node_modules/a': { version: '1.2.3' },
  'node_modules/b': { version: '2.0.0', optional: true },
  'node_modules/c': { version: '3.0.0', extraneous: true },
}

describe('whether packages must be installed', () => {
  const installed = (packages: object) => {
    write('package-lock.json', wanted)
    write('node_modules/.package-lock.json', packages)
    return installNeeded(checkout)
  }

  it('is so where none are, or an install was cut short', () => {
    write('package-lock.json', wanted)
    assert.equal(installNeeded(checkout), 'nothing is installed yet')
  })

  it('is not so where they are those of the lock file, without what the platform does not need', () => {
    assert.equal(installed({ 'node_modules/a': { version: '1.2.3' } }), null)
  })

  it('is so where one is missing or another version, and names it', () => {
    assert.equal(installed({}), 'a is missing')
    assert.equal(installed({ 'node_modules/a': { version: '1.2.2' } }), 'a is 1.2.2 and should be 1.2.3')
    const both = { 'node_modules/a': { version: '1.2.3' }, 'node_modules/b': { version: '1.0.0' } }
    assert.equal(installed(both), 'b is 1.0.0 and should be 2.0.0')
  })

  it('cannot be said where the lock file is damaged, and what to do then', () => {
    writeFileSync(join(checkout, 'package-lock.json'), '{')
    assert.throws(() => installNeeded(checkout), /package-lock\.json is missing or damaged\.\n {2}git checkout/)
  })
})

describe('an install that fails', () => {
  // Nothing listens on port 1. With no retries npm says so at once.
  const settings = { npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' }
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const)
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  it('says that the registry cannot be reached, and what to do', async () => {
    Object.assign(process.env, settings)
    writeFileSync(join(checkout, 'package.json'), '{"name":"x","version":"1.0.0","dependencies":{"a":"1.2.3"}}')
    const locked = { '': { name: 'x', version: '1.0.0', dependencies: { a: '1.2.3' } } }
    write('package-lock.json', { ...locked, 'node_modules/a': { version: '1.2.3' } })
    await assert.rejects(
      install(checkout, () => {}),
      /registry cannot be reached\.\n[\s\S]*npm config set https-proxy/,
    )
  })

  const rows: [output: string, message: RegExp][] = [
    ['npm error code ENOSPC\nnpm error nospc', /The disk is full\.\n {2}Make room/],
    ['npm error code EACCES\nnpm error syscall mkdir', /npm may not write here/],
    ['npm error code EROFS', /npm may not write here/],
    ['npm error code ENOTFOUND', /cannot be reached/],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /certificate[\s\S]*cafile/],
    ['npm error code EUSAGE\nnpm error `npm ci` can only install …in sync', /do not belong together/],
    [
      'npm error code ESOMETHING\nnpm error what is wrong',
      /npm says:\n {2}npm error code ESOMETHING[\s\S]*what is wrong/,
    ],
  ]
  for (const [output, message] of rows) {
    it(`explains "${output.split('\n')[0]}"`, () => assert.match(installFailure('/checkout', output).message, message))
  }
})

describe('two starts of one checkout at once', () => {
  it('prepare it one after the other', async () => {
    const lock = new URL('../../app/prepare/lock.mjs', import.meta.url).href
    const script = join(checkout, 'other.mjs')
    writeFileSync(
      script,
      `import { alone } from ${JSON.stringify(lock)}
      await alone(${JSON.stringify(checkout)}, () => {}, async () => {
        process.send('begun')
        await new Promise((resolve) => process.once('message', resolve))
        process.disconnect()
      })`,
    )
    const other = fork(script)
    await once(other, 'message')
    const said: string[] = []
    let done = false
    const mine = alone(
      checkout,
      (line) => {
        said.push(line)
        other.send('go on')
      },
      async () => {
        done = true
        return other.exitCode
      },
    )
    assert.equal(done, false)
    await mine
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', /^Waiting for another start/)
  })

  it('is not held up by one that was killed', async () => {
    const lock = new URL('../../app/prepare/lock.mjs', import.meta.url).href
    const code = `import { alone } from ${JSON.stringify(lock)}
      await alone(${JSON.stringify(checkout)}, () => {}, async () => process.kill(process.pid, 'SIGKILL'))`
    assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', code]).signal, 'SIGKILL')
    assert.equal(
      await alone(
        checkout,
        () => {},
        async () => 'done',
      ),
      'done',
    )
    assert.ok(existsSync(checkout))
  })
})
