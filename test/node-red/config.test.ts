import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { numberIn, textIn, unsetVariable } from '../../src/node-red/config.ts'

describe('a dialog whose variable is not set', () => {
  const cases: [what: string, fields: unknown, name: string | null][] = [
    ['is found by the text that Node-RED left', { url: '${STREAM_URL}' }, 'STREAM_URL'],
    ['is found in the old form', { url: '$(STREAM_URL)' }, 'STREAM_URL'],
    ['is found in a list of labels', { labels: { room: '${ROOM}' } }, 'ROOM'],
    ['is found with spaces around it', { interval: ' ${INTERVAL} ' }, 'INTERVAL'],
    ['is not one whose text only holds a name, which is filled in later', { url: 'rtmp://a/live/${KEY}' }, null],
    ['is not one whose description speaks of a variable', { info: '${X}', wires: [['${Y}']] }, null],
    ['is not one without text', { verifyTls: true, interval: 1, file: '', nothing: null }, null],
    ['is not one without credentials', undefined, null],
  ]
  for (const [what, fields, name] of cases) it(what, () => assert.equal(unsetVariable(fields), name))
})

describe('a number in a dialog', () => {
  const cases: [value: unknown, number: number | null][] = [
    ['1.5', 1.5],
    [2, 2],
    ['', null],
    ['   ', null],
    ['two', null],
    [Number.NaN, null],
    ['Infinity', null],
    [true, null],
    [undefined, null],
  ]
  for (const [value, number] of cases) {
    it(`${JSON.stringify(value)} is ${number}`, () => assert.equal(numberIn(value), number))
  }
})

describe('text in a dialog', () => {
  it('loses the spaces around it', () => assert.equal(textIn('  main '), 'main'))
  it('is empty where a flow file has something else', () => assert.equal(textIn({ a: 1 }), ''))
})
