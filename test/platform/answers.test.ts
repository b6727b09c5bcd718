import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { eventBody, sessionBody, videoBody } from '../../app/demo/vimeo/bodies.ts'
import { PHASES, type PhaseName } from '../../app/demo/vimeo/phases.ts'
import { SimulatedEvent, SRT_PASSPHRASE, STREAM_KEY, STREAM_PASSWORD } from '../../app/demo/vimeo/simulated-event.ts'
import { parseSessionStatus, parseViewers } from '../../src/platform/event-details.ts'
import { isPlainVideo, parseEvent, parseVideo } from '../../src/platform/live-event.ts'

const names = Object.keys(PHASES) as PhaseName[]
const event = (phase: PhaseName) => new SimulatedEvent({ id: 12345, phase, viewers: 3 })
const clip = (status: unknown) => ({ uri: '/live_events/1', streamable_clip: { live: { status } } })
const wrong = (parsed: object) => ('wrong' in parsed ? String(parsed.wrong) : 'it was believed')

describe('an answer about a live event', () => {
  it('is read in every phase, as a recurring event and as a one-time one', () => {
    for (const name of names) {
      const expected = PHASES[name].live ?? 'unavailable'
      for (const parsed of [parseEvent(eventBody(event(name))), parseVideo(videoBody(event(name)))]) {
        assert.ok(!('wrong' in parsed), name)
        assert.equal(parsed.liveState, expected, name)
        assert.equal(parsed.title, 'Sunday service')
        if (PHASES[name].clip) assert.equal(parsed.statsOf, '1012345')
      }
    }
  })

  it('gives away no key, whatever else it holds', () => {
    const whole = JSON.stringify([
      parseEvent(eventBody(event('streaming'))),
      parseVideo(videoBody(event('streaming'))),
      parseSessionStatus(sessionBody(event('streaming'))),
    ])
    for (const secret of [STREAM_KEY, STREAM_PASSWORD, SRT_PASSPHRASE, 'rtmp://', 'rtmps://']) {
      assert.ok(!whole.includes(secret), secret)
    }
  })

  it('is taken from the connections where the clip says nothing', () => {
    const live_video = { status: 'streaming' }
    const parsed = parseEvent({ uri: '/live_events/1', metadata: { connections: { live_video } } })
    assert.ok(!('wrong' in parsed))
    assert.equal(parsed.liveState, 'streaming')
  })

  it('knows both spellings of a failed archive', () => {
    const parsed = parseEvent(clip('archive_error'))
    assert.ok(!('wrong' in parsed))
    assert.equal(parsed.liveState, 'archiving_error')
  })

  it('is not believed with another type, an unknown state or nothing in the place of the state', () => {
    assert.match(wrong(parseEvent(clip(4))), /has number in the place of the live state/)
    assert.match(wrong(parseEvent(clip('on_fire'))), /has the live state "on_fire"/)
    assert.match(wrong(parseEvent({ uri: '/live_events/1' })), /says nothing of the live state/)
    assert.match(wrong(parseEvent({ uri: 'https://evil.example/live_events/1' })), /is no live event/)
    assert.match(wrong(parseVideo({ uri: '/videos/1', live: 'yes' })), /says nothing/)
  })

  it('takes no path from the server, only the number in it', () => {
    const connections = { live_stats: { uri: 'https://evil.example/videos/1/stats/live' } }
    const parsed = parseVideo({ uri: '/videos/1', live: { status: 'streaming' }, metadata: { connections } })
    assert.ok(!('wrong' in parsed))
    assert.equal(parsed.statsOf, null)
  })

  it('tells a video that never was live', () => {
    assert.ok(isPlainVideo({ uri: '/videos/1', live: null }))
    assert.ok(!isPlainVideo({ uri: '/videos/1', live: { status: 'done' } }))
  })

  it('throws at no JSON whatever', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        for (const parse of [parseEvent, parseVideo, parseSessionStatus, parseViewers, isPlainVideo]) parse(body)
        const parts = { uri: '/live_events/1', streamable_clip: body, metadata: body, live: body, ingest: body }
        for (const parse of [parseEvent, parseVideo, parseSessionStatus]) parse(parts)
      }),
      { numRuns: 300 },
    )
  })
})

describe('an answer about the session', () => {
  it('has a state for every code, as text and as number', () => {
    const states = ['none', 'provisioning', 'waiting', 'timed_out', 'receiving', 'ended']
    for (const [code, state] of states.entries()) {
      assert.equal(parseSessionStatus({ ingest: { status: String(code) } })?.ingestState, state)
      assert.equal(parseSessionStatus({ ingest: { status: code } })?.ingestState, state)
    }
    assert.deepEqual(parseSessionStatus({ ingest: { status: null } }), { ingestState: null, session: null })
  })

  it('says when the session began and what is received', () => {
    const { session } = parseSessionStatus(sessionBody(event('streaming'))) ?? {}
    assert.deepEqual([session?.width, session?.height, session?.encoderType], [1920, 1080, 'rtmp'])
    assert.ok(Math.abs(Date.parse(session?.startedAt ?? '') - Date.now()) < 2000)
  })

  it('is not believed with an unknown code or without one', () => {
    for (const ingest of [{ status: 6 }, { status: '4a' }, { status: {} }, {}, null, 'x']) {
      assert.equal(parseSessionStatus({ ingest }), null, JSON.stringify(ingest))
    }
  })
})

describe('an answer about viewers', () => {
  it('may say nothing', () => {
    assert.deepEqual(parseViewers({ viewers: { current: 3, peak: null } }), { viewers: 3, viewersPeak: null })
    assert.deepEqual(parseViewers({ viewers: { current: '3' } }), { viewers: null, viewersPeak: null })
  })
})
