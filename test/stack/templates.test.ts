/** What Alertmanager makes of its templates, by its own tool. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const templates = fileURLToPath(new URL('../../deploy/alertmanager/templates/*.tmpl', import.meta.url))
const START = '2026-11-29T23:00:00Z'

const incident = (status: 'firing' | 'resolved', location: string) => ({
  status,
  labels: { alertname: 'HmonitorIncident', severity: 'critical', location, incident: 'a', monitor: 'hall' },
  annotations: { summary: `At fault: ${location}`, remedy: '1. Look' },
  ...{ startsAt: START, endsAt: '2026-11-29T23:01:00Z' },
})

describe('a message of Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hmonitor-templates-'))
  after(() => rmSync(folder, { recursive: true }))

  const rendered = (name: string, alerts: ReturnType<typeof incident>[], TZ = 'UTC') => {
    const file = join(folder, 'data.json')
    const commonLabels = { alertname: 'HmonitorIncident', monitor: 'hall' }
    writeFileSync(file, JSON.stringify({ receiver: 'people', status: 'firing', alerts, commonLabels }))
    const text = `{{ template "${name}" . }}`
    const options = [`--template.glob=${templates}`, `--template.text=${text}`, `--template.data=${file}`]
    return execFileSync('amtool', ['template', 'render', ...options], { env: { ...process.env, TZ } }).toString()
  }

  it('has its times in the zone of Alertmanager, and names it', () => {
    const text = (TZ: string) => rendered('hmonitor.text', [incident('firing', 'server')], TZ)
    assert.match(text('Europe/Berlin'), /Since 2026-11-30 00:00:00 CET/)
    assert.match(text('UTC'), /Since 2026-11-29 23:00:00 UTC/)
    const ended = rendered('hmonitor.text', [incident('resolved', 'server')], 'Europe/Berlin')
    assert.match(ended, /From 2026-11-30 00:00:00 to 00:01:00 CET, it lasted 1m0s/)
  })

  it('of an incident whose place is another now is a correction', () => {
    const title = (...alerts: ReturnType<typeof incident>[]) => rendered('hmonitor.title', alerts).trim()
    const now = incident('firing', 'server')
    assert.equal(title(now), 'CRITICAL: At fault: server (hall)')
    assert.equal(title(now, incident('resolved', 'encoder')), 'CORRECTION, CRITICAL: At fault: server (hall)')
    assert.equal(title(now, incident('resolved', 'unknown')), 'CRITICAL: At fault: server (hall)')
    assert.equal(title(now, incident('resolved', 'server')), 'CRITICAL: At fault: server (hall)')
    assert.equal(title(incident('resolved', 'server')), 'ENDED: At fault: server (hall)')
  })
})
