import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generate, isClose, NO_FAULTS as NONE, run, type Source } from './generate-packets.ts'

const twenty: Source = { seconds: 20, dts: 1000 }

describe('a publisher restart', () => {
  it('is a DTS back at about 0 with new codec parameters: one, though both tracks show it', () => {
    const { faults, restarts, shown, now } = run(twenty, { seconds: 1.5, at: 21, extradata: true })
    assert.deepEqual([faults, restarts, shown], [NONE, 1, ['restart']])
    assert.equal(now.warmingUp, false)
    assert.equal(now.last10s.framesPerSecond, null)
    assert.equal(now.keyframeInterval, null)
    assert.equal(now.driftDeviation, null)
  })

  it('is a DTS back at about 0 without new codec parameters', () => {
    const { faults, restarts, shown } = run(twenty, { seconds: 5, dts: 1.4, at: 20 })
    assert.deepEqual([faults, restarts, shown], [NONE, 1, ['restart']])
  })

  it('is seen where libavformat takes the fall to 0 for a wrap of the clock', () => {
    for (const extradata of [true, false]) {
      const { faults, restarts } = run(
        { seconds: 20, dts: 3600 },
        { seconds: 5, dts: 2 ** 32 / 1000, at: 20.1, extradata },
      )
      assert.deepEqual([faults, restarts], [NONE, 1])
    }
  })

  it('is seen where the server lets the time stamps go on, by the pause and the new codec parameters', () => {
    const { faults, restarts, shown } = run(twenty, { seconds: 5, dts: 1019.98, at: 20.5, extradata: true })
    assert.deepEqual([faults, restarts, shown], [NONE, 1, ['restart']])
  })

  it('is seen there by its audio, when its video falls into the step of the one before', () => {
    const { faults, restarts, shown } = run(twenty, { seconds: 5, dts: 1020, at: 20.5, extradata: true })
    assert.deepEqual([faults, restarts, shown], [NONE, 1, ['header', 'restart']])
  })

  it('is seen there after a longer pause, whatever the step', () => {
    assert.equal(
      run({ ...twenty, audioRate: null }, { seconds: 5, audioRate: null, dts: 1020, at: 21, extradata: true }).restarts,
      1,
    )
  })

  it('is seen there too when the track that comes first has no header', () => {
    const arrivals = generate({ seconds: 5, dts: 1019.98, at: 20.5 })
    const of = (media: string) => arrivals.filter(({ packet }) => packet.media === media)
    const audioFirst = of('audio').slice(0, 3)
    const header = of('video').map((arrival, i) =>
      i === 0 ? { at: 20.6, packet: { ...arrival.packet, newExtradata: true } } : { ...arrival, at: arrival.at + 0.1 },
    )
    const { restarts } = run(twenty, audioFirst, header)
    assert.equal(restarts, 1)
  })

  it('is seen where the new publisher has any other clock', () => {
    assert.equal(run(twenty, { seconds: 5, dts: 500, at: 20, extradata: true }).restarts, 1)
    assert.equal(run(twenty, { seconds: 5, dts: 5000, at: 20, extradata: true }).restarts, 1)
  })

  it('is a DTS that goes back after a stall, where no header tells', () => {
    const { faults, restarts } = run(twenty, { seconds: 5, dts: 500, at: 25 })
    assert.deepEqual([faults, restarts], [NONE, 1])
  })

  it('resets the baselines: measurements begin anew and are as good as before', () => {
    const { now } = run(twenty, { seconds: 30, fps: 25, gop: 4, audioRate: null, at: 22, extradata: true })
    assert.ok(isClose(now.last10s.framesPerSecond, 25))
    assert.equal(now.keyframeInterval, 4)
    assert.ok((now.drift ?? 9) < 0.01)
    assert.deepEqual(now.tracks, { video: true, audio: false })
  })

  it('is not the first header of a session, nor one that comes with the first key frame', () => {
    const late = generate(twenty).map((arrival, i) =>
      i === 3 ? { ...arrival, packet: { ...arrival.packet, newExtradata: true } } : arrival,
    )
    assert.equal(run({ ...twenty, extradata: true }).restarts, 0)
    assert.equal(run(late).restarts, 0)
  })

  it('is not an encoder that sends its header with every key frame: that is told once', () => {
    const repeating = generate({ seconds: 120 }).map((arrival) =>
      arrival.packet.keyframe && arrival.packet.media === 'video'
        ? { ...arrival, packet: { ...arrival.packet, newExtradata: true } }
        : arrival,
    )
    const { restarts, faults, shown, now } = run(repeating)
    assert.deepEqual([restarts, faults, shown], [0, NONE, ['header']])
    assert.ok(isClose(now.last10s.framesPerSecond, 30))
  })

  it('is not such an encoder whose key frames take half a second to arrive', () => {
    const slow = (stamp: (t: number) => number) =>
      generate({ seconds: 60, stamp, audioRate: null }).map(({ at, packet: made }) => {
        const late = at % 2 < 0.5 ? at - (at % 2) + 0.5 : at
        return { at: late, packet: { ...made, newExtradata: made.keyframe && at > 10 } }
      })
    const constant = run(slow((t) => t))
    assert.deepEqual([constant.restarts, constant.shown, constant.faults], [0, ['header'], NONE])
    // Of a variable frame rate, the first such key frame may be taken for a restart when no header came before it.
    const variable = generate({ seconds: 4 }).map(({ at, packet: made }) => ({
      at,
      packet: { ...made, newExtradata: made.keyframe && made.media === 'video' && at > 1 },
    }))
    const later = slow((t) => 4 + t + 0.01 * Math.sin(t * 50)).map(({ at, packet: made }) => ({
      at: at + 4,
      packet: made,
    }))
    assert.equal(run(variable, later).restarts, 0)
  })

  it('is not a header that comes once in mid-stream, which is told so that the parameters can be read again', () => {
    const arrivals = generate({ seconds: 200 }).map((arrival) =>
      [50, 150].includes(arrival.at) ? { ...arrival, packet: { ...arrival.packet, newExtradata: true } } : arrival,
    )
    const { restarts, shown } = run(arrivals)
    assert.deepEqual([restarts, shown], [0, ['header', 'header']])
  })
})
