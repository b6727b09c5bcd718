import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readShipping, type ShippingFields, wayOf } from '../../src/shipping/settings.ts'

const own = (more: Partial<ShippingFields>): ShippingFields => ({
  ...{ url: '', user: '', password: '', apiKey: '', ca: '' },
  ...more,
})

describe('where the log is shipped to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-ship-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  it('is nowhere unless the dialog says so, and is said by one variable where that says as the environment', () => {
    const LOGSTASH_URL = 'http://a'
    assert.equal(wayOf('', { LOGSTASH_URL }), null)
    assert.equal(wayOf('environment', {}), null)
    assert.equal(wayOf('environment', { LOGSTASH_URL }), 'logstash')
    assert.equal(wayOf('environment', { ELASTICSEARCH_URL_FILE: '/run/secrets/url' }), 'elasticsearch')
    assert.equal(wayOf('logstash', {}), 'logstash')
    assert.throws(() => wayOf('environment', { LOGSTASH_URL, ELASTICSEARCH_URL: 'http://b' }), /set only one/)
  })

  it('has its secrets from files as well, several addresses, and the certificate of an authority', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----'
    const settings = await readShipping('elasticsearch', null, {
      ELASTICSEARCH_URL: 'https://one:9200, https://two:9200',
      ELASTICSEARCH_USER: 'crew',
      ELASTICSEARCH_PASSWORD_FILE: file('password', 'pass word\n'),
      ELASTICSEARCH_CA_FILE: file('ca', pem),
    })
    assert.deepEqual(settings, {
      urls: ['https://one:9200', 'https://two:9200'],
      authorization: `Basic ${btoa('crew:pass word')}`,
      ca: pem,
      secrets: { LOG_SHIPPING_PASSWORD: 'pass word' },
    })
  })

  it('takes an API key encoded or as its two parts, and not beside a password', async () => {
    const read = (apiKey: string, more = {}) =>
      readShipping('elasticsearch', own({ url: 'http://a', apiKey, ...more }), {})
    assert.equal((await read('id:key')).authorization, `ApiKey ${btoa('id:key')}`)
    assert.equal((await read(btoa('id:key'))).authorization, `ApiKey ${btoa('id:key')}`)
    await assert.rejects(read('id:key', { user: 'crew' }), /keep ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USER/)
  })

  it('sends the login of the environment to no other address than that of the environment', async () => {
    const environment = { LOGSTASH_URL: 'http://known', LOGSTASH_PASSWORD: 'secret' }
    const there = await readShipping('logstash', own({ user: 'crew' }), environment)
    assert.deepEqual([there.urls, there.authorization], [['http://known'], `Basic ${btoa('crew:secret')}`])
    const elsewhere = await readShipping('logstash', own({ url: 'http://other' }), environment)
    assert.deepEqual([elsewhere.urls, elsewhere.authorization, elsewhere.secrets], [['http://other'], null, {}])
  })

  it('hides the password of an address, and says of what is wrong no more than its name', async () => {
    const LOGSTASH_URL = 'http://crew:Zk4Qw9xe@a'
    const { secrets } = await readShipping('logstash', null, { LOGSTASH_URL })
    await assert.rejects(readShipping('logstash', own({ url: LOGSTASH_URL }), {}), /must not hold a login/)
    assert.deepEqual(secrets, { LOG_SHIPPING_URL_PASSWORD_1: 'Zk4Qw9xe' })
    await assert.rejects(readShipping('logstash', own({ url: 'Zk4Qw9xe' }), {}), (error: Error) => {
      assert.match(error.message, /^The log cannot be shipped: the address, LOGSTASH_URL, must begin/)
      assert.doesNotMatch(error.message, /Zk4/)
      return true
    })
    await assert.rejects(
      readShipping('logstash', own({ url: 'http://a', ca: file('no-ca', 'x') }), {}),
      /holds no certificate: it has to be PEM/,
    )
  })
})
