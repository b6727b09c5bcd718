import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { UserProfile } from '../../../src/health/profile.ts'
import type { StreamParameters } from '../../../src/observation/stream.ts'
import { AUDIO, absent, parameters, present, profileOf, Run, unknown, VIDEO } from '../readings.ts'

interface Row {
  type: string
  severity: 'info' | 'warning' | 'error'
  limits: UserProfile['limits']
  /** The nearest to a fault that is none. */
  fine: StreamParameters
  fault: StreamParameters
  /** What does not say it. */
  silent: StreamParameters
  summary: RegExp
}

const RESOLUTION = { lines: [720, 1080], aspectRatio: '16:9', min: 240, max: 2160 }
const nothing: StreamParameters = { format: 'flv', video: [], audio: [], encoder: null }

const ROWS: Row[] = [
  {
    type: 'videoCodec',
    severity: 'error',
    limits: { videoCodec: { allowed: ['h264', 'hevc'] } },
    fine: parameters({ codec: 'hevc' }),
    fault: parameters({ codec: 'vp9' }),
    silent: nothing,
    summary: /^The video codec is vp9 \(The house accepts h264 or hevc\)/,
  },
  {
    type: 'interlacedVideo',
    severity: 'warning',
    limits: { progressive: { required: true } },
    fine: parameters({ fieldOrder: 'progressive' }),
    fault: parameters({ fieldOrder: 'tt' }),
    silent: parameters({ fieldOrder: 'unknown' }),
    summary: /^The video is interlaced \(field order tt\) \(The house accepts progressive video\)/,
  },
  {
    type: 'openGop',
    severity: 'warning',
    limits: { closedGop: { required: true } },
    fine: parameters({ openGop: false }),
    fault: parameters({ openGop: true }),
    silent: parameters({ openGop: null }),
    summary: /^Frames after a key frame refer to frames before it \(open GOP\) \(The house accepts closed GOPs\)/,
  },
  {
    type: 'bFramesNotAllowed',
    severity: 'warning',
    limits: { bFrames: { max: 1 } },
    fine: parameters({ bFrames: 1 }),
    fault: parameters({ bFrames: 2 }),
    silent: parameters({ bFrames: null }),
    summary: /^Decoders must reorder 2 B-frames \(The house accepts at most 1\)/,
  },
  {
    type: 'videoResolutionUnsupported',
    severity: 'error',
    limits: { resolution: { min: 240, max: 2160 } },
    fine: parameters({ width: 4096, height: 2160 }),
    fault: parameters({ width: 4098, height: 2162 }),
    silent: parameters({ width: 0, height: 0 }),
    summary: /^The picture is 4098×2162 \(The house accepts at least 240 and at most 2160 lines\)/,
  },
  {
    type: 'videoResolutionSuboptimal',
    severity: 'info',
    limits: { resolution: RESOLUTION },
    fine: parameters({ width: 720, height: 1280 }),
    fault: parameters({ width: 640, height: 480 }),
    silent: parameters({ width: 0, height: 0 }),
    summary: /^The picture is 640×480 \(The house prefers 720 or 1080 lines at 16:9\)/,
  },
  {
    type: 'audioCodec',
    severity: 'error',
    limits: { audioCodec: { allowed: ['aac'] } },
    fine: parameters({}, { codec: 'aac' }),
    fault: parameters({}, { codec: 'opus' }),
    silent: nothing,
    summary: /^The audio codec is opus \(The house accepts aac\)/,
  },
  {
    type: 'audioSampleRate',
    severity: 'warning',
    limits: { sampleRate: { allowed: [44_100, 48_000] } },
    fine: parameters({}, { sampleRate: 44_100 }),
    fault: parameters({}, { sampleRate: 22_050 }),
    silent: parameters({}, { sampleRate: null }),
    summary: /^The audio sample rate is 22050 Hz \(The house accepts 44100 or 48000 Hz\)/,
  },
  {
    type: 'audioTooManyChannels',
    severity: 'warning',
    limits: { channels: { max: 2 } },
    fine: parameters({}, { channels: 2 }),
    fault: parameters({}, { channels: 3 }),
    silent: parameters({}, { channels: null }),
    summary: /^The audio has 3 channels \(The house accepts at most 2\)/,
  },
  {
    type: 'multipleVideoStreams',
    severity: 'warning',
    limits: { videoTracks: { max: 1 } },
    fine: parameters(),
    fault: parameters({}, {}, { video: [VIDEO, VIDEO] }),
    silent: parameters({}, {}, { format: 'hls', video: [VIDEO, VIDEO] }),
    summary: /^The stream has 2 video tracks \(The house accepts at most 1\)/,
  },
  {
    type: 'multipleAudioStreams',
    severity: 'warning',
    limits: { audioTracks: { max: 1 } },
    fine: parameters(),
    fault: parameters({}, {}, { audio: [AUDIO, AUDIO] }),
    silent: parameters({}, {}, { format: 'hls', audio: [AUDIO, AUDIO] }),
    summary: /^The stream has 2 audio tracks \(The house accepts at most 1\)/,
  },
  {
    type: 'badContainer',
    severity: 'warning',
    limits: { container: { allowed: ['flv', 'mov'] } },
    fine: parameters({}, {}, { format: 'mov,mp4,m4a' }),
    fault: parameters({}, {}, { format: 'mpegts' }),
    silent: parameters({}, {}, { format: 'hls,applehttp' }),
    summary: /^The container is mpegts \(The house accepts flv or mov\)/,
  },
]

for (const { type, severity, limits, fine, fault, silent, summary } of ROWS) {
  describe(type, () => {
    const run = () => new Run({ profile: profileOf(limits) })

    it('is raised by the first inspection that shows it', () => {
      const { log } = run().read(present({ parameters: fine }), present({ parameters: fault }))
      assert.deepEqual(log, [`1 s: raised ${type}`])
    })

    it('says what is and what should be', () => {
      const issue = run()
        .read(present({ parameters: fault }))
        .issue(type)
      assert.equal(issue.severity, severity)
      assert.match(issue.summary, summary)
      assert.notEqual(issue.measured, undefined)
      assert.notEqual(issue.expected, undefined)
    })

    it('is not raised by what is just fine, nor by what is not said', () => {
      assert.deepEqual(run().times(30, present({ parameters: fine })).log, [])
      assert.deepEqual(run().times(30, present({ parameters: silent })).log, [])
      assert.deepEqual(run().times(30, present({ parameters: null })).log, [])
    })

    it('stays while it is not known, and clears by the first inspection that is fine', () => {
      const seen = run()
        .read(present({ parameters: fault }), unknown('killed', { parameters: fine }), present({ parameters: null }))
        .silent(3)
      assert.ok(seen.types.includes(type))
      assert.ok(
        seen.read(present({ parameters: fine })).log.includes(`6 s: cleared ${type} after 6 s`),
        seen.log.join(),
      )
    })

    it('is not judged without a profile, nor by one that has no such limit', () => {
      assert.deepEqual(new Run().times(5, present({ parameters: fault })).log, [])
      assert.deepEqual(new Run({ profile: null }).times(5, present({ parameters: fault })).log, [])
      assert.deepEqual(new Run({ profile: profileOf() }).times(5, present({ parameters: fault })).log, [])
    })

    it('is not raised while the stream is away', () => {
      assert.ok(
        !run()
          .times(9, absent('stalled', { parameters: fault }))
          .types.includes(type),
      )
    })
  })
}

describe('a picture', () => {
  const types = (width: number, height: number) =>
    new Run({ profile: profileOf({ resolution: RESOLUTION }) }).read(
      present({ parameters: parameters({ width, height }) }),
    ).types

  it('is one issue, not two, where its size is not taken at all', () => {
    assert.deepEqual(types(320, 200), ['videoResolutionUnsupported'])
  })

  it('may be rounded to even numbers of pixels', () => {
    for (const width of [1280, 1278, 1286]) assert.deepEqual(types(width, 720), [])
    assert.deepEqual(types(1300, 720), ['videoResolutionSuboptimal'])
  })

  it('may have any size and shape where the profile prefers none', () => {
    const resolution = { lines: [], aspectRatio: null, max: 2160 }
    const run = new Run({ profile: profileOf({ resolution }) })
    assert.deepEqual(run.read(present({ parameters: parameters({ width: 1000, height: 999 }) })).log, [])
  })
})

describe('limits that are switched off', () => {
  it('judge nothing', () => {
    const profile = profileOf({ progressive: { required: false }, closedGop: { required: false } })
    const run = new Run({ profile }).times(5, present({ parameters: parameters({ fieldOrder: 'tt', openGop: true }) }))
    assert.deepEqual(run.log, [])
  })
})
