import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../src/observation/clock.ts'
import type { Content, EndedSpan } from '../../src/observation/content.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import type { KeyFrameAnswer } from '../../src/observation/picture.ts'
import type { Reading } from '../../src/observation/reading.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import type { Order, SaidReading, StreamOrder } from '../../src/threads/crossing.ts'
import type { StreamInThread } from '../../src/threads/reading-thread.ts'
import { countedBefore, saidBy, threadedProbe } from './threaded.ts'

/** A thread that is none: the test says what it says. */
class FakeThread {
  readonly orders: Order[] = []
  readonly waiting: SaidReading[] = []
  stream: StreamInThread | null = null

  choose(): this {
    return this
  }

  add(stream: StreamInThread): number {
    this.stream = stream
    this.orders.push(stream.order(7))
    return 7
  }

  tell(order: Order): void {
    this.orders.push(order)
  }

  async remove(): Promise<void> {}

  async keyFrame(): Promise<KeyFrameAnswer> {
    return { code: 'no-picture', message: 'none of secret-key' }
  }

  catchUp(): void {
    for (const said of this.waiting.splice(0)) this.stream?.said(said)
  }
}

const known = countedBefore(0)

/** @param ago seconds */
const said = (reading: Reading<StreamMeasurements> | null, ago = 0, more: Partial<SaidReading> = {}): SaidReading => ({
  ...{ stream: 7, at: systemClock.monotonic() - ago, reading, changed: false, ...more },
})
const present = (measurements: Partial<StreamMeasurements> = {}): Reading<StreamMeasurements> => ({
  outcome: 'present',
  measurements: { ...known, up: true, lastPacketAge: 0.01, ...measurements },
})

function start(context: Parameters<typeof threadedProbe>[1] = {}, target: Parameters<typeof threadedProbe>[0] = {}) {
  const thread = new FakeThread()
  const probe = threadedProbe(target, { threads: thread, ...context })
  const heard: string[] = []
  probe.start({ changed: () => heard.push('changed'), happened: ({ event }) => heard.push(event) })
  return { thread, probe, heard, stream: thread.stream as StreamInThread }
}

describe('a stream that is read in another thread', () => {
  it('is connecting until the thread says something, and its totals go on from before', () => {
    const { probe } = start({ before: countedBefore(41) })
    assert.equal(saidBy(probe), 'unknown connecting')
    assert.equal(probe.read().measurements.total.video.packets, 41)
  })

  it('is what the thread says of it, and older by the time since', () => {
    const { probe, stream } = start()
    stream.said(said(present({ lastPacketAge: 0.5 }), 0.25))
    const { lastPacketAge } = probe.read().measurements
    assert.equal(saidBy(probe), 'present')
    assert.ok(lastPacketAge !== null && lastPacketAge >= 0.75 && lastPacketAge < 0.85, `${lastPacketAge}`)
  })

  it('is unknown, without the last good values, when the thread is silent for longer than its interval', () => {
    const { probe, stream } = start()
    const values = { keyframeInterval: 2, total: { ...known.total, keyframes: 5 } }
    stream.said(said(present(values), 1.4))
    assert.equal(saidBy(probe), 'present')
    stream.said(said(present(values), 1.6))
    const reading = probe.read()
    assert.ok(reading.outcome === 'unknown' && reading.code === 'loop-late')
    assert.match(reading.message, /has said nothing for 1\.6 s/)
    assert.equal(reading.measurements.up, null)
    assert.equal(reading.measurements.keyframeInterval, null)
    assert.equal(reading.measurements.total.keyframes, 5)
  })

  it('is asked of at least once a second, at the turns of its watch, however long its interval', () => {
    const turnsOf = (interval: number) => (start({}, { interval }).thread.orders[0] as StreamOrder).turns
    assert.equal(turnsOf(1).every, 1)
    assert.equal(turnsOf(2.5).every, 2.5 / 3)
    assert.equal(turnsOf(60).every, 1)
    const { phase } = turnsOf(60)
    assert.ok(phase > 1 && phase < 60)
  })

  it('is what has arrived but waits for its turn in a busy loop', () => {
    const { probe, stream, thread } = start()
    stream.said(said(present(), 1.2))
    thread.waiting.push(said({ outcome: 'absent', reason: 'stalled', measurements: known }, 0))
    assert.equal(saidBy(probe), 'absent stalled')
  })

  it('tells its watch what must not wait for an interval', () => {
    const { heard, stream } = start()
    stream.said(said(present()))
    assert.deepEqual(heard, [])
    stream.said(said(present(), 0, { changed: true }))
    stream.happened({ event: 'restart' })
    assert.deepEqual(heard, ['changed', 'restart'])
  })

  it('hands over once what is news, though the thread said more than was read', () => {
    const { probe, stream } = start()
    const span = (since: number): EndedSpan => ({ fault: 'black', since, duration: 1, cut: false })
    const content = (endedSpans: EndedSpan[]) => ({ content: { black: false, endedSpans } as unknown as Content })
    stream.said(said(present({ newConnectSeconds: [1], ...content([span(1)]) })))
    stream.said(said(present({ newConnectSeconds: [2], ...content([span(2)]) })))
    const { newConnectSeconds, content: seen } = probe.read().measurements
    assert.deepEqual(newConnectSeconds, [1, 2])
    assert.deepEqual(seen?.endedSpans, [span(1), span(2)])
    assert.deepEqual(probe.read().measurements.newConnectSeconds, [])
    stream.said(said(present({ newConnectSeconds: [3], ...content([]) })))
    assert.deepEqual(probe.read().measurements.newConnectSeconds, [3])
    assert.deepEqual(probe.read().measurements.content?.endedSpans, [])
  })

  it('shows no secret that the thread quotes', async () => {
    const { probe, stream } = start({ redact: (text) => text.replaceAll('secret-key', '***') })
    const messageOf = () => JSON.stringify(probe.read())
    const measurements = known
    stream.said(said({ outcome: 'absent', reason: 'refused', message: 'no secret-key', measurements }))
    assert.match(messageOf(), /no \*\*\*/)
    stream.said(said({ outcome: 'unknown', code: 'crashed', message: 'bad secret-key', measurements }))
    assert.match(messageOf(), /bad \*\*\*/)
    stream.said(said(null, 0, { fault: 'fault of secret-key' }))
    assert.match(messageOf(), /"internal","message":"fault of \*\*\*/)
    stream.lost({ code: 'crashed', message: 'lost secret-key' })
    assert.match(messageOf(), /lost \*\*\*/)
    const { signal } = new AbortController()
    assert.deepEqual(await probe.keyFrame(signal), { code: 'no-picture', message: 'none of ***' })
  })

  it('is unknown when its thread is lost, tells it at once, and goes on with its totals and as expected', () => {
    const { probe, stream, heard } = start()
    stream.said(said(present({ total: { ...known.total, keyframes: 5 }, keyframeInterval: 2, newConnectSeconds: [1] })))
    probe.setExpected(false)
    stream.lost({ code: 'out-of-memory', message: 'it held too much' })
    assert.deepEqual(heard, ['changed'])
    const { before, expected } = stream.order(8)
    assert.equal(before.total.keyframes, 5)
    assert.deepEqual(before.newConnectSeconds, [], 'they are still handed over here')
    assert.equal(expected, false)
    assert.equal(saidBy(probe), 'unknown out-of-memory')
    assert.equal(probe.read().measurements.keyframeInterval, null)
  })

  it('is read by its address with its secrets, which only the thread gets; and anew when they change', () => {
    let key: string | null = 'one'
    let changed = () => {}
    const expand = (template: string) => {
      if (key === null) throw new MonitorError('missing-variable', '${KEY} is not known')
      return template.replace('${KEY}', key)
    }
    const onSecretChanged = (listener: () => void) => {
      changed = listener
      return () => {
        changed = () => {}
      }
    }
    const { thread, probe } = start({ expand, onSecretChanged }, { url: 'rtmp://host/live/${KEY}' })
    const [order] = thread.orders as StreamOrder[]
    assert.deepEqual(order?.address, { url: 'rtmp://host/live/one' })
    assert.equal(order?.how.url, 'rtmp://host/live/${KEY}')
    changed()
    assert.equal(thread.orders.length, 1, 'the same address')
    key = 'two'
    changed()
    key = null
    changed()
    assert.deepEqual(thread.orders.slice(1), [
      { order: 'address', stream: 7, address: { url: 'rtmp://host/live/two' } },
      { order: 'address', stream: 7, address: { code: 'missing-variable', message: '${KEY} is not known' } },
    ])
    key = 'three'
    void probe.stop()
    changed()
    assert.equal(thread.orders.length, 3, 'nothing is told after the end')
  })

  it('can be read after its end, for the watch that goes on from there', async () => {
    const { probe, stream } = start()
    stream.said(said(present({ total: { ...known.total, keyframes: 5 } }), 1.6))
    await probe.stop()
    assert.equal(probe.read().measurements.total.keyframes, 5)
    assert.equal(probe.stop(), probe.stop())
  })
})
