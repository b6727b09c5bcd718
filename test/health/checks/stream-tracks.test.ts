import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { STREAM_CHECKS } from '../../../src/health/checks/stream.ts'
import { parameters, present, profileOf, Run } from '../readings.ts'

const tracks = (video: boolean | null, audio: boolean | null) => present({ tracks: { video, audio } })

describe('noVideoStream and noAudioStream', () => {
  it('are raised when the session is sure, not before', () => {
    assert.deepEqual(new Run().times(30, tracks(null, null)).log, [])
    assert.deepEqual(new Run().read(tracks(false, true)).log, ['0 s: raised noVideoStream'])
    assert.deepEqual(new Run().read(tracks(true, false)).log, ['0 s: raised noAudioStream'])
  })

  it('honour what the target is meant to have', () => {
    assert.deepEqual(new Run({ media: 'audio' }).times(5, tracks(false, true)).log, [])
    assert.deepEqual(new Run({ media: 'video' }).times(5, tracks(true, false)).log, [])
    assert.deepEqual(new Run({ media: 'audio' }).read(tracks(false, false)).types, ['noAudioStream'])
    assert.deepEqual(new Run({ media: 'video' }).read(tracks(false, false)).types, ['noVideoStream'])
  })

  it('are errors, with a number and a remedy', () => {
    const issue = new Run().read(tracks(true, false)).issue('noAudioStream')
    assert.equal(issue.severity, 'error')
    assert.equal(issue.summary, 'The stream has no audio')
    assert.ok(issue.remedy.some((line) => line.includes('"media" to "video"')))
  })

  it('clear by 2 s of the track, and not by not knowing', () => {
    const run = new Run().read(tracks(true, false)).times(20, tracks(null, null)).times(2, tracks(true, true))
    assert.deepEqual(run.types, ['noAudioStream'])
    run.read(tracks(true, true))
    assert.deepEqual(run.log, ['0 s: raised noAudioStream', '23 s: cleared noAudioStream after 21 s'])
  })
})

describe('noVideoSequenceHeader and noAudioSequenceHeader', () => {
  const configured = (video: boolean | null, audio: boolean | null, codec = 'aac') =>
    present({ configured: { video, audio }, parameters: parameters({}, { codec }) })

  it('are raised when 5 s of a session have shown none, and not where it came late', () => {
    assert.deepEqual(new Run().times(5, configured(true, false)).times(30, configured(true, true)).log, [])
    assert.deepEqual(new Run().times(6, configured(true, false)).log, ['5 s: raised noAudioSequenceHeader'])
    assert.deepEqual(new Run().times(6, configured(false, true)).log, ['5 s: raised noVideoSequenceHeader'])
  })

  it('are errors that name the codec, its configuration, and what viewers have of it', () => {
    const issue = new Run().times(6, configured(true, false)).issue('noAudioSequenceHeader')
    assert.equal(issue.severity, 'error')
    assert.equal(
      issue.summary,
      "The stream carries AAC sound, but its configuration (AudioSpecificConfig, RTMP's AAC sequence header) never came: players stay silent",
    )
    assert.match(issue.remedy[0] ?? '', /start it again/)
    const unknown = new Run().times(6, present({ configured: { video: false, audio: true }, parameters: null }))
    assert.match(unknown.issue('noVideoSequenceHeader').summary, /^The stream carries video, .*: players stay black$/)
  })

  it('go when it comes, and not by not knowing', () => {
    const run = new Run().times(6, configured(true, false)).times(20, configured(true, null))
    assert.deepEqual(run.types, ['noAudioSequenceHeader'])
    run.read(configured(true, true))
    assert.deepEqual(run.types, [])
  })

  it('are not judged where nothing is known of it, or the track is not asked for', () => {
    assert.deepEqual(new Run().times(60, configured(null, null)).log, [])
    assert.deepEqual(new Run({ media: 'video' }).times(60, configured(true, false)).log, [])
    assert.deepEqual(new Run({ media: 'audio' }).times(60, configured(false, true)).log, [])
  })

  it('stand for what nobody can look at or listen to without it', () => {
    const soundNotHeard = STREAM_CHECKS.find(({ type }) => type === 'noAudioSequenceHeader')?.supersedes
    assert.ok(soundNotHeard?.includes('soundNotHeard'))
  })
})

describe('parametersNotSeen', () => {
  const profile = profileOf()
  const unseen = present({ parameters: { ...parameters(), unseen: 'There is no ffprobe on PATH.' } })

  it('is raised where nobody has looked at the frames of a stream that is held to a profile or to another stream', () => {
    const issue = new Run({ profile }).read(unseen).issue('parametersNotSeen')
    assert.equal(issue.severity, 'warning')
    assert.match(issue.summary, /^Nobody looks at the frames, .* are not judged\. There is no ffprobe on PATH\.$/)
    assert.ok(new Run({ backupOf: 'main' }).read(unseen).types.includes('parametersNotSeen'))
  })

  it('is not judged where nobody asks, and goes when somebody has looked', () => {
    assert.deepEqual(new Run().times(30, unseen).log, [])
    assert.deepEqual(new Run({ profile }).read(unseen, present({ parameters: null })).types, ['parametersNotSeen'])
    assert.deepEqual(new Run({ profile }).read(unseen, present()).types, [])
  })
})

describe('parametersChanged', () => {
  const changed = (...changes: string[]) => present({ parameterChanges: changes })

  it('is raised by a change and names it', () => {
    const run = new Run().read(present(), changed('video size: 1280x720 -> 1920x1080'))
    const issue = run.issue('parametersChanged')
    assert.equal(issue.severity, 'warning')
    assert.equal(issue.measured, 'video size: 1280x720 -> 1920x1080')
    assert.match(
      issue.summary,
      /^The stream changed while live, in the last 60 s of media: video size: 1280x720 -> 1920x1080 \(expected: no change\)/,
    )
  })

  it('goes after 60 s of media, though the parameters stay changed', () => {
    const run = new Run().read(present()).times(61, changed('audio channels: 2 -> 1'))
    assert.deepEqual(run.log, ['1 s: raised parametersChanged', '61 s: cleared parametersChanged after 60 s'])
  })

  it('stays for longer when they change again', () => {
    const run = new Run().read(present()).times(40, changed('a: 1 -> 2')).times(59, changed('a: 1 -> 3'))
    assert.equal(run.log.length, 1)
    assert.equal(run.issue('parametersChanged').measured, 'a: 1 -> 3')
  })

  it('is not raised by parameters that were read before the watch began to judge', () => {
    assert.deepEqual(new Run().times(5, changed('a: 1 -> 2')).log, [])
  })

  it('is not raised again when the same parameters are read anew, as after a publisher restart', () => {
    const run = new Run()
      .read(present())
      .times(30, changed('a: 1 -> 2'))
      .times(3, present({ parameters: null }))
    run.times(40, changed('a: 1 -> 2'))
    assert.deepEqual(run.log, ['1 s: raised parametersChanged', '61 s: cleared parametersChanged after 60 s'])
  })

  it('is raised again by the same change in another broadcast', () => {
    const run = new Run().read(present()).times(70, changed('a: 1 -> 2')).times(5, present()).read(changed('a: 1 -> 2'))
    assert.deepEqual(run.types, ['parametersChanged'])
  })

  it('names a bounded number of changes, however many a stream declares', () => {
    const many = Array.from({ length: 500 }, (_, index) => `parameter ${index}: ${'x'.repeat(300)} -> y`)
    const { summary } = new Run().read(present(), changed(...many)).issue('parametersChanged')
    assert.match(summary, /and 496 more/)
    assert.ok(summary.length < 400)
  })
})
