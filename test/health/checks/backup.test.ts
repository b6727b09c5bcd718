import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Other } from '../../../src/health/other.ts'
import type { StreamMeasurements } from '../../../src/observation/stream.ts'
import { AUDIO, measurements, parameters, present, RATES, Run, unknown, VIDEO } from '../readings.ts'

type Changes = Partial<StreamMeasurements>

const same: Changes = { parameters: parameters() }
const newest = (changes: Changes, about: Partial<Other<StreamMeasurements>> = {}): Other<StreamMeasurements> => ({
  state: 'ok',
  measurements: measurements(changes),
  age: 1,
  interval: 1,
  ...about,
})

/** A backup that sends `own` beside a main stream that sends `main`. */
function backup(main: Changes | null, about: Partial<Other<StreamMeasurements>> = {}) {
  const run = new Run({ backupOf: 'hall' })
  if (main !== null) run.others = { hall: newest(main, about) }
  return run
}

const window = (changes: object) => ({ ...RATES, ...changes })
const undeclared = { declaredBytesPerSecond: null, declaredFrameRate: null }
const silent = { declaredBytesPerSecond: null }

const ROWS: {
  type: string
  hold: number
  clearHold: number
  severity: string
  own: Changes
  fine: Changes
  says: RegExp
}[] = [
  {
    type: 'resolutionMismatch',
    hold: 10,
    clearHold: 5,
    severity: 'warning',
    own: { parameters: parameters({ width: 1280, height: 720 }) },
    fine: same,
    says: /^Backup differs from hall: the picture size is 1280×720 \(expected 1920×1080\)/,
  },
  {
    type: 'videoCodecMismatch',
    hold: 10,
    clearHold: 5,
    severity: 'warning',
    own: { parameters: parameters({ codec: 'hevc' }) },
    fine: same,
    says: /^Backup differs from hall: the video codec is hevc \(expected h264\)/,
  },
  {
    type: 'videoProfileMismatch',
    hold: 10,
    clearHold: 5,
    severity: 'warning',
    own: { parameters: parameters({ profile: 'Main' }) },
    fine: same,
    says: /^Backup differs from hall: the profile of the video codec is Main \(expected High\)/,
  },
  {
    type: 'videoInterlaceMismatch',
    hold: 10,
    clearHold: 5,
    severity: 'warning',
    own: { parameters: parameters({ fieldOrder: 'bt' }) },
    fine: { parameters: parameters({ fieldOrder: 'unknown' }) },
    says: /^Backup differs from hall: the scan of the video is interlaced \(expected progressive\)/,
  },
  {
    type: 'framerateMismatch',
    hold: 15,
    clearHold: 10,
    severity: 'warning',
    own: { parameters: parameters({ declaredFrameRate: 25 }) },
    fine: { parameters: parameters({ declaredFrameRate: 29.97 }) },
    says: /^Backup differs from hall: the frame rate is 25 \(expected 30\)/,
  },
  {
    type: 'gopMismatch',
    hold: 15,
    clearHold: 10,
    severity: 'warning',
    own: { ...same, keyframeInterval: 4 },
    fine: { ...same, keyframeInterval: 2.1 },
    says: /^Backup differs from hall: the key frame interval is 4 s \(expected 2 s\)/,
  },
  {
    type: 'videoBitrateMismatch',
    hold: 15,
    clearHold: 10,
    severity: 'info',
    own: { parameters: parameters({ declaredBytesPerSecond: 250_000 }) },
    fine: { parameters: parameters({ declaredBytesPerSecond: 450_000 }) },
    says: /^Backup differs from hall: the video bitrate is 2 Mb\/s \(expected 4 Mb\/s\)/,
  },
  {
    type: 'audioCodecMismatch',
    hold: 10,
    clearHold: 5,
    severity: 'warning',
    own: { parameters: parameters({}, { codec: 'mp3' }) },
    fine: same,
    says: /^Backup differs from hall: the audio codec is mp3 \(expected aac\)/,
  },
  {
    type: 'audioSampleRateMismatch',
    hold: 10,
    clearHold: 5,
    severity: 'warning',
    own: { parameters: parameters({}, { sampleRate: 44_100 }) },
    fine: same,
    says: /^Backup differs from hall: the sample rate of the audio in Hz is 44100 \(expected 48000\)/,
  },
  {
    type: 'audioStereoMismatch',
    hold: 10,
    clearHold: 5,
    severity: 'warning',
    own: { parameters: parameters({}, { channels: 1 }) },
    fine: same,
    says: /^Backup differs from hall: the number of audio channels is 1 \(expected 2\)/,
  },
  {
    type: 'audioBitrateMismatch',
    hold: 15,
    clearHold: 10,
    severity: 'info',
    own: { parameters: parameters({}, { declaredBytesPerSecond: 8000 }) },
    fine: { parameters: parameters({}, { declaredBytesPerSecond: 14_000 }) },
    says: /^Backup differs from hall: the audio bitrate is 64 kb\/s \(expected 128 kb\/s\)/,
  },
]

for (const { type, hold, clearHold, severity, own, fine, says } of ROWS) {
  describe(type, () => {
    it('is raised when it has held, and by nothing else', () => {
      assert.deepEqual(backup(same).times(60, present(fine)).log, [])
      const run = backup(same).times(hold, present(own))
      assert.deepEqual(run.log, [])
      assert.deepEqual(run.read(present(own)).log, [`${hold} s: raised ${type}`])
      assert.equal(run.issue(type).severity, severity)
      assert.match(run.issue(type).summary, /^Backup differs from hall/)
      assert.match(run.issue(type).summary, says)
    })

    it('clears when both have been the same for long enough', () => {
      const run = backup(same)
        .times(hold + 1, present(own))
        .times(clearHold, present(same))
      assert.deepEqual(run.types, [type])
      run.read(present(same))
      assert.deepEqual(run.types, [])
    })

    it('neither begins nor ends while one of the two is not known', () => {
      const run = backup(same).times(hold + 1, present(own))
      run.times(30, unknown('late', same))
      run.others = { hall: newest(same, { age: 3.1 }) }
      run.times(30, present(same))
      assert.ok(run.types.includes(type))
      assert.deepEqual(backup(same, { age: 3.1 }).times(60, present(own)).log, [])
    })
  })
}

describe('a backup', () => {
  const other = { parameters: parameters({ width: 640, height: 360 }) }

  it('is judged against an observation of up to three of its intervals, and no older one', () => {
    assert.deepEqual(backup(same, { age: 30, interval: 10 }).times(30, present(other)).types, ['resolutionMismatch'])
    assert.deepEqual(backup(same, { age: 30.1, interval: 10 }).times(30, present(other)).types, [])
  })

  it('is not judged while the main stream is off air, not known or not watched', () => {
    for (const state of ['down', 'off', 'unknown'] as const) {
      assert.deepEqual(backup(same, { state }).times(30, present(other)).types, [], state)
    }
    assert.deepEqual(backup(null).times(30, present(other)).types, [])
    assert.deepEqual(backup(same, { state: 'degraded' }).times(30, present(other)).types, ['resolutionMismatch'])
  })

  it('is compared with the one that it names, and a stream that names none with nobody', () => {
    const alone = new Run()
    alone.others = { hall: newest(same) }
    assert.deepEqual(alone.times(30, present(other)).log, [])
    const elsewhere = backup(null)
    elsewhere.others = { chapel: newest(same) }
    assert.deepEqual(elsewhere.times(30, present(other)).log, [])
  })

  it('is not compared in what one of the two does not say', () => {
    const nothing = parameters(
      { profile: null, fieldOrder: null, ...undeclared, width: 0, height: 0 },
      { sampleRate: null, channels: null, ...silent },
    )
    assert.deepEqual(backup(same).times(60, present({ parameters: nothing })).log, [])
    assert.deepEqual(backup({ parameters: nothing }).times(60, present(same)).log, [])
    assert.deepEqual(backup(same).times(60, present({ parameters: null })).log, [])
    assert.deepEqual(
      backup(same).times(60, present({ parameters: { format: 'flv', video: [], audio: [], encoder: null } })).log,
      [],
    )
  })

  it('is compared by what is sent where one of the two does not declare it', () => {
    const own = {
      parameters: parameters(undeclared, silent),
      window: window({ videoBytesPerSecond: 300_000, audioBytesPerSecond: 8000, framesPerSecond: 25 }),
    }
    assert.deepEqual(backup(same).times(20, present(own)).types, [
      'framerateMismatch',
      'videoBitrateMismatch',
      'audioBitrateMismatch',
    ])
    assert.deepEqual(backup(same).times(20, present({ ...own, window: RATES })).types, [])
  })

  it('has the same for every value that swings about its limit', () => {
    const run = backup(same)
    for (let index = 0; index < 30; index += 1)
      run.times(8, present({ ...same, keyframeInterval: 2.5 })).times(8, present(same))
    assert.deepEqual(run.log, [])
  })

  it('that is set as the main stream has no issue', () => {
    assert.deepEqual(
      backup(same).times(120, present({ parameters: { ...parameters(), video: [VIDEO], audio: [AUDIO] } })).log,
      [],
    )
  })
})
