import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, it } from 'node:test'
import { isLoopback, readEnvironment } from '../../app/environment.ts'

describe('the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-environment-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  it('has defaults for everything', () => {
    const { host, port, dataDir, logLevel, demo, adminPassword, metricsToken } = readEnvironment({})
    assert.deepEqual(
      { host, port, dataDir, logLevel, demo, adminPassword, metricsToken },
      {
        ...{ host: '127.0.0.1', port: 1880, dataDir: resolve('.data'), logLevel: 'warn', demo: 'auto' },
        ...{ adminPassword: null, metricsToken: null },
      },
    )
  })

  it('counts an empty variable as not set, as Compose passes it', () => {
    assert.equal(readEnvironment({ PORT: '', HOST: ' ' }).port, 1880)
  })

  it('takes secrets from files, without the line break at their end', () => {
    const ADMIN_PASSWORD_FILE = file('password', 'open sesame\n')
    assert.equal(readEnvironment({ ADMIN_PASSWORD_FILE }).adminPassword, 'open sesame')
  })

  const bcrypt = `$2b$10$${'a'.repeat(53)}`
  const refused: [title: string, variables: Record<string, string>, message: RegExp][] = [
    ['a port that is none', { PORT: 'http' }, /^PORT is "http" and must be a port: 0 to 65535/],
    ['a port that is too high', { PORT: '70000' }, /^PORT is "70000"/],
    [
      'a time zone that is none',
      { TIMEZONE: 'Europe/Berln' },
      /^TIMEZONE is "Europe\/Berln".* mean "Europe\/Berlin"\?/,
    ],
    ['a language that is none', { SITE_LANGUAGE: 'german' }, /^SITE_LANGUAGE is "german".* must be one of en, de/],
    ['an unknown level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL is "loud" and must be one of: error, warn/],
    ['a password and a hash', { ADMIN_PASSWORD: 'a', ADMIN_PASSWORD_HASH: bcrypt }, /^Both ADMIN_PASSWORD and/],
    [
      'two ways to ship the log',
      { LOGSTASH_URL: 'http://a', ELASTICSEARCH_URL_FILE: 'b' },
      /^Both LOGSTASH_URL and ELASTICSEARCH_URL are set/,
    ],
    ['a hash that a shell has cut', { ADMIN_PASSWORD_HASH: 'b0' }, /^ADMIN_PASSWORD_HASH is not a bcrypt[\s\S]*quotes/],
    ['a password that bcrypt would cut', { ADMIN_PASSWORD: 'x'.repeat(73) }, /^ADMIN_PASSWORD is longer than 72 bytes/],
    [
      'a file that is missing',
      { METRICS_TOKEN_FILE: join(folder, 'no') },
      /^METRICS_TOKEN_FILE: .* cannot be read \(ENOENT\)/,
    ],
    ['an empty file', { METRICS_TOKEN_FILE: file('empty', '\n') }, /^METRICS_TOKEN_FILE: .* is empty/],
    [
      'a value and a file',
      { METRICS_TOKEN: 'a', METRICS_TOKEN_FILE: 'b' },
      /^Both METRICS_TOKEN and METRICS_TOKEN_FILE are set; set only one/,
    ],
    [
      'a value and a file of what only a node reads',
      { SLACK_WEBHOOK_URL: 'x'.repeat(73), SLACK_WEBHOOK_URL_FILE: 'b' },
      /^Both SLACK_WEBHOOK_URL and SLACK_WEBHOOK_URL_FILE are set; set only one/,
    ],
  ]
  for (const [title, variables, message] of refused) {
    it(`refuses ${title}, and does not repeat secrets`, () => {
      assert.throws(
        () => readEnvironment(variables),
        (error: Error) => message.test(error.message) && !error.message.includes('x'.repeat(73)),
      )
    })
  }

  it('knows which addresses only this machine can reach', () => {
    assert.deepEqual(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].map(isLoopback), [true, true, true, true])
    assert.deepEqual(['0.0.0.0', '::', '192.0.2.1', '127.example.com'].map(isLoopback), [false, false, false, false])
  })
})
