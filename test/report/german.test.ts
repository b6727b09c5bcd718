import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CAUSE_NAMES, CAUSES } from '../../src/diagnosis/causes.ts'
import { evidenceOf, QUESTION_NAMES } from '../../src/diagnosis/evidence.ts'
import { answerInGerman, issueInGerman, sentenceInGerman } from '../../src/german/catalogue.ts'
import { numbersInGerman, valueInGerman } from '../../src/german/values.ts'
import { absenceOf } from '../../src/health/nothing-arrives.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { LOCATIONS } from '../../src/observation/diagnosis.ts'
import { happenedInGerman } from '../../src/report/happened-de.ts'
import { TEXTS } from '../../src/report/languages.ts'
import { STREAMS, situation } from '../diagnosis/situations.ts'

const checks = Object.values(KINDS).flatMap(({ checks }) => checks)

/** What each question asks for where nothing is configured that could answer it. */
function adviceOfQuestions(): string[] {
  const evidence = evidenceOf(situation('elsewhere', STREAMS.unseen()))
  return QUESTION_NAMES.flatMap((name) => evidence[name].missing ?? [])
}

describe('a report in German', () => {
  it('has a name for whatever a check finds', () => {
    assert.deepEqual(
      checks.map(({ type }) => type).filter((type) => issueInGerman(type) === null),
      [],
    )
  })

  it('has every step of every check and cause', () => {
    const reasons = ['refused', 'not-found', 'ended', 'stalled', 'timeout', 'unreachable', 'other']
    const steps = [
      ...checks.flatMap(({ remedy }) => remedy),
      ...reasons.flatMap((reason) => absenceOf(reason).remedy),
      ...CAUSE_NAMES.flatMap((name) => CAUSES[name].remedy),
      ...adviceOfQuestions(),
    ]
    assert.deepEqual(
      steps.filter((step) => sentenceInGerman(step) === null),
      [],
    )
  })

  it('has every cause, every place and every answer', () => {
    for (const name of CAUSE_NAMES) assert.notEqual(sentenceInGerman(CAUSES[name].says), null, name)
    for (const location of LOCATIONS) assert.ok(TEXTS.de.location[location] !== '', location)
    for (const name of QUESTION_NAMES) {
      assert.notEqual(answerInGerman(name, 'bad'), answerInGerman(name, 'good'), name)
      assert.notEqual(answerInGerman(name, 'good'), null, name)
    }
  })

  it('leaves what it does not know as it is', () => {
    assert.equal(TEXTS.de.issue('ownCheck'), 'ownCheck')
    assert.equal(TEXTS.de.issue('constructor'), 'constructor')
    assert.equal(TEXTS.de.sentence('Do this.'), 'Do this.')
    const evidence = ['a', 'b']
    assert.deepEqual(TEXTS.de.evidence({ evidence, answers: [] }), evidence)
    assert.deepEqual(TEXTS.de.seen({ seen: evidence, issues: [] }), evidence)
  })

  it('writes values as one does in German', () => {
    assert.equal(valueInGerman('5.2 % (3 of 60)'), '5,2 % (3 von 60)')
    assert.equal(valueInGerman('less than 0.5 %'), 'weniger als 0,5 %')
    assert.equal(valueInGerman('no answer'), 'keine Antwort')
    assert.equal(numbersInGerman('4.5 Mb/s of 192.0.2.1, version 1.2.2'), '4,5 Mb/s of 192.0.2.1, version 1.2.2')
  })

  it('says what happened', () => {
    const where = 'Stream main'
    const lines = (
      [
        { event: 'state', from: 'ok', to: 'down' },
        { event: 'raised', issue: 'streamOffline' },
        { event: 'cleared', issue: 'streamOffline', seconds: 26 },
        { event: 'alert', alert: 'acknowledged', issue: 'streamOffline', by: 'Anna' },
        { event: 'alert', alert: 'resolved', issue: 'streamOffline', seconds: 65 },
        { event: 'session', to: 'ended', seconds: 12 },
      ] as const
    ).map((happened) => happenedInGerman(where, happened))
    assert.deepEqual(lines, [
      'Stream main: ausgefallen; vorher in Ordnung',
      'Stream main: Keine Daten vom Stream',
      'Stream main: Keine Daten vom Stream, vorbei nach 26 s',
      'Stream main: Alarm „Keine Daten vom Stream“ bestätigt von Anna',
      'Stream main: Alarm „Keine Daten vom Stream“ vorbei nach 1:05',
      'Stream main: Verbindung beendet nach 12 s: vom Server beendet',
    ])
  })
})
