import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Device } from '../../app/demo/web-presenter/device.ts'
import { prelude } from '../../app/demo/web-presenter/text-blocks.ts'
import { TextBlockReader, type TextEvent } from '../../src/encoder/text-blocks.ts'
import { withPolled } from './web-presenter.ts'

function eventsOf(...pieces: string[]): TextEvent[] {
  const reader = new TextBlockReader()
  return pieces.flatMap((piece) => reader.read(piece))
}

const block = (header: string, values: Record<string, string>): TextEvent => ({
  event: 'block',
  header,
  values: new Map(Object.entries(values)),
})

describe('An encoder by the text protocol', () => {
  for (const firmware of ['2.1', '3'] as const) {
    it(`says all that it does and is (firmware ${firmware})`, () =>
      withPolled(
        'ethernet',
        async (polled) => {
          await polled.onAir()
          for (let index = 0; index < 3; index++) {
            const { measurements } = await polled.read()
            const { duration, ...rest } = measurements
            assert.ok(duration !== null && duration < 5)
            assert.deepEqual(rest, {
              up: true,
              deviceState: 'streaming',
              bytesPerSecond: 750_000,
              cacheUsedRatio: firmware === '2.1' ? null : 0,
              cacheRisePerMinute: null,
              videoFormat: '1080p30',
              device: {
                model: firmware === '2.1' ? 'Web Presenter HD' : 'Blackmagic Streaming Encoder HD',
                label: 'Main hall',
                software: firmware === '2.1' ? '2.1.1' : '3.5',
              },
              protocol: 'ethernet',
              total: { broadcasts: 0 },
            })
          }
          assert.deepEqual([...new Set(polled.simulator.questions)], ['STREAM STATE:'])
          assert.equal(polled.simulator.connections, 1, 'one connection for all questions')
        },
        { firmware },
      ))
  }

  it('tells a change of its status unasked, and is understood', () =>
    withPolled('ethernet', async (polled) => {
      await polled.onAir()
      assert.equal(await polled.word(), 'streaming')
      polled.simulator.device.interrupt()
      assert.equal(await polled.word(), 'interrupted')
      polled.simulator.device.recover()
      assert.equal(await polled.word(), 'streaming')
    }))
})

describe('What the text protocol says', () => {
  it('is taken apart as captured, with nothing that is secret', () => {
    const { options } = new Device()
    const events = eventsOf(prelude(new Device()))
    const text = JSON.stringify(events.map((event) => (event.event === 'block' ? [...event.values] : event)))
    assert.deepEqual(
      events.map((event) => (event.event === 'block' ? event.header : event.event)),
      ['IDENTITY', 'VERSION', 'STREAM SETTINGS', 'STREAM STATE', 'END PRELUDE'],
    )
    for (const secret of [options.streamKey, options.passphrase, 'ingest.example']) assert.ok(!text.includes(secret))
  })

  it('may end its lines with LF or CRLF, and come in any pieces', () => {
    const text = prelude(new Device())
    const whole = eventsOf(text)
    assert.deepEqual(eventsOf(text.replaceAll('\n', '\r\n')), whole)
    assert.deepEqual(eventsOf(...text), whole)
  })

  it('splits at the first colon, and takes an empty value', () => {
    const text = 'STREAM SETTINGS:\nVideo Mode: Auto: really\nStream Key: \n\nSTREAM STATE:\nStatus:Idle\nBitrate:\n\n'
    assert.deepEqual(eventsOf(text), [
      block('STREAM SETTINGS', { 'video mode': 'Auto: really' }),
      block('STREAM STATE', { status: 'Idle', bitrate: '' }),
    ])
  })

  it('passes over blocks and keys that it does not know', () => {
    const text = 'CONSTRUCTOR:\nA: b\n\nconstructor:\nA: b\n\nSTREAM STATE:\nTemperature: 40\nStatus: Idle\n\n'
    assert.deepEqual(eventsOf(text), [block('STREAM STATE', { status: 'Idle' })])
  })

  for (const [spelling, event] of [
    ['ACK', 'ack'],
    ['ACK:', 'ack'],
    ['\u0006', 'ack'],
    ['NACK', 'nack'],
    ['\u0015', 'nack'],
    ['HTTP/1.1 400 Bad Request', 'nonsense'],
  ] as const) {
    it(`takes ${JSON.stringify(spelling)} for ${event}`, () => {
      assert.deepEqual(eventsOf(`${spelling}\n\n`), [{ event }])
    })
  }

  it('is refused when a line or a block has no end', () => {
    assert.throws(() => eventsOf('x'.repeat(5000)), /line without end/)
    assert.throws(() => eventsOf(`STREAM STATE:\n${'a: b\n'.repeat(300)}`), /block without end/)
  })

  it('never makes the reader fail otherwise, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 }), { maxLength: 8 }), (pieces) => {
        eventsOf(...pieces)
      }),
      { numRuns: 50 },
    )
  })
})
