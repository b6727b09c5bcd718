import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import bcrypt from 'bcryptjs'
import { findLogin, findToken } from '../../app/access.ts'
import { readEnvironment } from '../../app/environment.ts'
import { hiddenVariables, runtimeVariables } from '../../app/runtime-variables.ts'
import { openSecrets } from '../../app/secrets.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hmonitor-access-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const environment = (variables: Record<string, string> = {}) => readEnvironment({ DATA_DIR: dataDir, ...variables })
const mode = (name: string) => statSync(join(dataDir, name)).mode & 0o777

import { root } from '../runtime.ts'

describe('the login of the editor', () => {
  const login = (variables = {}, reset = false) => findLogin(environment(variables), openSecrets(dataDir), reset)

  it('is made where there is none, and kept as a hash once it was shown', async () => {
    const made = await login()
    assert.ok(made.password)
    assert.ok(await bcrypt.compare(made.password, made.hash))
    made.keep()
    const { from, password, hash } = await login()
    assert.deepEqual({ from, password, hash }, { from: 'kept', password: null, hash: made.hash })
    assert.ok(!readFileSync(join(dataDir, 'secrets.json'), 'utf8').includes(made.password))
    assert.equal(mode('secrets.json'), 0o600)
  })

  it('is made again where the one made before was never shown', async () => {
    const lost = await login()
    const { from, password } = await login()
    assert.equal(from, 'made')
    assert.notEqual(password, lost.password)
  })

  it('is made anew on request', async () => {
    ;(await login()).keep()
    assert.ok((await login({}, true)).password)
  })

  it('comes from the environment before all else', async () => {
    ;(await login()).keep()
    const { hash, password, from } = await login({ ADMIN_PASSWORD: 'open sesame' })
    assert.ok(await bcrypt.compare('open sesame', hash))
    assert.deepEqual({ password, from }, { password: null, from: 'ADMIN_PASSWORD' })
    const given = await bcrypt.hash('given', 4)
    assert.equal((await login({ ADMIN_PASSWORD_HASH: given })).hash, given)
  })
})

describe("the application's own secrets", () => {
  it('keep the secret of credentials for good', () => {
    const { credentialSecret } = openSecrets(dataDir)
    assert.match(credentialSecret, /^[0-9a-f]{64}$/)
    assert.equal(openSecrets(dataDir).credentialSecret, credentialSecret)
  })
})

describe('the token for metrics and status', () => {
  it('is not asked for where only this machine can connect', () => {
    assert.deepEqual(findToken(environment()), { value: null, from: 'none' })
  })

  it('is made where others can connect, and kept for its user only', () => {
    const made = findToken(environment({ HOST: '0.0.0.0' }))
    assert.equal(made.from, 'made')
    assert.equal(mode('metrics-token'), 0o600)
    assert.deepEqual(findToken(environment({ HOST: '0.0.0.0' })), { value: made.value, from: 'kept' })
  })

  it('is the one of the environment where there is one', () => {
    const token = findToken(environment({ HOST: '0.0.0.0', METRICS_TOKEN: 'given' }))
    assert.deepEqual(token, { value: 'given', from: 'METRICS_TOKEN' })
  })
})

describe('the environment of Node-RED', () => {
  const facts = {
    ...{ dataDir: '/data', ffprobe: { found: false, reason: '' } as const, demo: null },
    ...{ token: { value: 'token', from: 'made' } as const, watched: { from: 'nothing' } as const },
  }

  it('is without the login', () => {
    const variables = runtimeVariables(
      { ADMIN_PASSWORD: 'a', ADMIN_PASSWORD_HASH: 'b', ADMIN_PASSWORD_FILE: 'c' },
      facts,
    )
    const others = Object.keys(variables).filter((name) => !name.startsWith('MALLOC_'))
    assert.deepEqual(others.sort(), [
      ...['DATA_DIR', 'METRICS_TOKEN_FILE', 'NODE_ENV', 'RECEIVERS_SETUP_FILE', 'TARGETS_SETUP_FILE'],
    ])
  })

  it('names the file of a token that was made', () => {
    assert.equal(runtimeVariables({}, facts).METRICS_TOKEN_FILE, join('/data', 'metrics-token'))
  })

  const demo = {
    ...{ rtmpUrl: 'rtmp://127.0.0.1:1936/live/key', controlUrl: 'http://127.0.0.1:1' },
    vimeo: { url: 'http://127.0.0.1:2', token: 'of the demo' },
    encoderAddress: '127.0.0.1:3',
    targetsFile: join(root, 'app/demo/targets.json'),
  }

  it("has the demo's targets and control where the demo runs, and no control where it does not", () => {
    const variables = runtimeVariables({}, { ...facts, demo })
    const { TARGETS_FILE, DEMO_RTMP_URL, DEMO_URL } = variables
    assert.deepEqual({ DEMO_RTMP_URL, DEMO_URL }, { DEMO_RTMP_URL: demo.rtmpUrl, DEMO_URL: demo.controlUrl })
    assert.deepEqual(
      [variables.DEMO_RELAY_URL, variables.DEMO_ENCODER_ADDRESS],
      ['rtmp://127.0.0.1:1936/live', '127.0.0.1:3'],
    )
    const written = readFileSync(TARGETS_FILE ?? '', 'utf8')
    for (const [, name = ''] of written.matchAll(/\$\{(\w+)\}/g)) assert.ok(variables[name], `${name} has a value`)
    const targets = JSON.parse(written)
    assert.equal(targets.streams[0].url, '${DEMO_RTMP_URL}')
    assert.equal(runtimeVariables({ DEMO_URL: 'http://elsewhere' }, facts).DEMO_URL, undefined)
  })

  it("gives the demo's Vimeo its own token, never the user's, and the user's to no other address", () => {
    const user = { VIMEO_ACCESS_TOKEN: 'of the user', VIMEO_ACCESS_TOKEN_FILE: '/token', VIMEO_API_URL: 'https://x' }
    const shown = runtimeVariables(user, { ...facts, demo })
    assert.deepEqual([shown.VIMEO_ACCESS_TOKEN, shown.VIMEO_API_URL], ['of the demo', 'http://127.0.0.1:2'])
    assert.equal(shown.VIMEO_ACCESS_TOKEN_FILE, undefined)
    const own = runtimeVariables(user, facts)
    assert.deepEqual([own.VIMEO_ACCESS_TOKEN, own.VIMEO_API_URL], ['of the user', undefined])
  })

  it('hides from flows what is or may hold a secret', () => {
    const hidden = hiddenVariables({ RTMP_STREAMS: '', METRICS_TOKEN: '', SMTP_PASSWORD: '', PORT: '', HOME: '' })
    assert.deepEqual([...new Set(hidden)].sort(), [
      ...['DEMO_RTMP_URL', 'HMONITOR_RUNTIME', 'METRICS_TOKEN', 'RTMP_STREAMS', 'SMTP_PASSWORD'],
      'VIMEO_ACCESS_TOKEN',
    ])
  })
})
