/** `NAME` and `NAME_FILE` both set is an error, whoever reads them: they may differ, and nobody could see which counts. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readEnvironment } from '../../app/environment.ts'
import { VARIABLE_GROUPS } from '../../app/options.mjs'
import { readSettings } from '../../app/stack/settings.ts'
import { readReceiver } from '../../src/alerts/notifiers/notifiers.ts'
import { admit } from '../../src/nodes/serve/bearer-auth.ts'
import { readSecretVariable, secretVariable, Variables } from '../../src/secrets/variables.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmonitor-variables-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = join(folder, 'secret')
writeFileSync(file, 'of the file\n')

const both = (name: string) => ({ [name]: 'of the variable', [`${name}_FILE`]: file })
const said = (name: string) => new RegExp(`both ${name} and ${name}_FILE are set; set only one`, 'i')
const request = {
  headers: { authorization: 'Bearer of the variable' },
  socket: { remoteAddress: '127.0.0.1' },
} as never

describe('a secret in a variable and in a file at once', () => {
  for (const { name } of VARIABLE_GROUPS.flatMap(({ variables }) => variables).filter((one) => one.file)) {
    it(`stops the start, which names both: ${name}`, () => {
      assert.throws(() => readEnvironment(both(name)), said(name))
      assert.doesNotThrow(() => readEnvironment({ [name]: '', [`${name}_FILE`]: file }), 'an empty one is not set')
    })
  }

  for (const name of ['METRICS_TOKEN', 'ALERT_WEBHOOK_TOKEN']) {
    it(`lets nobody in where ${name} has it, with the right token neither`, async () => {
      const answer = await admit(request, '', both(name), 'webhook')
      assert.ok(typeof answer === 'object')
      assert.equal(answer.statusCode, 503)
      assert.match(String(answer.payload), said(name))
    })
  }

  it('is refused to a receiver, to the stack, and to a target', async () => {
    const slack = { channel: 'slack' }
    assert.throws(() => readReceiver(slack, both('SLACK_WEBHOOK_URL')), said('SLACK_WEBHOOK_URL'))
    assert.throws(() => readSettings(both('ALERT_WEBHOOK_TOKEN'), folder), said('ALERT_WEBHOOK_TOKEN'))
    const { values, missing } = await new Variables(both('STREAM_KEY'), new Map()).resolve(['STREAM_KEY'])
    assert.equal(values.size, 0)
    assert.match(missing.get('STREAM_KEY')?.message ?? '', said('STREAM_KEY'))
  })
})

describe('a secret in a file', () => {
  it('is read anew each time, without the line break at its end', async () => {
    const environment = { KEY: '', KEY_FILE: file }
    assert.equal(secretVariable(environment, 'KEY'), 'of the file')
    assert.equal(await readSecretVariable(environment, 'KEY'), 'of the file')
    assert.equal(secretVariable({ KEY_FILE: 'secret' }, 'KEY', folder), 'of the file')
  })

  it('that is not there, or empty, is an error and not a secret that is not set', async () => {
    const empty = join(folder, 'empty')
    writeFileSync(empty, '\n')
    for (const [KEY_FILE, why] of [
      [join(folder, 'none'), /KEY_FILE: .*none (cannot be read \(ENOENT\)|does not exist)$/],
      [empty, /KEY_FILE: .*empty is empty$/],
    ] as const) {
      assert.throws(() => secretVariable({ KEY_FILE }, 'KEY'), why)
      await assert.rejects(readSecretVariable({ KEY_FILE }, 'KEY'), why)
    }
  })
})
