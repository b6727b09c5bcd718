import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { ErrorCode, MonitorError } from '../../src/observation/errors.ts'
import type { KeyFrameAnswer } from '../../src/observation/picture.ts'
import { Pictures, parsePictureQuery, pictureHeaders, pictureStatusOf } from '../../src/pictures/pictures.ts'
import { mockedClock, mockTime, START } from '../monitor/fixtures.ts'

/** A turn of everything that waits for nothing but promises. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('pictures of the streams of a monitor', () => {
  let state: MonitorState
  let pictures: Pictures
  let asked: string[]
  let decoded: string[]
  let frame: (name: string) => KeyFrameAnswer | Promise<KeyFrameAnswer>
  let allowed: boolean | null
  let decode: () => Promise<Buffer>
  let takeBack: () => void

  beforeEach(() => {
    mockTime()
    state = new MonitorState('test', KINDS, mockedClock)
    asked = []
    decoded = []
    allowed = null
    let number = 0
    frame = () => ({ recording: Buffer.from(`frame ${++number}`), format: 'flv', age: 0.5 })
    decode = async () => Buffer.from('jpeg')
    pictures = new Pictures(state, async ({ recording }) => {
      decoded.push(Buffer.from(recording).toString())
      return decode()
    })
    takeBack = pictures.offer('node', {
      allowed: () => allowed,
      async keyFrame(name) {
        asked.push(name)
        return frame(name)
      },
    })
    state.directory.enter('stream', 'main', 'node', 1)
  })
  afterEach(() => {
    state.directory.leave('stream', 'main', 'node')
    mock.timers.reset()
  })

  it('come with the time of their key frame, and their age', async () => {
    const { jpeg, at, age } = await pictures.of('main')
    assert.deepEqual([jpeg.toString(), at, age], ['jpeg', START - 500, 0.5])
    mock.timers.tick(1000)
    assert.equal((await pictures.of('main')).age, 1.5)
  })

  it('are made at most once in 2 s, whatever number asks', async () => {
    await Promise.all(Array.from({ length: 1000 }, () => pictures.of('main')))
    mock.timers.tick(1900)
    await Promise.all(Array.from({ length: 1000 }, () => pictures.of('main')))
    assert.deepEqual([asked.length, decoded.length], [1, 1])
    mock.timers.tick(200)
    await pictures.of('main')
    assert.equal(decoded.length, 2)
  })

  it('are not even looked for more than once in 2 s where there is none', async () => {
    frame = () => ({ code: 'no-picture', message: 'none' })
    for (let time = 0; time < 10; time++) await assert.rejects(pictures.of('main'), { code: 'no-picture' })
    assert.equal(asked.length, 1)
    mock.timers.tick(2100)
    await assert.rejects(pictures.of('main'), { code: 'no-picture' })
    assert.equal(asked.length, 2)
  })

  it('are not made anew of the same key frame', async () => {
    frame = () => ({ recording: Buffer.from('same'), format: 'flv', age: Date.now() / 1000 - START / 1000 })
    await pictures.of('main')
    mock.timers.tick(5000)
    assert.equal((await pictures.of('main')).age, 5)
    assert.equal(decoded.length, 1)
  })

  it('of a key frame of more than 30 s ago are none of now', async () => {
    frame = () => ({ recording: Buffer.from('old'), format: 'flv', age: 31 })
    await assert.rejects(pictures.of('main'), { code: 'no-picture', message: /31 s ago \(expected: 30 s at most\)/ })
    assert.deepEqual(decoded, [])
  })

  it('are known by the whole name of a stream that is watched', async () => {
    state.directory.enter('ping', 'gateway', 'node', 1)
    for (const name of ['mai', 'main ', 'MAIN', '', '__proto__', '../main', 'gateway']) {
      await assert.rejects(pictures.of(name), ({ code, message }: MonitorError) => {
        return code === 'unknown-target' && (name.trim().length < 5 || !message.includes(name))
      })
    }
    assert.deepEqual(asked, [])
  })

  it('are given to nobody where the target says so', async () => {
    allowed = false
    await assert.rejects(pictures.of('main'), { code: 'no-picture', message: /"picture": false/ })
    assert.deepEqual(asked, [])
  })

  it('are made two at a time, and what is too much is refused at once', async () => {
    const names = Array.from({ length: 70 }, (_, index) => `stream ${index}`)
    for (const name of names) state.directory.enter('stream', name, 'node', 1)
    let finish: (jpeg: Buffer) => void = () => {}
    const all = new Promise<Buffer>((resolve) => {
      finish = resolve
    })
    decode = () => all
    const codes: ErrorCode[] = []
    const waiting = names.map((name) => pictures.of(name).catch(({ code }: MonitorError) => codes.push(code)))
    await settle()
    assert.equal(decoded.length, 2)
    assert.deepEqual(codes, ['busy', 'busy', 'busy', 'busy'])
    finish(Buffer.from('jpeg'))
    await Promise.all(waiting)
    assert.equal(decoded.length, 66)
  })

  it('end with the node that watches the stream, and are there again with the next', async () => {
    let come: (answer: KeyFrameAnswer) => void = () => {}
    frame = () =>
      new Promise((resolve) => {
        come = resolve
      })
    const answer = pictures.of('main').catch(({ code }: MonitorError) => code)
    await settle()
    takeBack()
    come({ recording: Buffer.from('late'), format: 'flv', age: 0 })
    assert.equal(await answer, 'busy')
    mock.timers.tick(3000)
    await assert.rejects(pictures.of('main'), { code: 'busy' })
    const next = pictures.offer('node', {
      allowed: () => null,
      keyFrame: async () => ({ recording: Buffer.from('new'), format: 'flv', age: 0 }),
    })
    takeBack()
    assert.equal((await pictures.of('main')).jpeg.toString(), 'jpeg')
    next()
  })

  it('are let go of after a minute in which nobody asked, and with their target', async () => {
    await pictures.of('main')
    await settle()
    assert.equal(pictures.kept, 1)
    mock.timers.tick(59_000)
    assert.equal(pictures.kept, 1)
    mock.timers.tick(1100)
    assert.equal(pictures.kept, 0)
    await pictures.of('main')
    state.directory.leave('stream', 'main', 'node')
    assert.equal(pictures.kept, 0)
  })

  it('are said over HTTP as JPEG, with their age and when it was', () => {
    assert.deepEqual(pictureHeaders({ jpeg: Buffer.alloc(0), at: START, age: 2.04 }), {
      'content-type': 'image/jpeg',
      'last-modified': 'Sun, 01 Mar 2026 10:00:00 GMT',
      'picture-age': '2.0',
    })
  })

  const statuses: [ErrorCode, number][] = [
    ['unknown-target', 404],
    ['no-picture', 409],
    ['unsupported', 409],
    ['no-ffmpeg', 503],
    ['no-resources', 503],
    ['busy', 503],
    ['internal', 500],
    ['invalid-message', 400],
  ]
  for (const [code, status] of statuses) {
    it(`are refused with ${status} for ${code}`, () => assert.equal(pictureStatusOf(code), status))
  }

  for (const query of [undefined, {}, { target: '' }, { target: ['a', 'b'] }, { target: { a: 1 } }]) {
    it(`are not asked for by ${JSON.stringify(query)}`, () => {
      assert.throws(() => parsePictureQuery(query), { code: 'invalid-message', message: /\?target=main/ })
    })
  }
})
