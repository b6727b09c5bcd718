import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { FIELDS } from '../../deploy/elk/source/fields.ts'
import { LOG_RULES } from '../../src/elk/log-rules.ts'
import { parseEsql } from './esql.ts'

/** What can be named in a question: of the line, and of the failure store, whose lines are none of ours. */
const MAPPED = new Set(Object.keys(FIELDS))
const FAILURES = new Set(['@timestamp', 'error.type', 'error.message'])

const questioned = (query: string) => parseEsql(query, query.includes('::failures') ? FAILURES : MAPPED)

describe('the rules of the log', () => {
  for (const { alertname, query, summary, description, remedy } of LOG_RULES) {
    it(`${alertname} asks in ES|QL for fields that are mapped, and says only what it has asked for`, () => {
      const { source, columns } = questioned(query)
      assert.match(source, /^logs-rtmp_hmonitor\.(\*(::failures)?|(events|alerts|incidents|dead)-\*)$/)
      for (const [, column = ''] of [summary, description, ...remedy].join(' ').matchAll(/\{(\w+)\}/g)) {
        assert.ok(columns?.includes(column), `${alertname}: {${column}}`)
      }
      assert.ok(remedy.length >= 2)
      assert.match(query, /NOW\(\) - /, 'a rule looks at a bounded time')
    })
  }

  it('have names of their own', () => {
    const names = LOG_RULES.map(({ alertname }) => alertname)
    assert.equal(new Set(names).size, names.length)
  })

  it('are asked as docs/elk.md asks, in a language that the tests can read', () => {
    const page = readFileSync(new URL('../../docs/elk.md', import.meta.url), 'utf8')
    const queries = [...page.matchAll(/```\n(FROM [^`]+)```/g)].map(([, query = '']) => query)
    assert.ok(queries.length >= 2)
    for (const query of queries) questioned(query)
  })

  for (const [what, query, said] of [
    ['a field that is not mapped', 'FROM logs-* | WHERE hmonitor.nothing == 1', /no column hmonitor.nothing/],
    ['a column that a step has taken away', 'FROM logs-* | STATS n = COUNT(*) | WHERE message == "a"', /no column/],
    ['a function of another licence', 'FROM logs-* | EVAL a = CATEGORIZE(message)', /CATEGORIZE is no function/],
    ['a step of another licence', 'FROM logs-* | CHANGE_POINT event.sequence', /a step is missing/],
    ['a comparison with one sign', 'FROM logs-* | WHERE event.sequence = 1', /missing/],
    ['a bracket without an end', 'FROM logs-* | WHERE (event.sequence > 1', /\) is missing/],
  ] as const) {
    it(`would not be let through with ${what}`, () => assert.throws(() => questioned(query), said))
  }
})
