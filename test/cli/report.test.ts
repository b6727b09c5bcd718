import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { printable, reportOf, wrap } from '../../src/cli/report.ts'
import type { InspectionAnswer } from '../../src/inspection/inspections.ts'
import { measurements, parameters, RATES } from '../health/readings.ts'

const plain = { width: 80, paint: (_colour: string, text: string) => text }

const answer = (changes: Partial<InspectionAnswer> = {}): InspectionAnswer => ({
  subject: 'rtmp://relay.example/live/${STREAM_KEY}',
  profile: 'youtube',
  verdict: 'warn',
  reason: null,
  issues: [
    {
      type: 'gopSizeLong',
      severity: 'warning',
      since: '2026-03-01T10:00:00.000Z',
      summary: 'Key frames are as far apart as 5 s, where YouTube takes at most 4 s and recommends 2 s',
      remedy: [
        'On the encoder, set the key frame interval to 2 s (in OBS: Settings, Output, Keyframe Interval).',
        'Go on',
      ],
    },
  ],
  parameters: parameters(),
  measurements: measurements({ parameters: parameters() }),
  limits: [],
  error: null,
  ...changes,
})

const report = (changes: Partial<InspectionAnswer> = {}, page = plain) => reportOf(answer(changes), page)

describe('the report for people', () => {
  it('says the verdict, what is wrong, what to do in order, and what arrives', () => {
    assert.equal(
      report(),
      `WARN  This stream works, and something about it should be better.
rtmp://relay.example/live/\${STREAM_KEY}  for youtube

warning  gopSizeLong
         Key frames are as far apart as 5 s, where YouTube takes at most 4 s and
         recommends 2 s
         1. On the encoder, set the key frame interval to 2 s (in OBS: Settings,
            Output, Keyframe Interval).
         2. Go on

Container      flv
Video          h264 High, 1920x1080, progressive, B-frames
Frame rate     30/s (declared 30/s)
Video bitrate  4 Mb/s (declared 4 Mb/s)
Key frames     every 2 s
Audio          aac LC, 48 kHz, stereo
Audio bitrate  128 kb/s (declared 128 kb/s)
Real time      1.00 s of media per second
First packet   after 0.3 s
`,
    )
  })

  it('is the verdict alone where nothing is wrong and nothing was measured', () => {
    const empty = { issues: [], parameters: null, measurements: null, profile: null }
    assert.match(report({ ...empty, verdict: 'pass' }), /^PASS {2}Nothing is wrong with this stream\.\n\S+\n$/)
  })

  it('says why it could not be told', () => {
    const shown = report({ verdict: 'unknown', reason: 'There is no ffprobe on PATH.', issues: [], measurements: null })
    assert.match(shown, /^UNKNOWN .*\n.*\n\nThere is no ffprobe on PATH\.\n$/)
  })

  it('says of what could not be measured that it was not', () => {
    const window = { ...RATES, framesPerSecond: null, realtimeRatio: null }
    const shown = report({ measurements: measurements({ window, keyframeInterval: null }), parameters: null })
    assert.match(shown, /Frame rate +not measured\n/)
    assert.match(shown, /Key frames +not measured\n/)
    assert.match(shown, /Real time +not measured\n/)
  })

  it('shows no track that is not there', () => {
    const shown = report({
      issues: [],
      parameters: { ...parameters(), video: [] },
      measurements: measurements({ tracks: { video: false, audio: true } }),
    })
    assert.doesNotMatch(shown, /Video|Frame rate|Key frames/)
  })

  it('keeps to the width of the terminal, and to what can be read on the narrowest', () => {
    for (const width of [40, 60, 100]) {
      const longest = Math.max(
        ...report({}, { ...plain, width })
          .split('\n')
          .slice(2)
          .map((line) => line.length),
      )
      assert.ok(longest <= Math.max(width, 49), `${width}: ${longest}`)
    }
  })

  it('paints verdict and severities, and aligns as without', () => {
    const painted = report({}, { ...plain, paint: (colour, text) => `<${colour}>${text}</>` })
    assert.match(painted, /^<yellow><bold>WARN<\/><\/>/)
    assert.match(painted, /\n<yellow>warning {2}<\/><bold>gopSizeLong<\/>/)
    assert.equal(painted.replace(/<[^>]*>/g, ''), report())
  })

  it('hands no control character of a server to the terminal', () => {
    const encoder = 'nice\u001b[2J\u0007\u202eencoder'
    const shown = report({
      reason: 'bad\u001b]0;title\u0007',
      parameters: parameters({}, {}, { encoder }),
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u202e]/)
  })
})

describe('text', () => {
  it('is broken between words', () => {
    assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
    assert.deepEqual(wrap('a-word-that-is-too-long b', 5), ['a-word-that-is-too-long', 'b'])
  })

  it('is made printable', () => assert.equal(printable('a\r\n\u0000b'), 'a b'))
})
