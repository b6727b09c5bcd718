import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { STREAM } from '../../src/kinds/stream.ts'
import { probeStatus } from '../../src/node-red/probe-status.ts'
import type { State } from '../../src/observation/observation.ts'
import { issue, measurements, observation } from '../metrics/observations.ts'

/** Says keys and values, as a catalogue would put them into words. */
const say = (key: string, values: Record<string, string | number> = {}) =>
  ({
    'common.probe.count': `${values.count} ${values.state}`,
    'status.bitrate': `${values.state} ${values.megabits}`,
    'status.bitrateAndFrames': `${values.state} ${values.megabits} ${values.frames}`,
  })[key] ?? key.replace(/^.*\./, '')

const rates = { videoBytesPerSecond: 500_000, audioBytesPerSecond: 16_000, framesPerSecond: 29.97, realtimeRatio: 1 }
const of = (state: State, last1s = rates) => observation({ state, issues: [], measurements: measurements({ last1s }) })
const textOf = (...newest: Parameters<typeof probeStatus>[0][number][]) => probeStatus(newest, STREAM.status, say).text

describe('what stands under an ffprobe node', () => {
  it('shows the rates of the one stream that is well', () => {
    assert.deepEqual(probeStatus([of('ok')], STREAM.status, say), { fill: 'green', shape: 'dot', text: 'ok 4.1 30' })
  })

  it('shows no frame rate where there is no video, and no rate before there is one', () => {
    assert.equal(
      textOf(of('ok', { ...rates, videoBytesPerSecond: null as never, framesPerSecond: null as never })),
      'ok 0.1',
    )
    const none = { ...rates, videoBytesPerSecond: null as never, audioBytesPerSecond: null as never }
    assert.equal(textOf(of('ok', none)), 'ok')
  })

  it('shows no decimal of a rate that is long', () => {
    assert.equal(textOf(of('ok', { ...rates, videoBytesPerSecond: 25_000_000 })), 'ok 200 30')
  })

  it('names the gravest issue of the one stream', () => {
    const degraded = { ...of('degraded'), issues: [issue('gopSizeLong', 'warning'), issue('noAudioStream', 'error')] }
    assert.deepEqual(probeStatus([degraded], STREAM.status, say), {
      fill: 'yellow',
      shape: 'dot',
      text: 'noAudioStream',
    })
    assert.equal(textOf(of('degraded')), 'degraded')
  })

  it('is red for what is down, and grey for what nobody expects', () => {
    assert.deepEqual(probeStatus([of('down')], STREAM.status, say), { fill: 'red', shape: 'dot', text: 'down' })
    assert.deepEqual(probeStatus([of('off')], STREAM.status, say), { fill: 'grey', shape: 'ring', text: 'off' })
  })

  it('is never green for what is not known', () => {
    const failed = { ...of('unknown'), error: { code: 'crashed', message: '' } }
    assert.deepEqual(probeStatus([failed], STREAM.status, say), { fill: 'yellow', shape: 'ring', text: 'crashed' })
    assert.deepEqual(probeStatus([of('unknown')], STREAM.status, say), {
      fill: 'yellow',
      shape: 'ring',
      text: 'waiting',
    })
    assert.deepEqual(probeStatus([null], STREAM.status, say), { fill: 'yellow', shape: 'ring', text: 'waiting' })
  })

  it('counts many, in the colour of the worst', () => {
    const counted = (...states: State[]) =>
      probeStatus(
        states.map((state) => of(state)),
        STREAM.status,
        say,
      )
    assert.deepEqual(counted('ok', 'ok', 'ok', 'down'), { fill: 'red', shape: 'dot', text: '3 ok, 1 down' })
    assert.deepEqual(counted('ok', 'degraded'), { fill: 'yellow', shape: 'dot', text: '1 ok, 1 degraded' })
    assert.deepEqual(counted('ok', 'unknown'), { fill: 'yellow', shape: 'ring', text: '1 ok, 1 unknown' })
    assert.deepEqual(counted('degraded', 'unknown'), { fill: 'yellow', shape: 'ring', text: '1 unknown, 1 degraded' })
    assert.deepEqual(counted('ok', 'off'), { fill: 'green', shape: 'dot', text: '1 ok, 1 off' })
    assert.deepEqual(counted('off', 'off'), { fill: 'grey', shape: 'ring', text: '2 off' })
  })

  it('tells one thing where ffprobe or ffmpeg is missing, whatever the streams', () => {
    const missing = (code: string) => ({ ...of('unknown'), error: { code, message: '' } })
    for (const [code, text] of [
      ['no-ffprobe', 'noFfprobe'],
      ['no-ffmpeg', 'noFfmpeg'],
    ] as const) {
      assert.deepEqual(probeStatus([of('ok'), missing(code)], STREAM.status, say), { fill: 'red', shape: 'ring', text })
    }
  })

  it('says that there is nothing to watch', () => {
    assert.deepEqual(probeStatus([], STREAM.status, say), { fill: 'grey', shape: 'ring', text: 'idle' })
  })
})
