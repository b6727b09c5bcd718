import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { Limiter } from '../../src/observation/limiter.ts'
import type { StreamParameters } from '../../src/observation/stream.ts'
import { Inspector } from '../../src/stream/inspector.ts'
import type { Inspection } from '../../src/stream/packet-source.ts'

type Medium = 'video' | 'audio'

const TRACKS = {
  video: {
    codec: 'h264',
    profile: null,
    level: null,
    width: 1,
    height: 1,
    declaredFrameRate: null,
    declaredBytesPerSecond: null,
    pixelFormat: null,
    fieldOrder: null,
    bFrames: null,
  },
  audio: { codec: 'aac', profile: null, sampleRate: null, channels: null, declaredBytesPerSecond: null },
}

const saying = (...media: Medium[]): StreamParameters => ({
  format: 'flv',
  video: media.includes('video') ? [TRACKS.video] : [],
  audio: media.includes('audio') ? [TRACKS.audio] : [],
  encoder: null,
})

/** An inspector whose inspections answer what `answers` gives next, and a session that shows `shown`. */
function make(test: TestContext, shown: Medium[], answers: Inspection[], wanted: Medium[] = ['video', 'audio']) {
  test.mock.timers.enable({ apis: ['setTimeout'] })
  const seen = { inspections: 0, reopened: 0, found: [] as StreamParameters[] }
  const inspector = new Inspector({
    limiter: new Limiter(1),
    inspect: async () => {
      seen.inspections++
      return answers.shift() ?? 'failed'
    },
    wanted,
    shows: (medium) => shown.includes(medium),
    found: (parameters) => seen.found.push(parameters),
    reopen: () => seen.reopened++,
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const pass = async (seconds: number) => {
    await settle()
    test.mock.timers.tick(seconds * 1000)
    await settle()
  }
  return { inspector, seen, pass, settle }
}

describe('the inspection of a stream', () => {
  it('is made once when media begins, and again for another publisher', async (test) => {
    const both = saying('video', 'audio')
    const { inspector, seen, pass } = make(test, ['video', 'audio'], [both, both])
    inspector.begin('same')
    await pass(1000)
    assert.deepEqual(seen, { inspections: 1, reopened: 0, found: [both] })
    inspector.begin('other')
    await pass(1000)
    assert.equal(seen.inspections, 2)
  })

  it('is made once more when it is asked for while one runs', async (test) => {
    const { inspector, seen, pass } = make(test, ['video', 'audio'], [saying('video'), saying('video', 'audio')])
    inspector.begin('same')
    inspector.inspect()
    inspector.inspect()
    await pass(0)
    await pass(0)
    assert.equal(seen.inspections, 2)
    assert.deepEqual(seen.found, [saying('video', 'audio')])
  })

  it('is made again where a medium shows that was not there when it was made', async (test) => {
    const shown: Medium[] = ['video']
    const { inspector, seen, pass } = make(test, shown, [saying('video'), saying('video', 'audio')])
    inspector.begin('same')
    await pass(1)
    shown.push('audio')
    inspector.showsNow('audio')
    await pass(1)
    assert.deepEqual(seen.found.at(-1), saying('video', 'audio'))
    inspector.showsNow('audio')
    await pass(50)
    assert.equal(seen.inspections, 2)
  })

  it('is made again, once, where a medium has begun to show meanwhile', async (test) => {
    const { inspector, seen, pass } = make(test, ['video', 'audio'], [saying('video'), saying('video')])
    inspector.begin('same')
    await pass(1)
    await pass(1)
    assert.equal(seen.inspections, 2)
  })

  it('is tried again when it fails, and less often after the third time', async (test) => {
    const { inspector, seen, pass } = make(
      test,
      ['video', 'audio'],
      ['failed', 'failed', 'failed', saying('video', 'audio')],
    )
    inspector.begin('same')
    await pass(10)
    await pass(10)
    assert.equal(seen.inspections, 3)
    await pass(10)
    assert.equal(seen.inspections, 3)
    await pass(50)
    assert.equal(seen.found.length, 1)
    assert.equal(seen.reopened, 0)
  })

  it('runs no more after the end', async (test) => {
    const { inspector, seen, pass } = make(test, ['video'], ['failed'])
    inspector.begin('same')
    await pass(1)
    inspector.stop()
    await pass(1000)
    assert.equal(seen.inspections, 1)
  })
})

describe('a session that lacks a medium', () => {
  it('is opened again, once, when an inspection sees it', async (test) => {
    const both = saying('video', 'audio')
    const { inspector, seen, pass } = make(test, ['audio'], [both, both, both])
    inspector.begin('same')
    await pass(0)
    assert.equal(seen.reopened, 1)
    assert.equal(inspector.lookedTwice, false)
    inspector.stop()
    inspector.begin('same')
    await pass(0)
    assert.equal(seen.reopened, 1)
    assert.equal(inspector.lookedTwice, true)
  })

  it('may be said to lack it when an inspection does not see it either', async (test) => {
    const { inspector, seen, pass } = make(test, ['audio'], [saying('audio')])
    inspector.begin('same')
    assert.equal(inspector.lookedTwice, false)
    await pass(0)
    assert.equal(inspector.lookedTwice, true)
    assert.equal(seen.reopened, 0)
  })

  it('is looked at every minute, and opened again when the publisher has added it', async (test) => {
    const { inspector, seen, pass } = make(
      test,
      ['audio'],
      [saying('audio'), saying('audio'), saying('audio', 'video')],
    )
    inspector.begin('same')
    await pass(60)
    assert.equal(seen.reopened, 0)
    await pass(60)
    assert.equal(seen.inspections, 3)
    assert.equal(seen.reopened, 1)
  })

  it('is opened again when no inspection succeeds', async (test) => {
    const { inspector, seen, pass } = make(test, ['audio'], ['failed', 'failed', 'failed'])
    inspector.begin('same')
    await pass(10)
    await pass(10)
    assert.equal(seen.reopened, 1)
    assert.equal(inspector.lookedTwice, false)
  })

  it('is left open where the server serves one reader only', async (test) => {
    const { inspector, seen, pass } = make(test, ['audio'], ['turned-away', 'turned-away', 'turned-away'])
    inspector.begin('same')
    await pass(10)
    await pass(10)
    assert.equal(seen.reopened, 0)
    assert.equal(inspector.lookedTwice, true)
  })

  it('is as it should be where that medium is not asked for', async (test) => {
    const { inspector, seen, pass } = make(test, ['audio'], [saying('audio', 'video')], ['audio'])
    inspector.begin('same')
    await pass(1000)
    assert.deepEqual([seen.inspections, seen.reopened], [1, 0])
  })
})
