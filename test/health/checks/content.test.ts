import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Content, ContentFault } from '../../../src/observation/content.ts'
import { present, Run, unknown } from '../readings.ts'

const FINE: Content = {
  pictures: 'keyframes',
  age: 0.5,
  black: false,
  frozen: false,
  silent: false,
  oneSided: false,
  silentSide: null,
  clipping: false,
  loudness: -20,
  momentaryLoudness: -20,
  integratedLoudness: -20,
  peak: -6,
  spans: {},
  endedSpans: [],
}

const sees = (changes: Partial<Content>) => present({ content: { ...FINE, ...changes } })

/** These faults go on, for so many seconds. */
function faulty(duration: number, ...faults: ContentFault[]) {
  const spans = Object.fromEntries(faults.map((fault) => [fault, { since: 100, duration }]))
  return sees({ ...Object.fromEntries(faults.map((fault) => [fault, true])), spans })
}

const SPANS = [
  { type: 'videoBlack', faults: ['black'], after: 10, severity: 'error', says: /^The picture has been black for 11 s/ },
  {
    type: 'audioSilent',
    faults: ['silent'],
    after: 20,
    severity: 'error',
    says: /^No sound for 21 s, though the stream has an audio track/,
  },
  {
    type: 'audioOneSided',
    faults: ['oneSided'],
    after: 20,
    severity: 'warning',
    says: /^One channel has been silent for 21 s \(expected: sound on both\)/,
  },
  {
    type: 'audioClipping',
    faults: ['clipping'],
    after: 5,
    severity: 'warning',
    says: /^The sound has been clipping for 5\.5 s: it is distorted/,
  },
] as const

for (const { type, faults, after, severity, says } of SPANS) {
  describe(type, () => {
    it(`is raised when it has gone on for ${after} s, dated to its beginning, and not just before`, () => {
      assert.deepEqual(new Run().times(60, faulty(after - 0.1, ...faults)).log, [])
      const run = new Run().times(30, sees({})).read(faulty(after, ...faults))
      assert.deepEqual(run.log, [`30 s: raised ${type}`])
      const issue = run.issue(type)
      assert.equal(issue.severity, severity)
      assert.equal(Date.parse(issue.since), Date.parse('2026-03-01T10:00:30.000Z') - (after + 0.5) * 1000)
      assert.match(issue.summary, says)
      assert.equal(issue.measured, after + 0.5)
    })

    it('clears by 2 s without it, and says how long it lasted', () => {
      const run = new Run()
        .times(30, sees({}))
        .read(faulty(after, ...faults))
        .times(2, sees({}))
      assert.deepEqual(run.types, [type])
      run.read(sees({}))
      assert.equal(run.log.at(-1), `33 s: cleared ${type} after ${after + 1.5} s`)
    })

    it('stays while nothing is looked at or measured, and is not raised by that', () => {
      const nothing = { black: null, frozen: null, silent: null, oneSided: null, clipping: null, loudness: null }
      const run = new Run()
        .read(faulty(after, ...faults))
        .times(30, sees(nothing))
        .times(30, present({ content: null }))
      run.times(4, unknown('late', { content: FINE })).silent(5)
      assert.ok(run.types.includes(type))
      assert.deepEqual(new Run().times(60, sees(nothing)).times(60, present({ content: null })).log, [])
    })

    it('stays from one look to the next, whose first seconds cannot tell yet, until a look finds it gone', () => {
      const between = sees({ black: null, frozen: null, silent: null, oneSided: null, clipping: null, loudness: null })
      const run = new Run().read(faulty(after, ...faults)).times(300, between)
      run.read(faulty(1, ...faults)).read(faulty(2, ...faults))
      assert.deepEqual([run.types, run.log.length], [[type], 1])
      run.times(300, between).times(3, sees({}))
      assert.deepEqual([run.types, run.log.length], [[], 2])
    })

    it('is not raised by what two short looks saw, with nothing in between', () => {
      const between = sees({ black: null, frozen: null, silent: null, oneSided: null, clipping: null, loudness: null })
      const run = new Run()
      for (let look = 0; look < 5; look++) run.read(faulty(after - 1, ...faults)).times(100, between)
      assert.deepEqual(run.log, [])
    })

    it('is one issue for a fault that comes and goes', () => {
      const run = new Run()
      for (let index = 0; index < 20; index += 1) run.read(faulty(after, ...faults), sees({}))
      assert.equal(run.log.length, 1)
    })
  })
}

describe('audioOneSided', () => {
  it('names the side', () => {
    const span = { since: 0, duration: 25 }
    const issue = new Run()
      .read(sees({ oneSided: true, silentSide: 'left', spans: { oneSided: span } }))
      .issue('audioOneSided')
    assert.match(issue.summary, /^The left channel has been silent for 26 s \(expected: sound on both\)/)
  })
})

describe('videoFrozen', () => {
  it('is not raised by a slide with speech, however long', () => {
    assert.deepEqual(new Run().times(60, faulty(3600, 'frozen')).log, [])
  })

  it('is raised by 30 s of a still picture without a sound', () => {
    assert.ok(!new Run().read(faulty(29.9, 'frozen', 'silent')).types.includes('videoFrozen'))
    const issue = new Run().read(faulty(30, 'frozen', 'silent')).issue('videoFrozen')
    assert.equal(issue.severity, 'warning')
    assert.match(issue.summary, /^The picture has been frozen, without sound, for 31 s: a source may be lost/)
  })

  it('counts from when both are so', () => {
    const slide = { since: 0, duration: 600 }
    const both = (silence: number) =>
      sees({ frozen: true, silent: true, spans: { frozen: slide, silent: { since: 590, duration: silence } } })
    assert.ok(!new Run().read(both(10)).types.includes('videoFrozen'))
    assert.equal(new Run().read(both(31)).issue('videoFrozen').measured, 31.5)
  })

  it('is raised by the picture alone where the user says that it is a fault', () => {
    const run = new Run({ stillPicture: 'fault' }).times(10, faulty(29.9, 'frozen'))
    assert.deepEqual(run.log, [])
    run.read(faulty(30, 'frozen'))
    assert.deepEqual(run.log, ['10 s: raised videoFrozen'])
    assert.match(run.issue('videoFrozen').summary, /^The picture has been frozen for 31 s/)
  })

  it('clears by sound, or by a picture that moves', () => {
    for (const better of [faulty(60, 'frozen'), faulty(60, 'silent')]) {
      const run = new Run().read(faulty(40, 'frozen', 'silent')).times(3, better)
      assert.ok(!run.types.includes('videoFrozen'))
    }
  })

  it('is not judged where it is not known whether there is sound', () => {
    const slide = { since: 0, duration: 600 }
    assert.deepEqual(new Run().times(60, sees({ frozen: true, silent: null, spans: { frozen: slide } })).log, [])
  })

  it('stays while it is not known whether there is sound', () => {
    const slide = { since: 0, duration: 600 }
    const run = new Run().read(faulty(40, 'frozen', 'silent'))
    run.times(30, sees({ frozen: true, silent: null, spans: { frozen: slide } }))
    assert.ok(run.types.includes('videoFrozen'))
  })

  it('leaves black to videoBlack', () => {
    assert.deepEqual(new Run({ stillPicture: 'fault' }).times(9, faulty(60, 'black', 'frozen')).types, ['videoBlack'])
  })
})

describe('loudnessLow and loudnessHigh', () => {
  const loud = (loudness: number | null) => sees({ loudness })

  it('are advice after half a minute of quiet, or a quarter of loud', () => {
    assert.deepEqual(new Run().times(120, loud(-34.9)).times(120, loud(-9.1)).log, [])
    const quiet = new Run().times(31, loud(-35))
    assert.deepEqual(quiet.log, ['30 s: raised loudnessLow'])
    assert.equal(quiet.issue('loudnessLow').summary, 'The sound is too quiet: -35 LUFS (expected -30 LUFS or more)')
    const high = new Run().times(16, loud(-8.96))
    assert.deepEqual(high.log, ['15 s: raised loudnessHigh'])
    assert.equal(high.issue('loudnessHigh').summary, 'The sound is too loud: -9 LUFS (expected -11 LUFS or less)')
    assert.equal(high.verdict.state, 'ok')
  })

  it('clear by 5 s of what is usual, and not by silence', () => {
    const run = new Run().times(31, loud(-40)).times(30, loud(null)).times(30, loud(-31)).times(6, loud(-30))
    assert.deepEqual(run.types, [])
    assert.ok(run.log.at(-1)?.startsWith('96 s: cleared loudnessLow'))
  })
})

describe('pictureNotSeen', () => {
  const blind = (unseen: number, changes: Partial<Content> = {}) =>
    sees({ black: null, frozen: null, unseen, keyframeInterval: null, ...changes })

  it('is raised where video comes and no picture can be judged, later than the slowest usual key frames', () => {
    const run = new Run().read(blind(10), blind(20), blind(41))
    assert.deepEqual(run.log, [])
    run.read(blind(42))
    assert.deepEqual(run.log, ['3 s: raised pictureNotSeen'])
    const issue = run.issue('pictureNotSeen')
    assert.equal(issue.severity, 'warning')
    assert.match(issue.summary, /^The picture cannot be looked at: 42 s of video .*expected: at most 42 s/)
    assert.equal(run.verdict.state, 'degraded')
  })

  it('is raised after 20 s where key frames are known to come faster, and after four intervals where they do not', () => {
    assert.deepEqual(new Run().read(blind(20, { keyframeInterval: 2 })).types, ['pictureNotSeen'])
    assert.deepEqual(new Run().read(blind(81, { keyframeInterval: 20 })).types, [])
    assert.deepEqual(new Run().read(blind(82, { keyframeInterval: 20 })).types, ['pictureNotSeen'])
  })

  it('is raised where the one picture that was ever seen was not black', () => {
    assert.deepEqual(new Run().read(blind(60, { black: false })).types, ['pictureNotSeen'])
  })

  it('stays between two looks and goes when pictures are seen', () => {
    const run = new Run().read(blind(50)).times(300, blind(50, { age: 200, silent: null }))
    assert.deepEqual(run.types, ['pictureNotSeen'])
    run.read(blind(0))
    assert.deepEqual(run.types, ['pictureNotSeen'], 'nothing is known of them yet')
    run.times(2, sees({ unseen: 1 }))
    assert.deepEqual(run.types, [])
  })

  it('says nothing of a stream of audio alone, of one that is away, nor where nothing is to be looked at', () => {
    assert.deepEqual(new Run({ media: 'audio' }).read(blind(100)).types, [])
    assert.deepEqual(new Run().read(present({ content: null })).types, [])
    assert.ok(!new Run().silent(10).types.includes('pictureNotSeen'))
  })

  it('gives way to the video that is missing', () => {
    const run = new Run().times(5, present({ tracks: { video: false, audio: true }, content: { ...FINE, unseen: 99 } }))
    assert.deepEqual(run.types, ['noVideoStream'])
  })
})

describe('soundNotHeard', () => {
  const deaf = (unheard: number) => sees({ silent: null, oneSided: null, clipping: null, loudness: null, unheard })

  it('is raised after 20 s of audio of which nothing could be listened to, and goes when some can', () => {
    const run = new Run().read(deaf(19)).read(deaf(20))
    assert.deepEqual(run.log, ['1 s: raised soundNotHeard'])
    assert.match(run.issue('soundNotHeard').summary, /^The sound cannot be listened to: 20 s of audio/)
    run.times(2, sees({ unheard: 0.1 }))
    assert.deepEqual(run.types, [])
    assert.deepEqual(new Run({ media: 'video' }).read(deaf(100)).types, [])
  })
})
