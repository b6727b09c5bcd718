import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { accessOf } from '../../src/elk/access.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmonitor-elk-'))
after(() => rmSync(folder, { recursive: true, force: true }))
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const URL = 'https://elastic.example:9200/'
const access = (more: Record<string, string>, url: string | null = null) =>
  accessOf({ ELASTICSEARCH_URL: URL, ...more }, 'ELASTICSEARCH', url)
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('how a cluster is asked', () => {
  it('is not at all where no address is set', async () => {
    assert.equal(await accessOf({}, 'ELASTICSEARCH', null), null)
  })

  it('is by nobody, by a user with a password, or by a key, each from a file too', async () => {
    const who = async (more: Record<string, string>) => (await access(more))?.authorization
    assert.equal(await who({}), null)
    const user = { ELASTICSEARCH_USER: 'elastic' }
    assert.equal(await who({ ...user, ELASTICSEARCH_PASSWORD: 'p:ß' }), `Basic ${base64('elastic:p:ß')}`)
    const password = file('password', 'from-file\n')
    assert.equal(await who({ ...user, ELASTICSEARCH_PASSWORD_FILE: password }), `Basic ${base64('elastic:from-file')}`)
    assert.equal(await who({ ELASTICSEARCH_API_KEY: 'id:key' }), `ApiKey ${base64('id:key')}`)
    assert.equal(await who({ ELASTICSEARCH_API_KEY: base64('id:key') }), `ApiKey ${base64('id:key')}`)
  })

  it('is at the address of the command line first, without a slash at its end', async () => {
    assert.equal((await access({}))?.url, 'https://elastic.example:9200')
    assert.equal((await access({}, 'http://other:9200/path/'))?.url, 'http://other:9200/path')
    assert.equal((await access({ ELASTICSEARCH_URL: 'https://one:9200, https://two:9200' }))?.url, 'https://one:9200')
  })

  it('is by the login of its address, which is not shown with it', async () => {
    const { url, authorization } = (await access({}, 'https://me:p%3A1@other:9200')) ?? {}
    assert.deepEqual([url, authorization], ['https://other:9200', `Basic ${base64('me:p:1')}`])
  })

  it('trusts the authority of a file', async () => {
    assert.equal((await access({ ELASTICSEARCH_CA_FILE: file('ca.pem', PEM) }))?.ca, PEM.trim())
  })

  for (const [what, more, message] of [
    ['a user without a password', { ELASTICSEARCH_USER: 'u' }, /belong together/],
    ['a password without a user', { ELASTICSEARCH_PASSWORD: 'secret-p' }, /belong together/],
    [
      'both ways',
      { ELASTICSEARCH_API_KEY: 'secret-k', ELASTICSEARCH_USER: 'u' },
      /keep ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USER/,
    ],
    ['a login that is not encoded', { ELASTICSEARCH_URL: 'http://me:secret-%p@elastic' }, /write %25 for it/],
    ['no address', { ELASTICSEARCH_URL: 'elastic:9200' }, /must begin with http/],
    [
      'a file that is not there',
      { ELASTICSEARCH_CA_FILE: '/nowhere/ca.pem' },
      /ELASTICSEARCH_CA_FILE: \/nowhere\/ca\.pem /,
    ],
    ['a file without a certificate', { ELASTICSEARCH_CA_FILE: file('no.pem', 'x') }, /holds no certificate/],
  ] as const) {
    it(`refuses ${what}, and shows no secret`, async () => {
      await assert.rejects(access(more), (error: Error) => {
        assert.match(error.message, message)
        assert.doesNotMatch(error.message, /secret-/)
        return true
      })
    })
  }
})
