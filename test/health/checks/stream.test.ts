import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { STREAM_CHECKS } from '../../../src/health/checks/stream.ts'
import { LONGEST_WINDOW } from '../../../src/health/history.ts'

/** All `configurationIssues[].type` of YouTube's Live Streaming API. */
const YOUTUBE = {
  single: [
    ...['gopSizeOver', 'gopSizeLong', 'gopSizeShort', 'openGop', 'interlacedVideo', 'frameRateHigh', 'videoCodec'],
    ...['videoResolutionSuboptimal', 'videoResolutionUnsupported', 'noVideoStream', 'multipleVideoStreams'],
    ...['audioBitrateHigh', 'audioBitrateLow', 'audioSampleRate', 'audioCodec', 'audioTooManyChannels'],
    ...['noAudioStream', 'multipleAudioStreams', 'badContainer', 'bitrateHigh', 'bitrateLow'],
    ...['videoIngestionStarved', 'videoIngestionFasterThanRealtime'],
  ],
  backup: [
    ...['resolutionMismatch', 'videoCodecMismatch', 'videoInterlaceMismatch', 'videoProfileMismatch'],
    ...['videoBitrateMismatch', 'framerateMismatch', 'gopMismatch', 'audioSampleRateMismatch'],
    ...['audioStereoMismatch', 'audioCodecMismatch', 'audioBitrateMismatch'],
  ],
}

describe('the table of checks', () => {
  it('has all 34 types of YouTube, under their names', () => {
    const types = STREAM_CHECKS.map(({ type }) => type)
    const wanted = [...YOUTUBE.single, ...YOUTUBE.backup]
    assert.equal(wanted.length, 34)
    assert.deepEqual(
      wanted.filter((type) => !types.includes(type)),
      [],
    )
    const backups = STREAM_CHECKS.filter(({ needs }) => needs === 'backupOf').map(({ type }) => type)
    assert.deepEqual(backups.sort(), [...YOUTUBE.backup].sort())
  })

  it('makes advice of the platform no error', () => {
    const advice = ['gopSizeShort', 'videoResolutionSuboptimal', 'audioBitrateHigh', 'audioBitrateLow']
    for (const { type, severity } of STREAM_CHECKS) if (advice.includes(type)) assert.equal(severity, 'info', type)
  })

  it('has each type once, with limits that a judge can use', () => {
    const types = STREAM_CHECKS.map((check) => check.type)
    assert.equal(new Set(types).size, types.length)
    for (const { type, limits, weight, worse } of STREAM_CHECKS) {
      assert.ok(weight >= 0 && weight <= 100, type)
      assert.ok(limits.enterHold >= 0 && limits.clearHold >= 0, type)
      assert.ok((limits.window ?? 0) <= LONGEST_WINDOW, type)
      if (limits.enter !== null && limits.clear !== null) {
        assert.ok(worse === 'higher' ? limits.enter > limits.clear : limits.enter < limits.clear, type)
      }
    }
  })

  it('says of each what it cannot see and what to do', () => {
    for (const { type, text, remedy } of STREAM_CHECKS) {
      assert.ok(text.blindTo.length > 20, type)
      assert.ok(text.why.length > 20, type)
      assert.ok(remedy.length >= 3, type)
    }
  })
})
