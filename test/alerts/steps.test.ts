import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Alerting } from '../../src/alerts/alerting.ts'
import { readMode } from '../../src/alerts/mode.ts'
import { DEFAULT_TIMING } from '../../src/alerts/timing.ts'
import type { Alert } from '../../src/observation/alert.ts'
import { JsonFile } from '../../src/storage/json-file.ts'
import { iso, issue, ORIGIN, START, targetsOf } from './world.ts'

const NAMES = Array.from({ length: 600 }, (_, index) => `stream ${index}`)

describe('a tick of many alerts, in steps', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-steps-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  /** @returns what was asked and what came, after 600 streams have failed in one second */
  const failing = () => {
    let at = START
    const asked: string[] = []
    const sent: Alert[] = []
    const alerting = new Alerting({
      ...{ mode: readMode({}), file: new JsonFile(join(folder, 'alerts.json')), book: null, timing: DEFAULT_TIMING },
      origin: () => ORIGIN,
      diagnose: ({ target }) => {
        asked.push(target)
        return null
      },
      judges: () => false,
      targets: () =>
        targetsOf(NAMES.map((name) => ({ kind: 'stream', name, interval: 1, state: 'down', measuredAt: at }))),
      ...{ dashboardUrl: () => null, clock: { wall: () => at }, send: (alert: Alert) => void sent.push(alert) },
      ...{ counters: { count: () => {} }, postNow: () => {} },
    })
    const observe = (target: string) =>
      alerting.observe({
        ...{ kind: 'stream', target, labels: {}, time: iso(at), sequence: at, state: 'down', expected: true },
        ...{ score: null, measurements: {}, issues: [issue('streamOffline', 'error', START)] },
      })
    for (const name of NAMES) observe(name)
    at += 1000
    asked.length = 0
    return { alerting, asked, sent }
  }

  it('diagnoses one target between two places where other work may come, and decides when all are diagnosed', () => {
    const { alerting, asked, sent } = failing()
    const known = sent.length
    let most = 0
    let before = 0
    for (const steps = alerting.steps(); steps.next().done !== true; before = asked.length) {
      most = Math.max(most, asked.length - before)
      assert.equal(sent.length, known)
    }
    assert.equal(most, 1)
    assert.deepEqual(new Set(asked), new Set(NAMES))
    assert.deepEqual(new Set(sent.map(({ target }) => target)), new Set(NAMES))
  })

  it('takes what comes in between with it, and tells nobody twice', () => {
    const { alerting, sent } = failing()
    const steps = alerting.steps()
    for (let step = 0; step < 20; step++) steps.next()
    const first = alerting.firing[0]
    assert.ok(first)
    alerting.command({ action: 'acknowledge', id: first.id, by: 'Ada' })
    while (steps.next().done !== true);
    const firing = sent.filter(({ change }) => change === 'firing').map(({ target }) => target)
    assert.equal(firing.length, new Set(firing).size)
    assert.equal(alerting.firing.find(({ id }) => id === first.id)?.acknowledgedBy, 'Ada')
  })
})
