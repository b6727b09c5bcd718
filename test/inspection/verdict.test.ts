import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { couldNotLook, type Looked, verdictOn } from '../../src/inspection/verdict.ts'
import type { Issue, Severity } from '../../src/observation/observation.ts'
import { absent, parameters, present, START, unknown } from '../health/readings.ts'

const issue = (severity: Severity, type = `some-${severity}`): Issue => ({
  type,
  severity,
  since: new Date(START.wall).toISOString(),
  summary: `It is ${type}`,
  remedy: ['Do something'],
})

const verdict = (looked: Partial<Looked>) =>
  verdictOn({ reading: present(), issues: [], lacking: [], lookedFor: 14, at: START, ...looked })

describe('the verdict of a preflight', () => {
  it('is pass where everything was looked at and nothing found', () => {
    const { reason, issues, verdict: word } = verdict({})
    assert.deepEqual({ word, reason, issues }, { word: 'pass', reason: null, issues: [] })
  })

  it('is pass with mere advice, which is told', () => {
    const { verdict: word, issues } = verdict({ issues: [issue('info')] })
    assert.equal(word, 'pass')
    assert.equal(issues.length, 1)
  })

  it('is warn with a warning, and fail with an error beside it', () => {
    assert.equal(verdict({ issues: [issue('warning'), issue('info')] }).verdict, 'warn')
    assert.equal(verdict({ issues: [issue('error'), issue('warning')] }).verdict, 'fail')
  })

  it('is unknown, never pass or warn, where something could not be measured, and says what', () => {
    for (const issues of [[], [issue('warning')]]) {
      const { verdict: word, reason, issues: told } = verdict({ issues, lacking: ['a', 'b'], lookedFor: 18 })
      assert.equal(word, 'unknown')
      assert.match(reason ?? '', /^Within 18 s this could not be measured: a, b\./)
      assert.deepEqual(told, issues)
    }
  })

  it('is fail with an error whatever could not be measured', () => {
    assert.equal(verdict({ issues: [issue('error')], lacking: ['a'] }).verdict, 'fail')
    assert.equal(verdict({ issues: [issue('error')], reading: unknown('crashed') }).verdict, 'fail')
  })

  it('is unknown where the probe itself failed, whatever the judge makes of not knowing', () => {
    const {
      verdict: word,
      reason,
      issues,
    } = verdict({
      reading: unknown('crashed'),
      issues: [issue('error', 'notMeasured')],
    })
    assert.deepEqual({ word, reason, issues }, { word: 'unknown', reason: 'it is crashed', issues: [] })
  })

  for (const reason of [
    'refused',
    'not-found',
    'ended',
    'stalled',
    'timeout',
    'unreachable',
    'wrong-answer',
  ] as const) {
    it(`is fail where the stream is ${reason}, with one issue for it and what to do`, () => {
      const presence = [issue('error', 'streamOffline'), issue('warning', 'streamStalled')]
      const { verdict: word, issues } = verdict({
        reading: absent(reason),
        issues: [...presence, issue('warning', 'gopSizeLong')],
      })
      assert.equal(word, 'fail')
      assert.deepEqual(
        issues.map(({ type }) => type),
        ['streamOffline', 'gopSizeLong'],
      )
      assert.match(issues[0]?.summary ?? '', /^Nothing arrives: .+/)
      assert.ok((issues[0]?.remedy.length ?? 0) > 1)
    })
  }

  it('says why nothing arrives in the words of the probe where it knows more', () => {
    const reading = { ...absent('refused'), message: 'the certificate of the server is not trusted' }
    assert.equal(
      verdict({ reading }).issues[0]?.summary,
      'Nothing arrives: the certificate of the server is not trusted',
    )
  })

  it('holds what the stream says of itself and what was measured', () => {
    const reading = present({ parameters: parameters() })
    const { parameters: told, measurements } = verdict({ reading })
    assert.deepEqual(told, parameters())
    assert.deepEqual(measurements, reading.measurements)
  })

  it('is unknown with the reason and nothing else where nobody could look', () => {
    assert.deepEqual(couldNotLook('There is no ffprobe'), {
      verdict: 'unknown',
      reason: 'There is no ffprobe',
      issues: [],
      parameters: null,
      measurements: null,
    })
  })
})
