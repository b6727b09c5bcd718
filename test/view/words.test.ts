import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { counted, fill, WORDS } from '../../src/view/words.ts'

const braces = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([brace]) => brace).sort()

describe('the words of the dashboard', () => {
  it('have the same places for values in every language, and none is empty', () => {
    const { en, de } = WORDS
    for (const section of Object.keys(en) as (keyof typeof en)[]) {
      if (section === 'codes' || section === 'headings') continue
      const german: Readonly<Record<string, string>> = de[section]
      assert.deepEqual(Object.keys(german), Object.keys(en[section]), section)
      for (const [key, english] of Object.entries<string>(en[section])) {
        assert.notEqual(german[key], '', `${section}.${key}`)
        assert.deepEqual(braces(german[key] ?? ''), braces(english), `${section}.${key}`)
      }
    }
  })

  it('have their values put in, and one of what there is one of', () => {
    assert.equal(fill('{a} of {b}, {c}', { a: 1, b: 2 }), '1 of 2, {c}')
    assert.equal(counted(1, '{count} day', '{count} days'), '1 day')
    assert.equal(counted(2, '{count} day', '{count} days'), '2 days')
  })
})
