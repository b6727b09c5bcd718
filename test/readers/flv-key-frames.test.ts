import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { FlvKeyFrames } from '../../src/readers/flv-key-frames.ts'
import { mockedClock, mockTime } from '../monitor/fixtures.ts'

type Message = Parameters<FlvKeyFrames['add']>[0]
const message = (text: string, more: Partial<Message> = {}): Message => {
  const payload = Buffer.from(text)
  const rest = { codec: 'h264', compositionTime: 0, trackId: 0, time: 0, size: payload.length, keyframe: true }
  return { kind: 'video', packet: 'frame', payload, ...rest, ...more }
}
const at = () => mockedClock.monotonic()
const never = new AbortController().signal

describe('key frames of a stream', () => {
  let frames: FlvKeyFrames
  beforeEach(() => {
    mockTime()
    frames = new FlvKeyFrames(mockedClock)
  })
  afterEach(() => mock.timers.reset())

  /** What the recording holds behind the header of the file, and its age. */
  const said = async (answer: ReturnType<FlvKeyFrames['ask']>) => {
    const found = await answer
    if ('code' in found) return found.code
    return { text: Buffer.from(found.recording).toString('latin1').slice(13), format: found.format, age: found.age }
  }

  it('are not wanted while nobody asks', () => assert.equal(frames.wants(1000), false))

  it('are the next one for who asks first', async () => {
    const answer = said(frames.ask(never))
    assert.equal(frames.wants(1000), true)
    mock.timers.tick(1500)
    frames.add(message('first'), at())
    const found = await answer
    assert.ok(typeof found === 'object' && found.text.includes('first') && found.format === 'flv' && found.age === 0)
  })

  it('are the newest at once for who asks again within 15 s, with its age', async () => {
    void frames.ask(never)
    frames.add(message('first'), at())
    mock.timers.tick(2000)
    frames.add(message('second'), at())
    mock.timers.tick(1250)
    const found = await said(frames.ask(never))
    assert.ok(typeof found === 'object' && found.text.includes('second') && !found.text.includes('first'))
    assert.equal(found.age, 1.25)
  })

  it('are let go of 15 s after the last who asked', async () => {
    void frames.ask(never)
    frames.add(message('first'), at())
    mock.timers.tick(14_900)
    assert.equal(frames.wants(1000), true)
    mock.timers.tick(200)
    assert.equal(frames.wants(1000), false)
    const answer = said(frames.ask(never))
    frames.add(message('next'), at())
    const found = await answer
    assert.ok(typeof found === 'object' && found.text.includes('next'))
  })

  it('that are larger than any picture are passed over', () => {
    void frames.ask(never)
    assert.equal(frames.wants(4 * 2 ** 20), true)
    assert.equal(frames.wants(4 * 2 ** 20 + 1), false)
  })

  it('come with the parameters of their codec, and those of former ones are forgotten', async () => {
    const header = (text: string) => frames.add(message(text, { packet: 'sequence-header' }), at())
    header('these')
    void frames.ask(never)
    frames.add(message('former'), at())
    header('these')
    const former = await said(frames.ask(never))
    assert.ok(typeof former === 'object' && /these.*former/s.test(former.text))
    header('those')
    const answer = said(frames.ask(never))
    frames.add(message('present'), at())
    const found = await answer
    assert.ok(typeof found === 'object' && /those.*present/s.test(found.text) && !/these|former/.test(found.text))
  })

  it('are those of the lowest track, whichever comes first', async () => {
    const answer = said(frames.ask(never))
    frames.add(message('second picture', { trackId: 1 }), at())
    frames.add(message('first picture'), at())
    frames.add(message('second picture', { trackId: 1 }), at())
    await answer
    const found = await said(frames.ask(never))
    assert.ok(typeof found === 'object' && found.text.includes('first') && !found.text.includes('second'))
  })

  it('are those of the first picture, and of nothing else', async () => {
    const answer = said(frames.ask(never))
    frames.add(message('sound', { kind: 'audio' }), at())
    frames.add(message('not whole', { payload: null }), at())
    frames.add(message('second picture', { trackId: 1 }), at())
    frames.add(message('right'), at())
    frames.add(message('in between', { keyframe: false }), at())
    await answer
    const found = await said(frames.ask(never))
    assert.ok(typeof found === 'object' && found.text.includes('right') && !/sound|between|second/.test(found.text))
  })

  it('that do not come within 12 s are none, and the answer says so', async () => {
    const answer = frames.ask(never)
    mock.timers.tick(12_000)
    const found = await answer
    assert.ok('code' in found && found.code === 'no-picture' && found.message.includes('12 s'))
  })

  it('are none where the stream ends, or who asks gives up', async () => {
    const answer = said(frames.ask(never))
    frames.end()
    assert.equal(await answer, 'no-picture')
    const giving = new AbortController()
    const another = said(frames.ask(giving.signal))
    giving.abort()
    assert.equal(await another, 'no-picture')
  })
})
