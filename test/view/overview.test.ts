import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { ToldRejection } from '../../src/monitor/rejections.ts'
import type { Alert } from '../../src/observation/alert.ts'
import type { Kind, Severity } from '../../src/observation/observation.ts'
import { type OverviewCard, overviewOf } from '../../src/view/overview.ts'
import type { SeenStatus } from '../../src/view/seen.ts'
import { sentenceIn } from '../../src/view/sentences.ts'
import { issue } from '../metrics/observations.ts'
import { START, status, stream } from './statuses.ts'

describe('the cards of the overview', () => {
  const cards = (of: SeenStatus) => overviewOf(of, KINDS, 'en')
  const first = (of: SeenStatus): OverviewCard => {
    const [card] = cards(of).cards
    assert.ok(card)
    return card
  }

  it('begin with a monitor of the cluster that is silent, and say what others see otherwise', () => {
    const seenFrom = [
      { monitor: 'hall-0', state: 'ok' },
      { monitor: 'hall-2', state: 'down' },
    ]
    const members = [
      { monitor: 'hall-0', site: 'north', state: 'this', targets: 1, address: null },
      { monitor: 'hall-1', site: 'south', state: 'silent', targets: 3, address: 'http://m1:1880', fault: 'refused' },
    ] as const
    const main = stream('main', { state: 'down', monitor: 'hall-0', seenFrom })
    const view = cards(status([main], { cluster: { name: 'hall', members } }))
    assert.equal(view.instance.name, 'hall, 2 monitors')
    const [silent, seen] = view.cards
    assert.deepEqual([silent?.name, silent?.look, silent?.entry], ['hall-1', 'down', 'http://m1:1880'])
    assert.equal(silent?.issue?.summary, 'This monitor does not answer: refused. 3 targets are unknown because of it')
    assert.deepEqual(seen?.notes, ['Seen otherwise: OK from hall-0'])
    assert.deepEqual([view.groupings, seen?.groups], [['Site'], { Site: 'north' }])
    assert.deepEqual(first(status([stream('main')])).notes, [])
  })

  it('come worst first, and what is not known before what only has a problem', () => {
    const states = ['ok', 'off', 'degraded', 'down', 'unknown'] as const
    const shown = cards(status(states.map((state) => stream(state, { state }))))
    assert.deepEqual(
      shown.cards.map(({ name }) => name),
      ['down', 'unknown', 'degraded', 'ok', 'off'],
    )
    assert.equal(shown.headline, '1 down, 1 unknown, 1 with a problem, 1 OK')
  })

  it('have what is refused after what is down, in the words of the monitor, and never hundreds of them', () => {
    const entry: ToldRejection = {
      ...{
        entry: 'streams[1] "main"',
        title: 'main',
        effect: 'not-watched' as const,
        kind: 'stream' as const,
        name: 'main',
        targets: 1,
      },
      ...{ code: 'unknown-key' as const, suggestion: 'profile', message: 'streams[1] "main": unknown key "profil"' },
      ...{ summary: 'Not watched: unknown key "profil", did you mean "profile"?', remedy: 'Correct it.' },
    }
    const rejected = { targets: 500, total: 500, entries: Array.from({ length: 100 }, () => entry) }
    const targets = [stream('good', { state: 'ok' }), stream('lost', { state: 'down' })]
    const view = cards(status(targets, { rejected }))
    assert.equal(view.headline, 'Watching 2 of 502, 500 refused: 1 down, 1 OK')
    assert.equal(view.cards.length, 26)
    const [lost, card] = view.cards
    assert.equal(lost?.name, 'lost')
    assert.deepEqual([card?.name, card?.shown, card?.look, card?.entry], ['main', 'refused', 'degraded', entry.entry])
    assert.deepEqual(card?.issue, { summary: entry.summary, remedy: entry.remedy, more: '' })
    const german = overviewOf(status([], { rejected }), KINDS, 'de').cards[0]?.issue
    assert.equal(german?.summary, 'Nicht überwacht: unknown key "profil"')
    assert.match(german?.remedy ?? '', /^streams\[1\] "main" in der Datei der Ziele berichtigen/)
  })

  for (const [type, severity] of [
    ['streamNeverSeen', 'info'],
    ['streamNeverReached', 'warning'],
  ] as const) {
    it(`are amber for what is off and was never seen (${type})`, () => {
      const view = cards(status([stream('main', { state: 'off', expected: false, issues: [issue(type, severity)] })]))
      const [card] = view.cards
      assert.deepEqual([card?.shown, card?.look, card?.state], ['never', 'degraded', 'off'])
      assert.equal(view.headline, '1 never seen')
    })
  }

  it('say loudly that alarms are off while media arrives, and are not green then', () => {
    const view = cards(status([stream('main', { state: 'ok', expected: false })]))
    const [card] = view.cards
    assert.deepEqual([card?.shown, card?.look], ['quiet', 'degraded'])
    assert.deepEqual(card?.notes, ['It is not expected now: no message is sent if it stops'])
    assert.equal(view.headline, '1 with alarms off')
    const on = first(status([stream('main', { state: 'ok', expected: true })]))
    assert.deepEqual([on.notes, on.look], [[], 'ok'])
  })

  it('have the colour of the worst of their issues, as its alert has it', () => {
    const look = (state: string, ...severities: Severity[]) => {
      const issues = severities.map((severity) => issue('streamOffline', severity))
      return first(status([stream('main', { state, issues })])).look
    }
    assert.equal(look('degraded', 'warning', 'error'), 'down')
    assert.equal(look('degraded', 'warning', 'info'), 'degraded')
    assert.equal(look('ok', 'info'), 'ok')
    assert.equal(look('unknown'), 'unknown')
    assert.equal(look('unknown', 'warning'), 'degraded')
    assert.equal(look('down', 'warning'), 'down')
    assert.equal(look('off'), 'off')
  })

  it('come in the order of their colours, the worse state first where those are equal', () => {
    const of = (severity: Severity) => ({ state: 'degraded', issues: [issue('streamOffline', severity)] })
    const shown = cards(
      status([
        stream('well'),
        stream('amber', of('warning')),
        stream('unknown', { state: 'unknown' }),
        stream('red', of('error')),
        stream('down', { state: 'down', issues: [issue('streamOffline', 'error')] }),
      ]),
    )
    assert.deepEqual(
      shown.cards.map(({ name }) => name),
      ['down', 'red', 'unknown', 'amber', 'well'],
    )
  })

  it('say because of what they are wrong, where that is the fault of another', () => {
    const of = (kind: 'stream' | 'encoder', target: string, effects: string[]) => {
      const labels = { alertname: 'X', severity: 'critical', kind, target, monitor: 'm', site: 's' } as const
      const life = { id: target, change: 'firing', startsAt: '', time: '', via: 'notify', labels: {} } as const
      return { ...labels, ...life, status: 'firing' as 'firing' | 'resolved', issue: issue('x'), effects }
    }
    const [alert, cause] = [of('stream', 'main', []), of('encoder', 'encoder', ['stream main'])]
    const encoder = { ...stream('encoder', { state: 'down' }), kind: 'encoder' } as const
    const notes = (alerts: Alert[]) =>
      cards(status([stream('main', { state: 'down' }), encoder], { alerts })).cards.map((card) => card.notes)
    assert.deepEqual(notes([alert, cause]), [[], ['Because of encoder']])
    assert.deepEqual(notes([alert, { ...cause, status: 'resolved' }]), [[], []])
  })

  it('name the gravest issue, what to do first, and how many more there are', () => {
    const issues = [issue('streamOffline', 'error'), issue('gopSizeLong', 'warning')]
    const card = first(status([stream('main', { state: 'down', issues })]))
    assert.deepEqual(card.issue, { summary: 'streamOffline is active.', remedy: 'Look.', more: '(and 1 more)' })
  })

  it('say why a target is not known', () => {
    const error = { code: 'no-ffprobe', message: 'There is no ffprobe' }
    const card = first(status([stream('main', { state: 'unknown', error })]))
    assert.equal(card.issue?.summary, 'There is no ffprobe')
    assert.deepEqual(card.values, [])
  })

  it('show no value of a target that is not there', () => {
    const card = first(status([stream('main', { state: 'down' })]))
    assert.deepEqual(card.values, [])
  })

  it('know of when what they show is, and whether anything was measured at all', () => {
    const card = first(status([stream('main', { sequence: 0 })], {}, 42))
    assert.equal(card.time, START)
    assert.equal(card.measured, false)
  })

  const valuesOf = (kind: Kind, values: object): unknown =>
    first(status([{ ...stream('one', { state: 'ok' }), kind, measurements: values }])).values

  it('show what is measured, as the descriptor of its kind says, and nothing that is not known', () => {
    const last10s = { videoBytesPerSecond: 500_000, audioBytesPerSecond: 16_000, framesPerSecond: 29.97 }
    assert.deepEqual(valuesOf('stream', { last10s }), ['4.1 Mb/s', '30 fps'])
    assert.deepEqual(valuesOf('stream', { last10s: { ...last10s, framesPerSecond: null } }), ['4.1 Mb/s'])
    assert.deepEqual(valuesOf('ping', { roundTrips: { mean: 0.0123 }, loss: 0.2 }), ['12 ms', '20 % lost'])
    assert.deepEqual(valuesOf('ping', { roundTrips: null, loss: 0 }), [])
    assert.deepEqual(valuesOf('service', { durations: { dns: 0.001, connect: 0.002, tls: null } }), ['3.0 ms'])
    const idle = { deviceState: 'idle', bytesPerSecond: 750_000, cacheUsedRatio: 0.5 }
    assert.deepEqual(valuesOf('encoder', idle), ['idle', 'cache 50 %'])
    assert.deepEqual(valuesOf('platform', { liveState: 'streaming_preview', viewers: 0 }), [
      'streaming preview',
      '0 watching',
    ])
  })

  it('have no decimals from 99.5 Mb/s on, and call no time at all less than what can be measured', () => {
    assert.deepEqual(valuesOf('bandwidth', { bytesPerSecond: 99.4e6 / 8 }), ['99.4 Mb/s'])
    assert.deepEqual(valuesOf('bandwidth', { bytesPerSecond: 99.5e6 / 8 }), ['100 Mb/s'])
    assert.deepEqual(valuesOf('ping', { roundTrips: { mean: 0 } }), ['under 0.1 ms'])
  })

  it('take measurements of any shape', () => {
    const kinds = [...Object.keys(KINDS), 'another'] as Kind[]
    const targets = kinds.map((kind) => ({ ...stream(kind), kind, measurements: {} }))
    assert.equal(cards(status(targets)).cards.length, kinds.length)
  })

  it('are all in the language of the site, with the numbers of what they say', () => {
    const low = { ...issue('bitrateLow', 'warning'), measured: 0.45, expected: 'at least 2', unit: 'Mb/s' }
    const view = overviewOf(
      status([
        stream('main', { state: 'degraded', score: 60, issues: [low, low, low], labels: { room: 'Saal' } }),
        { ...stream('uplink'), kind: 'ping', measurements: { roundTrips: { mean: 0.0042 }, loss: 0.5 } },
        stream('backup', {
          ...{ state: 'off', expected: false, issues: [issue('streamNeverReached', 'warning')] },
          absence: { reason: 'refused' },
        }),
      ]),
      KINDS,
      'de',
    )
    assert.equal(view.instance.language, 'de')
    assert.equal(view.headline, '1 mit Problem, 1 noch nie gesehen, 1 OK')
    const [main, backup, uplink] = view.cards
    assert.equal(main?.issue?.summary, 'Bitrate zu niedrig (gemessen: 0,45 Mb/s, erwartet: mindestens 2)')
    assert.equal(main?.issue?.more, '(und 2 weitere)')
    assert.equal(backup?.issue?.summary, 'Server des Streams noch nie erreicht: der Server lehnt die Verbindung ab')
    assert.deepEqual([uplink?.kindWord, uplink?.values], ['Host', ['4,2 ms', '50 % verloren']])
    assert.deepEqual(view.groupings, ['room'])
    const step = 'Check its network cable at both ends. (Probable cause: enc, encoder interrupted.)'
    const german =
      'Sein Netzwerkkabel an beiden Enden prüfen. (Wahrscheinliche Ursache: enc, Verbindung des Encoders unterbrochen)'
    assert.equal(sentenceIn('de', step), german)
    assert.equal(sentenceIn('de', 'A step of nobody.'), 'A step of nobody.')
  })
})
