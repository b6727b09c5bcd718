import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { QUIET_RUNBOOKS } from '../../scripts/runbook-texts.ts'
import { BACKUP_CHECKS } from '../../src/health/checks/backup.ts'
import { BANDWIDTH_CHECKS } from '../../src/health/checks/bandwidth.ts'
import { CONTENT_CHECKS } from '../../src/health/checks/content.ts'
import { ENCODER_CHECKS } from '../../src/health/checks/encoder.ts'
import { INGEST_CHECKS } from '../../src/health/checks/ingest.ts'
import { PING_CHECKS } from '../../src/health/checks/ping.ts'
import { PLATFORM_CHECKS } from '../../src/health/checks/platform.ts'
import { SERVICE_CHECKS } from '../../src/health/checks/service.ts'
import { STREAM_CHECKS } from '../../src/health/checks/stream.ts'
import { root } from '../runtime.ts'

/** What emails, Slack, the log and the screen would show as it is. */
const MARKUP = /`|\*\*|\]\(|\$\{|\bundefined\b|\bnull\b|\bNaN\b|\[object/

const CHECKS = [
  ...[STREAM_CHECKS, INGEST_CHECKS, CONTENT_CHECKS, BACKUP_CHECKS, PING_CHECKS, SERVICE_CHECKS],
  ...[BANDWIDTH_CHECKS, ENCODER_CHECKS, PLATFORM_CHECKS],
].flat() as readonly { type: string; remedy: readonly string[]; summary: unknown }[]

describe('what people are told to do', () => {
  it('is plain text in every check, since it is shown on every surface', () => {
    assert.ok(CHECKS.length > 60)
    for (const { type, remedy } of CHECKS) for (const step of remedy) assert.doesNotMatch(step, MARKUP, type)
  })

  it('is plain text in every summary, as far as it stands in the code', () => {
    for (const { type, summary } of CHECKS) assert.doesNotMatch(String(summary), /\\`|\*\*/, type)
  })

  it('is plain text where the monitor tells it of itself', () => {
    for (const [name, { summary, remedy }] of Object.entries(QUIET_RUNBOOKS))
      for (const text of [summary, ...remedy]) assert.doesNotMatch(text, MARKUP, name)
  })

  it('is plain text in the rules of Prometheus, whose annotations are sent by Alertmanager', () => {
    for (const file of ['issues.rules.yml', 'monitor.rules.yml']) {
      const rules = readFileSync(join(root, 'deploy/prometheus/rules', file), 'utf8')
      const texts = rules.split('\n').filter((line) => !line.trimStart().startsWith('#') && !line.includes('expr:'))
      assert.doesNotMatch(texts.join('\n'), /\*\*|\]\(/, file)
      // Templates of Prometheus quote with backticks, in braces; elsewhere none stands.
      assert.doesNotMatch(texts.join('\n').replace(/\{\{.*?\}\}/g, ''), /`/, file)
    }
  })
})
