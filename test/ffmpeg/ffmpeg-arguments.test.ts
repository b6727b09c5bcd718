import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contentArguments } from '../../src/ffmpeg/ffmpeg-arguments.ts'

const INPUT = { pictures: 'keyframes', media: 'both', args: ['-rw_timeout', '5'], url: 'rtmp://h/live/key' } as const

/** What follows an option. */
function valuesOf(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, index) => (arg === option ? [args[index + 1] ?? ''] : []))
}

describe("ffmpeg's arguments for content checks", () => {
  it('open one input, behind what says how to read it', () => {
    const args = contentArguments(INPUT)
    assert.deepEqual(valuesOf(args, '-i'), [INPUT.url])
    assert.ok(args.indexOf('-rw_timeout') < args.indexOf('-i'))
  })

  it('decode key frames only, or every picture', () => {
    assert.deepEqual(valuesOf(contentArguments(INPUT), '-skip_frame:v'), ['nokey'])
    assert.deepEqual(valuesOf(contentArguments({ ...INPUT, pictures: 'all' }), '-skip_frame:v'), [])
  })

  it('look at the first video and listen to the first audio, where there is one', () => {
    const maps = valuesOf(contentArguments(INPUT), '-map')
    assert.deepEqual(maps, ['0:V?', '0:a?', '0:V:0?', '0:a:0?'])
  })

  it('count what is known alone where tables name tracks, of which one may never come', () => {
    const maps = valuesOf(contentArguments({ ...INPUT, isNamed: true }), '-map')
    assert.deepEqual(maps, ['0:V:u?', '0:a:u?', '0:V:0?', '0:a:0?'])
  })

  it('leave out what the stream need not have, and still count its packets', () => {
    const audio = contentArguments({ ...INPUT, media: 'audio' })
    assert.deepEqual(valuesOf(audio, '-map'), ['0:V?', '0:a?', '0:a:0?'])
    assert.deepEqual(valuesOf(audio, '-filter:v'), [])
    const video = contentArguments({ ...INPUT, media: 'video' })
    assert.deepEqual(valuesOf(video, '-map'), ['0:V?', '0:a?', '0:V:0?'])
    assert.deepEqual(valuesOf(video, '-filter:a'), [])
  })

  it('write findings to descriptors of their own', () => {
    const args = contentArguments(INPUT)
    assert.match(valuesOf(args, '-filter:v')[0] ?? '', /file=pipe\\\\:3:direct=1$/)
    assert.match(valuesOf(args, '-filter:a')[0] ?? '', /file=pipe\\\\:4:direct=1$/)
  })
})
