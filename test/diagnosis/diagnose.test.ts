import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CAUSE_NAMES, CAUSES, type CauseName } from '../../src/diagnosis/causes.ts'
import { diagnose, LOOK_FROM } from '../../src/diagnosis/diagnose.ts'
import { evidenceOf, QUESTION_NAMES, QUESTIONS } from '../../src/diagnosis/evidence.ts'
import { NOTHING } from '../../src/diagnosis/posterior.ts'
import type { MonitorPlace, Seen, Situation } from '../../src/diagnosis/situation.ts'
import type { Diagnosis, Location } from '../../src/observation/diagnosis.ts'
import { encoder, host, others, platform, STREAMS, service, situation, throttled } from './situations.ts'

const look = (given: Situation): Diagnosis => diagnose(evidenceOf(given), given.monitorAt)

type More = Partial<Situation>

/** What a venue with everything configured shows while all is well. */
const WELL: More = {
  encoders: [encoder('streaming')],
  hosts: [host('venue', 'up'), host('server', 'up'), host('monitor', 'up')],
  services: [service(null)],
  platforms: [platform('receives')],
  others: others('well', 'well'),
}

interface Case {
  fault: string
  at: MonitorPlace
  stream: Seen<'stream'>
  shows?: More
  is: CauseName
  /** What would look the same from there. */
  orElse?: CauseName
}

/** Faults as everything that is configured shows them. */
const CASES: readonly Case[] = [
  {
    fault: 'the encoder is stopped in the middle of the event',
    at: 'venue',
    stream: STREAMS.ended(),
    shows: { encoders: [encoder('idle')], platforms: [platform('waits')] },
    is: 'stopped',
  },
  { fault: 'the lens cap is on', at: 'venue', stream: STREAMS.troubled('videoBlack'), is: 'picture' },
  { fault: 'the camera hangs', at: 'server', stream: STREAMS.troubled('videoFrozen'), is: 'picture' },
  { fault: 'the microphone is muted', at: 'elsewhere', stream: STREAMS.troubled('audioSilent'), is: 'sound' },
  {
    fault: "the encoder's cable is pulled",
    at: 'venue',
    stream: STREAMS.silent(),
    shows: { encoders: [encoder('away')], platforms: [platform('waits')] },
    is: 'encoderDead',
  },
  {
    fault: 'the encoder is overloaded',
    at: 'server',
    stream: STREAMS.troubled('frameRateLow'),
    is: 'encoderOverloaded',
  },
  { fault: 'the encoder sends no sound', at: 'venue', stream: STREAMS.troubled('noAudioStream'), is: 'trackLost' },
  {
    fault: 'key frames are too far apart',
    at: 'venue',
    stream: STREAMS.troubled('gopSizeLong'),
    is: 'encoderSettings',
  },
  {
    fault: 'the encoder is set to half of its bitrate',
    at: 'venue',
    stream: STREAMS.well(),
    shows: { encoders: [throttled()] },
    is: 'encoderSendsLess',
  },
  {
    fault: 'the encoder is started again with another size',
    at: 'elsewhere',
    stream: STREAMS.troubled('parametersChanged'),
    is: 'encoderChanged',
  },
  {
    fault: 'something else uses the uplink',
    at: 'venue',
    stream: STREAMS.late(),
    shows: { encoders: [encoder('streaming', 0.8)], hosts: [host('venue', 'up'), host('server', 'lossy')] },
    is: 'uplinkSlow',
  },
  {
    fault: 'the uplink begins to be too narrow, and what is read is well still',
    at: 'venue',
    stream: STREAMS.well(),
    shows: { encoders: [{ ...throttled(), measurements: encoder('streaming', 0.6).measurements }] },
    is: 'uplinkTight',
  },
  {
    fault: 'the uplink is cut, seen from the venue',
    at: 'venue',
    stream: STREAMS.unreachable(),
    shows: {
      encoders: [encoder('interrupted', 0.9)],
      hosts: [host('venue', 'up'), host('server', 'down'), host('monitor', 'up')],
      services: [service('unreachable')],
      platforms: [platform('silent')],
      others: others('down', 'down'),
    },
    is: 'uplinkCut',
  },
  {
    fault: 'the uplink is cut, seen from the server',
    at: 'server',
    stream: STREAMS.silent(),
    shows: {
      encoders: [encoder('away')],
      hosts: [host('venue', 'down'), host('server', 'up'), host('monitor', 'up')],
      platforms: [platform('waits')],
    },
    is: 'uplinkCut',
    orElse: 'venueNetwork',
  },
  {
    fault: "the venue's router is dead",
    at: 'venue',
    stream: STREAMS.unreachable(),
    shows: {
      encoders: [encoder('interrupted', 0.9)],
      hosts: [host('venue', 'down'), host('server', 'down')],
      services: [service('unreachable')],
      platforms: [platform('silent')],
      others: others('down', 'down'),
    },
    is: 'venueNetwork',
  },
  {
    fault: 'the server dies',
    at: 'venue',
    stream: STREAMS.closedDoor(),
    shows: {
      encoders: [encoder('interrupted', 0.7)],
      services: [service('refused')],
      platforms: [platform('waits')],
      others: others('down', 'well'),
    },
    is: 'serverDown',
  },
  {
    fault: 'the server does not know the key any more',
    at: 'elsewhere',
    stream: STREAMS.refused(),
    shows: { encoders: [encoder('interrupted')], platforms: [platform('waits')] },
    is: 'serverRefuses',
  },
  {
    fault: 'the publisher breaks off, while the server answers and has other streams',
    at: 'venue',
    stream: STREAMS.silent(),
    shows: { encoders: [encoder('interrupted', 0.1)], platforms: [platform('waits')] },
    is: 'encoderLosesServer',
  },
  {
    fault: 'the publisher breaks off, and its server has no other streams, as in the demo',
    at: 'venue',
    stream: STREAMS.silent(),
    shows: {
      encoders: [encoder('interrupted', 0.1)],
      hosts: [host('server', 'up')],
      platforms: [platform('waits')],
      others: others(null, null),
    },
    is: 'encoderLosesServer',
  },
  {
    fault: 'the server answers, and has lost all of its streams',
    at: 'venue',
    stream: STREAMS.silent(),
    shows: {
      encoders: [encoder('interrupted', 0.1)],
      platforms: [platform('waits')],
      others: others('down', 'well'),
    },
    is: 'serverDown',
  },
  {
    fault: 'the name service does not know the server',
    at: 'venue',
    stream: STREAMS.unreachable(),
    shows: { services: [service('nameNotFound')], hosts: [host('venue', 'up')], others: others(null, 'well') },
    is: 'nameService',
  },
  {
    fault: "the server's certificate has run out",
    at: 'venue',
    stream: STREAMS.closedDoor(),
    shows: { services: [service('tlsInvalid')], others: others(null, 'well') },
    is: 'certificate',
  },
  {
    fault: 'the platform takes nothing',
    at: 'server',
    stream: STREAMS.well(),
    shows: { platforms: [platform('waits')] },
    is: 'platformTakesNothing',
  },
  {
    fault: "the platform's API does not answer",
    at: 'server',
    stream: STREAMS.well(),
    shows: { platforms: [platform('silent')] },
    is: 'platformApi',
  },
  {
    fault: "the monitor's own cable is pulled, elsewhere",
    at: 'elsewhere',
    stream: STREAMS.unreachable(),
    shows: {
      encoders: [encoder('away')],
      hosts: [host('monitor', 'cut'), host('venue', 'down'), host('server', 'down')],
      services: [service('unreachable')],
      platforms: [platform('silent')],
      others: others('down', 'down'),
    },
    is: 'monitorNetwork',
  },
  {
    fault: 'the monitor is overloaded',
    at: 'venue',
    stream: STREAMS.unmeasured('loop-late'),
    shows: { others: others(null, null) },
    is: 'monitorItself',
  },
]

/** What a user may not have configured. */
const WITHOUT: readonly { what: string; lacks: More }[] = [
  { what: 'an encoder', lacks: { encoders: [] } },
  { what: 'hosts', lacks: { hosts: [] } },
  { what: 'a platform', lacks: { platforms: [] } },
  { what: 'services', lacks: { services: [] } },
  { what: 'other streams', lacks: { others: others(null, null) } },
  {
    what: 'anything but the stream',
    lacks: { encoders: [], hosts: [], platforms: [], services: [], others: others(null, null) },
  },
]

const PLACES = ['venue', 'server', 'elsewhere'] as const

describe('where the fault is', () => {
  for (const { fault, at, stream, shows, is, orElse } of CASES) {
    const given = situation(at, stream, { ...WELL, ...shows })

    it(`is found when ${fault}, with everything configured`, () => {
      const { cause, location, confidence, remedy, evidenceFor, orElse: other } = look(given)
      assert.equal(cause, is)
      assert.equal(other?.cause, orElse)
      assert.equal(location, CAUSES[is].location)
      assert.equal(confidence === 'possible', orElse !== undefined)
      assert.ok(remedy.length >= 1 && remedy.length <= 4)
      assert.ok(evidenceFor.length >= 1, 'it says why')
    })

    for (const { what, lacks } of WITHOUT) {
      it(`is never certain and wrong when ${fault}, without ${what}`, () => {
        const found = look({ ...given, ...lacks })
        if (found.confidence === 'certain') assert.equal(found.location, CAUSES[is].location)
        if (found.location === null) assert.equal(found.says, '')
      })
    }
  }

  for (const at of PLACES) {
    it(`is nowhere while all is well, seen from ${at === 'elsewhere' ? at : `the ${at}`}`, () => {
      assert.equal(look(situation(at, STREAMS.well(), WELL)).location, null)
      assert.equal(look(situation(at, STREAMS.unseen())).location, null)
    })
  }

  it('is not guessed when nothing but the stream is known, and it is said what would tell more', () => {
    const { location, says, remedy, wouldDecide } = look(situation('venue', STREAMS.ended()))
    assert.deepEqual([location, says, remedy], [null, '', []])
    assert.match(wouldDecide ?? '', /add the encoder/)
  })

  describe('with which something elsewhere looks the same', () => {
    const cutOff: More = {
      ...WELL,
      encoders: [encoder('interrupted', 0.9)],
      services: [service('timeout')],
      platforms: [platform('silent')],
      others: others('down', 'down'),
    }
    const names = ({ location, orElse }: Diagnosis) => [location, orElse?.location]

    it('is possible at the most, beside the other place, and what would tell them apart is asked for', () => {
      const hosts = [host('server', 'down'), host('monitor', 'up')]
      const found = look(situation('venue', STREAMS.silent(), { ...cutOff, hosts }))
      assert.deepEqual(names(found), ['uplink', 'venue-network'])
      assert.equal(found.confidence, 'possible')
      assert.match(found.wouldDecide ?? '', /gateway of the venue/)
      const [own = [], others = []] = [CAUSES.uplinkCut.remedy, CAUSES.venueNetwork.remedy]
      assert.deepEqual(found.remedy, [own[0], others[0], own[1], others[1]])
    })

    it('is one place again as soon as that is answered', () => {
      for (const [state, location] of [
        ['up', 'uplink'],
        ['down', 'venue-network'],
      ] as const) {
        const hosts = [host('venue', state), host('server', 'down'), host('monitor', 'up')]
        const found = look(situation('venue', STREAMS.silent(), { ...cutOff, hosts }))
        assert.deepEqual(names(found), [location, undefined])
        assert.notEqual(found.confidence, 'possible')
        assert.equal(found.wouldDecide, null)
      }
    })

    it('is asked for from another place, where nothing that is configured from here would tell', () => {
      const away = { encoders: [encoder('away')], hosts: [host('venue', 'down'), host('monitor', 'up')] }
      const shows = { ...WELL, ...away, platforms: [platform('waits')] }
      const found = look(situation('elsewhere', STREAMS.silent(), shows))
      assert.deepEqual(names(found), ['uplink', 'venue-network'])
      assert.equal(found.confidence, 'possible')
      assert.equal(found.wouldDecide, LOOK_FROM.venue)
    })

    it('is not made of two faults, of each of which something speaks', () => {
      const two = { platforms: [platform('silent')] }
      const found = look(situation('venue', STREAMS.troubled('videoBlack'), { ...WELL, ...two }))
      assert.equal(found.orElse, undefined)
    })
  })

  it('is never said to want what is configured already', () => {
    const stalled = look(situation('venue', STREAMS.silent(), { encoders: [encoder('interrupted')] }))
    assert.doesNotMatch(stalled.wouldDecide ?? '', /add the encoder/)
    const down = look(situation('venue', STREAMS.ended(), { ...WELL, encoders: [], hosts: [host('venue', 'down')] }))
    assert.doesNotMatch(down.wouldDecide ?? '', /gateway of the venue/)
  })

  it('of a track that is gone is the encoder that sends one, not one that cannot keep up', () => {
    const lost = STREAMS.troubled('noAudioStream', 'bitrateDropped')
    assert.equal(look(situation('venue', lost, WELL)).cause, 'trackLost')
  })

  it('is not where a good path leads: the venue is cleared by an encoder that delivers', () => {
    const down = { services: [service('refused')], others: others('down', 'well') }
    const found = look(
      situation('venue', STREAMS.closedDoor(), { ...WELL, ...down, encoders: [encoder('interrupted')] }),
    )
    assert.equal(found.location, 'server')
  })

  it('is not put on what only the way of the monitor itself cannot reach', () => {
    const cut = {
      hosts: [host('monitor', 'cut'), host('venue', 'down'), host('server', 'down')],
      services: [service('timeout')],
      others: others('down', 'down'),
      encoders: [],
      platforms: [platform('receives')],
    }
    assert.equal(look(situation('elsewhere', STREAMS.silent(), cut)).location, 'monitor-network')
  })

  it('is the network of the server where only its echoes are lost, and not where those of the way are', () => {
    const hosts = (lost: number, lostOnWay: number) => [
      ...[host('venue', 'up'), host('monitor', 'up')],
      ...[host('way', lostOnWay > 0 ? 'lossy' : 'up', lostOnWay), host('server', 'lossy', lost)],
    ]
    const lookAt = (lost: number, lostOnWay: number) =>
      look(situation('elsewhere', STREAMS.well(), { ...WELL, hosts: hosts(lost, lostOnWay) }))
    assert.equal(lookAt(6, 0).cause, 'serverNetwork')
    assert.equal(lookAt(5, 0).location, null)
    assert.notEqual(lookAt(6, 1).location, 'server')
  })

  it('is the server where media stays late though the encoder is well, and nowhere where it is late for a moment', () => {
    for (const at of PLACES) {
      assert.equal(look(situation(at, STREAMS.late(), WELL)).location, 'server', at)
      assert.equal(look(situation(at, { ...STREAMS.late(), issues: [] }, WELL)).location, null, at)
    }
  })

  it('is not moved by old pictures that a server sends to each new reader of a stream that is gone', () => {
    const seenAt = (seconds: number) => new Date(Date.parse('2026-11-29T10:00:00.000Z') - 1000 * seconds).toISOString()
    const [silent, time] = [STREAMS.silent(), seenAt(8)]
    const issues = silent.issues.map((one) => ({ ...one, since: seenAt(60) }))
    const measurements = { ...silent.measurements, lastPacketAge: 3 }
    const asked = {
      encoders: [encoder('interrupted', 0.1)],
      platforms: [platform('waits')],
      hosts: [host('venue', 'up'), host('server', 'up')].map((one) => ({ ...one, seen: { ...one.seen, time } })),
      services: [service(null)].map((one) => ({ ...one, seen: { ...one.seen, time } })),
    }
    const found = look(situation('venue', { ...silent, issues, measurements }, asked))
    assert.equal(found.cause, 'encoderLosesServer')
  })

  it('of two faults at once names one of them, and never a third', () => {
    const two: [Seen<'stream'>, More, Location[]][] = [
      [STREAMS.troubled('videoBlack', 'gopSizeLong'), {}, ['source', 'encoder']],
      [STREAMS.troubled('audioSilent'), { platforms: [platform('silent')] }, ['source', 'platform']],
      [
        STREAMS.late(),
        { encoders: [encoder('streaming', 0.9)], platforms: [platform('silent')] },
        ['uplink', 'platform'],
      ],
    ]
    for (const [stream, shows, expected] of two) {
      const { location } = look(situation('venue', stream, { ...WELL, ...shows }))
      assert.ok(location !== null && expected.includes(location), `${location}`)
    }
  })
})

describe('the table of causes', () => {
  it('has priors that leave room for nothing being wrong', () => {
    const all = CAUSE_NAMES.reduce((sum, name) => sum + CAUSES[name].prior, 0)
    assert.ok(all < 7 * NOTHING, `${all}`)
  })

  it('has probabilities, at least one that tells, steps that can be done, and a source', () => {
    for (const name of CAUSE_NAMES) {
      const { makesBad, remedy, says, source } = CAUSES[name]
      const weights = Object.values(makesBad).flatMap((weight) =>
        typeof weight === 'number' ? [weight] : Object.values(weight),
      )
      assert.ok(
        weights.every((weight: number) => weight > 0 && weight < 1),
        name,
      )
      assert.ok(Math.max(...weights) >= 0.6, name)
      assert.ok(remedy.length >= 1 && remedy.length <= 4, name)
      assert.ok(
        remedy.every((step) => /^[A-Z].*[.?]$/.test(step)),
        name,
      )
      assert.match(says, /^[A-Z][^.]+$/)
      assert.ok(source.length > 10, name)
    }
  })

  it('answers every question by a cause that makes it bad', () => {
    for (const question of QUESTION_NAMES) {
      const makers = CAUSE_NAMES.filter((name) => Object.hasOwn(CAUSES[name].makesBad, question))
      assert.ok(makers.length > 0, question)
      assert.ok(QUESTIONS[question].leak > 0 && QUESTIONS[question].leak <= 0.05, question)
    }
  })
})
