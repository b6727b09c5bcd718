import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../../src/kinds/kinds.ts'
import type { AbsenceReason } from '../../../src/observation/observation.ts'
import { measurements, present, Run, type StreamReading, totals, unknown } from '../readings.ts'

const NEVER = measurements({ up: false, lastPacketAge: null, total: totals(), connectSeconds: null, parameters: null })

/** A stream that is looked for and was never there. */
function never(reason: AbsenceReason, more: { message?: string; beforeStream?: true } = {}): StreamReading {
  return { outcome: 'absent', reason, measurements: NEVER, ...more }
}

function unexpected(): Run {
  const run = new Run()
  run.expected = false
  return run
}

describe('a stream that was never seen', () => {
  for (const [what, reading, type, severity, summary, remedy] of [
    [
      'on a wrong port',
      never('refused', { message: 'the server refuses the connection', beforeStream: true }),
      'streamNeverReached',
      'warning',
      'Never seen since watching began: the server refuses the connection (wrong port?)',
      /Compare the port/,
    ],
    [
      'on an unknown host',
      never('unreachable', { message: 'no address is known for the host name', beforeStream: true }),
      'streamNeverReached',
      'warning',
      'Never seen since watching began: no address is known for the host name (wrong host name?)',
      /Compare the name and the port/,
    ],
    [
      'with a key that the server does not know',
      never('not-found'),
      'streamNeverSeen',
      'info',
      'Never seen since watching began: the server does not know this stream (not started, or another key than the encoder sends with?)',
      /the key is not the one the encoder sends with/,
    ],
    [
      'where nobody publishes',
      never('timeout', { message: 'the server is connected, but sends no media: nobody publishes' }),
      'streamNeverSeen',
      'info',
      'Never seen since watching began: the server is connected, but sends no media: nobody publishes (not started, or another key than the encoder sends with?)',
      /the key is not the one the encoder sends with/,
    ],
    [
      'where the server closes the connection',
      never('refused', { message: 'the server closed the connection before any media came' }),
      'streamNeverSeen',
      'info',
      'Never seen since watching began: the server closed the connection before any media came (wrong address, application or key, or not started?)',
      /the key is not the one the encoder sends with/,
    ],
  ] as const) {
    it(`is told ${what} after a minute, though it is not expected`, () => {
      const run = unexpected().times(60, reading)
      assert.deepEqual(run.types, [])
      run.read(reading)
      assert.deepEqual(run.types, [type])
      const issue = run.issue(type)
      assert.deepEqual([issue.severity, issue.summary], [severity, summary])
      assert.match(issue.remedy.join('\n'), remedy)
      assert.equal(run.verdict.state, 'off')
    })
  }

  it('is told once its reason is known, where nothing was known at first', () => {
    const run = unexpected().times(20, unknown('connecting', NEVER)).times(40, never('timeout'))
    assert.deepEqual(run.types, [])
    assert.deepEqual(run.read(never('timeout')).types, ['streamNeverSeen'])
  })

  it('is one issue, whichever reason comes after another', () => {
    const run = unexpected().times(61, never('refused', { beforeStream: true }))
    assert.deepEqual(run.read(never('not-found')).types, ['streamNeverSeen'])
    assert.deepEqual(run.read(never('refused', { beforeStream: true })).types, ['streamNeverReached'])
  })

  it('is seen from its first media on, and only off air afterwards', () => {
    const run = unexpected().times(70, never('not-found')).read(present())
    assert.deepEqual(run.types, [])
    assert.deepEqual(run.times(100, never('not-found')).types, [])
  })

  it('is left to the checks of its absence while it is expected, whose advice names the key as well', () => {
    const run = new Run().times(70, never('not-found'))
    assert.deepEqual(run.types, ['streamOffline'])
    assert.match(run.issue('streamOffline').remedy.join(), /the key is not the one the encoder sends with/)
  })
})

describe('what was never seen of other kinds', () => {
  it('is told as advice, too', () => {
    for (const kind of ['ping', 'service', 'encoder', 'platform'] as const) {
      const row = KINDS[kind].checks.find(({ type }) => type === 'neverSeen')
      assert.equal(row?.severity, 'info', kind)
    }
  })
})
