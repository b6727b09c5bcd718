import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type HealthInput, healthReport } from '../../src/monitor/health-report.ts'
import type { AlertProblem } from '../../src/observation/alert.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import type { Kind } from '../../src/observation/observation.ts'
import { type Rejection, toRejection } from '../../src/targets/rejection.ts'
import { arrival, at, entry } from './reports.ts'

/** A monitor at 100 s after its start that watches these, with an observation so many seconds after the start. */
function report(
  targets: [kind: Kind, name: string, interval: number, seen: number | null][],
  more: Partial<HealthInput> = {},
) {
  const seen = new Map(targets.map(([kind, name, , seconds]) => [`${kind}/${name}`, seconds]))
  return healthReport({
    at: at(100),
    started: true,
    missing: {},
    shortage: null,
    entries: targets.map(([kind, name, interval]) => entry(kind, name, interval)),
    arrivalOf: ({ kind, name }) => {
      const seconds = seen.get(`${kind}/${name}`) ?? null
      return seconds === null ? undefined : arrival(kind, name, seconds)
    },
    rejected: [],
    internalErrors: [],
    losses: [],
    isTokenLost: false,
    alertProblems: [],
    ...more,
  })
}

function problem(severity: AlertProblem['severity']): AlertProblem {
  return { code: 'outbox-stuck', severity, message: 'The receiver has taken nothing', remedy: ['Look'] }
}

describe('the health of the monitor itself', () => {
  it('is good while its probes are fresh, whatever they say of their targets', () => {
    const { status, body } = report([
      ['stream', 'main', 1, 99],
      ['ping', 'gateway', 5, 95],
    ])
    assert.deepEqual(
      [status, body],
      [200, { status: 'ok', reasons: [], notes: [], watched: { stream: 1, ping: 1 }, refused: 0 }],
    )
  })

  it('is good when nothing is watched, and says so', () => {
    const { status, body } = report([])
    assert.equal(status, 200)
    assert.match(body.notes.join(), /Nothing is watched: .*RTMP_STREAMS/)
  })

  it('is bad when an observation is older than five seconds and three intervals', () => {
    for (const [interval, seen, status] of [
      [1, 95, 200],
      [1, 94.9, 503],
      [5, 85, 200],
      [5, 84.9, 503],
      [60, 0, 200],
    ] as const) {
      assert.equal(report([['stream', 'main', interval, seen]]).status, status, `${interval} s, seen at ${seen}`)
    }
  })

  it('gives a target that is new the same time to be observed', () => {
    assert.equal(report([['stream', 'main', 1, null]], { at: at(5) }).status, 200)
    assert.equal(report([['stream', 'main', 1, null]], { at: at(6) }).status, 503)
  })

  it('names what is stale and what to do, but not hundreds of names', () => {
    const many = Array.from(
      { length: 250 },
      (_, index) => ['stream', `s${index}`, 1, index < 8 ? 50 : 99] as [Kind, string, number, number],
    )
    const { reasons } = report(many).body
    assert.equal(reasons.length, 1)
    assert.match(
      reasons[0]?.message ?? '',
      /^8 of 250 targets of kind stream have no fresh observation: s0, s1, s2, s3, s4 and 3 more\. .*50 s old, allowed are 5 s$/,
    )
    assert.match(reasons[0]?.remedy[0] ?? '', /overloaded/)
  })

  for (const code of ['no-ffprobe', 'no-ffmpeg'] as const) {
    it(`is bad for want of a program (${code}) only where streams are watched`, () => {
      const missing = { [code]: 'None was found' }
      assert.equal(report([], { missing }).status, 200)
      assert.equal(report([['ping', 'gateway', 5, 99]], { missing }).status, 200)
      const { status, body } = report([['stream', 'main', 1, 99]], { missing })
      assert.deepEqual([status, body.reasons[0]?.code, body.reasons[0]?.message], [503, code, 'None was found'])
      assert.match(body.reasons[0]?.remedy[0] ?? '', code === 'no-ffprobe' ? /FFPROBE_PATH/ : /FFMPEG_PATH/)
    })
  }

  it('says once what the system gives the monitor too little of, and is bad where that leaves nothing measured', () => {
    const shortage = { targets: 2, message: 'ffprobe could not be started: as many files open as it may have.' }
    const two = ['main', 'spare'].map((name) => ['stream', name, 1, 99] as [Kind, string, number, number])
    const { status, body } = report(two, { shortage })
    assert.deepEqual([status, body.reasons.map(({ code }) => code)], [503, ['no-resources']])
    assert.match(body.reasons[0]?.message ?? '', /so 2 of 2 targets cannot be measured: ffprobe could not .* may have$/)
    const some = report([...two, ['ping', 'gateway', 5, 99]], { shortage })
    assert.deepEqual([some.status, some.body.status], [200, 'degraded'])
  })

  it('is bad while the flows have not started', () => {
    const { status, body } = report([], { started: false })
    assert.deepEqual([status, body.status, body.reasons[0]?.code], [503, 'failing', 'not-started'])
    assert.ok(body.reasons[0]?.remedy.length)
  })

  it('is degraded, and answers 200 still, where it works and somebody should know of something', () => {
    const { status, body } = report([], { alertProblems: [problem('degraded')] })
    assert.deepEqual([status, body.status], [200, 'degraded'])
    assert.deepEqual(body.reasons, [problem('degraded')])
  })

  it('is as bad as the worst of its reasons, and names the worst first', () => {
    const { status, body } = report([], { started: false, alertProblems: [problem('degraded'), problem('failing')] })
    assert.deepEqual([status, body.status], [503, 'failing'])
    assert.deepEqual(
      body.reasons.map(({ severity }) => severity),
      ['failing', 'failing', 'degraded'],
    )
  })

  it('is degraded while something that is said to be watched is not, with the reason and what to do', () => {
    const refused = rejection('streams[1] "main"', 'unknown key "profil", did you mean "profile"?', { name: 'main' })
    const link = rejection('stream "a"', '"dependsOn" names "b", which is not watched', {
      ...({ name: 'a', effect: 'ignored', targets: 0 } as const),
    })
    const { status, body } = report([['stream', 'good', 1, 99]], { rejected: [link, refused] })
    assert.deepEqual([status, body.status, body.refused, body.notes], [200, 'degraded', 1, []])
    assert.deepEqual(
      body.reasons.map(({ code, severity, message }) => [code, severity, message]),
      [
        ['target-refused', 'degraded', 'main: Not watched: unknown key "profil", did you mean "profile"?'],
        ['target-mistake', 'degraded', 'a: Watched, but "dependsOn" names "b", which is not watched'],
      ],
    )
    assert.match(body.reasons[0]?.remedy.join() ?? '', /^Correct streams\[1\] "main"/)
  })

  it('names ten mistakes and counts the others', () => {
    const rejected = Array.from({ length: 500 }, (_, index) => rejection(`streams[${index}]`, '"name" is missing'))
    const { body } = report([], { rejected })
    assert.deepEqual([body.reasons.length, body.refused], [11, 500])
    assert.match(body.reasons.at(-1)?.message ?? '', /^490 more/)
  })
})

function rejection(entry: string, message: string, more: Partial<Rejection> = {}): Rejection {
  return toRejection(entry, new MonitorError('unknown-key', message), { kind: 'stream', ...more })
}
