import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ownTarget } from '../../src/nodes/web-presenter/own-target.ts'

const read = (config: object, environment: Record<string, string> = {}) =>
  ownTarget('n1', { address: '192.0.2.20', ...config }, (name) => environment[name] ?? '')

describe('the encoder of a dialog', () => {
  it('is none without an address', () => {
    for (const address of ['', '  ', undefined]) assert.equal(read({ address }), null)
  })

  it('has the defaults of the targets file, and its address for a name', () => {
    assert.deepEqual(read({})?.target, {
      ...{ name: '192.0.2.20', address: '192.0.2.20', protocol: 'auto', expected: 'always', idle: 'allowed' },
      ...{ interval: 1, limits: {}, labels: {}, dependsOn: [] },
    })
  })

  it('takes what the dialog says, numbers as text too', () => {
    const fields = { name: 'main', protocol: 'ethernet', expected: 'manual', idle: 'fault', interval: '5' }
    const { target } = read({ ...fields, labels: { hall: 'east' } }) ?? {}
    assert.deepEqual(
      [target?.name, target?.protocol, target?.expected, target?.idle, target?.interval, target?.labels],
      ['main', 'ethernet', 'manual', 'fault', 5, { hall: 'east' }],
    )
  })

  it('keeps the value of a variable as a secret, and does not show it as its name', () => {
    const own = read({ address: '${HOST}:8080' }, { HOST: 'encoder.lan' })
    assert.deepEqual([own?.target.name, own?.target.address], ['encoder', '${node.n1.HOST}:8080'])
    assert.deepEqual([...(own?.secrets ?? [])], [['node.n1.HOST', 'encoder.lan']])
    assert.throws(() => read({ address: '${HOST}' }), { code: 'missing-variable' })
  })

  it('is refused where its address or its interval is none', () => {
    assert.throws(() => read({ address: 'http://192.0.2.20/' }), { code: 'invalid-target' })
    assert.throws(() => read({ interval: '0' }), { code: 'invalid-target' })
  })
})
