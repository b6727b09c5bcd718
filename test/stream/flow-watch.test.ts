import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { FlowWatch } from '../../src/stream/flow-watch.ts'

/** A flow watch in made time: `pass` moves the clock and fires the timers. */
function watchFlow(lateness = () => 0, resumed = () => Number.NEGATIVE_INFINITY, patience = () => 0) {
  let now = 100
  const said: [boolean, number][] = []
  const wakings: number[] = []
  const clock = { wall: () => now * 1000, monotonic: () => now }
  const flow = new FlowWatch({
    clock,
    stallAfter: 2,
    confirmAfter: 0.7,
    lateness,
    resumed,
    patience,
    wakeBy: (at) => wakings.push(at),
    changed: (flowing) => said.push([flowing, Math.round((now - 100) * 1000) / 1000]),
  })
  const pass = (seconds: number) => {
    for (let left = Math.round(seconds * 1000); left > 0; left--) {
      now += 0.001
      mock.timers.tick(1)
    }
  }
  /** Packets every 20 ms for so long. */
  const send = (media: 'video' | 'audio' | 'other', seconds: number) => {
    for (let left = Math.round(seconds * 50); left > 0; left--) {
      flow.arrived(media, now)
      pass(0.02)
    }
  }
  return { flow, said, wakings, pass, send, now: () => now }
}

describe('the flow of media', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('is believed when it has gone on for 0.7 s', () => {
    const { said, send } = watchFlow()
    send('video', 1)
    assert.deepEqual(said, [[true, 0.7]])
  })

  it('is not believed by what comes at once and is all', () => {
    const { said, send, pass, flow } = watchFlow()
    send('video', 0.4)
    pass(20)
    assert.equal(said.length, 0)
    assert.equal(flow.flowing, false)
  })

  it('is believed at once where its server was waited for: what it kept would have come when it was asked', () => {
    const { flow, said, send, pass, now } = watchFlow()
    flow.playRequest(now())
    pass(1.6)
    send('video', 1)
    assert.deepEqual(said, [[true, 1.6]])
  })

  it('is not believed at once where it comes soon after its server was asked, or the next server was not waited for', () => {
    const { flow, said, send, pass, now } = watchFlow()
    flow.playRequest(now())
    pass(1.4)
    send('video', 0.5)
    assert.deepEqual(said, [])
    pass(10)
    flow.reset()
    send('video', 0.5)
    assert.deepEqual(said, [])
  })

  it('stalls exactly when nothing came for the stall time, and goes on with the next packet', () => {
    const { said, send, pass } = watchFlow()
    send('video', 10)
    pass(5)
    send('video', 1)
    const last = 10 - 0.02
    assert.deepEqual(said.slice(0, 1), [[true, 0.7]])
    assert.equal(said[1]?.[0], false)
    assert.ok(Math.abs((said[1]?.[1] ?? 0) - (last + 2)) < 0.01, `at ${said[1]?.[1]}`)
    assert.deepEqual(said[2], [true, 15])
  })

  it('stalls although a look at it throws', () => {
    let isBroken = false
    const { said, send, pass } = watchFlow(() => {
      if (isBroken) throw new Error('broken')
      return 0
    })
    send('video', 3)
    isBroken = true
    pass(3)
    assert.deepEqual(said, [[true, 0.7]])
    isBroken = false
    pass(2)
    assert.equal(said[1]?.[0], false)
  })

  it('stalls when video stops though audio goes on, but not when audio stops', () => {
    const { said, send, flow, pass, now } = watchFlow()
    send('audio', 0.02)
    send('video', 3)
    assert.equal(flow.flowing, true)
    send('audio', 3)
    assert.deepEqual(
      said.map(([flowing]) => flowing),
      [true, false],
    )
    flow.arrived('video', now())
    pass(0.01)
    assert.equal(flow.flowing, true)
  })

  it('is that of the audio of a publisher that has no video', () => {
    const { said, send, flow } = watchFlow()
    send('video', 3)
    flow.publisherBegan()
    send('audio', 6)
    assert.deepEqual(
      said.map(([flowing]) => flowing),
      [true],
    )
  })

  it('is not made by data', () => {
    const { said, send } = watchFlow()
    send('other', 5)
    assert.equal(said.length, 0)
  })

  it('has to be shown again by each session', () => {
    const { said, send, flow, pass } = watchFlow()
    send('video', 2)
    flow.reset()
    assert.equal(flow.flowing, false)
    pass(5)
    send('video', 2)
    assert.deepEqual(said, [
      [true, 0.7],
      [true, 7.7],
    ])
  })

  it('has not stalled as long as this process was late itself', () => {
    let late = 0
    const { said, send, pass } = watchFlow(() => late)
    send('video', 2)
    late = 3
    pass(3)
    assert.deepEqual(
      said.map(([flowing]) => flowing),
      [true],
    )
    late = 0
    pass(0.5)
    assert.deepEqual(
      said.map(([flowing]) => flowing),
      [true, false],
    )
  })

  it('stalls by a shorter time as soon as that is known, also while media is missing', () => {
    const { said, send, flow, pass } = watchFlow()
    flow.setTimes({ stallAfter: 18, confirmAfter: 6 })
    send('video', 7)
    pass(3)
    flow.setTimes({ stallAfter: 6, confirmAfter: 2 })
    pass(4)
    assert.deepEqual(said.at(-1), [false, Math.round((7 - 0.02 + 6) * 1000 + 1) / 1000])
  })

  it('has other times for another protocol', () => {
    const { said, send, flow, pass } = watchFlow()
    flow.setTimes({ stallAfter: 18, confirmAfter: 6 })
    send('video', 5)
    assert.equal(said.length, 0)
    send('video', 2)
    pass(17)
    assert.deepEqual(
      said.map(([flowing]) => flowing),
      [true],
    )
    pass(2)
    assert.deepEqual(
      said.map(([flowing]) => flowing),
      [true, false],
    )
  })

  it('counts silence from when this process ran again, so that what waited elsewhere can come', () => {
    let resumed = Number.NEGATIVE_INFINITY
    const { said, send, pass, now } = watchFlow(
      () => 0,
      () => resumed,
    )
    send('video', 2)
    pass(1)
    resumed = now()
    pass(1.9)
    assert.equal(said.length, 1)
    pass(0.2)
    assert.deepEqual(said[1]?.[0], false)
  })

  it('asks to be woken in time where media is missing, and not while it comes', () => {
    const { said, wakings, send, pass, now } = watchFlow()
    send('video', 9)
    assert.deepEqual(wakings, [])
    const stalled = now() - 0.02 + 2
    pass(1.9)
    assert.deepEqual(said.length, 1)
    assert.ok(
      wakings.length > 0 && wakings.every((at) => at > stalled && at < stalled + 0.005),
      `${wakings}, ${stalled}`,
    )
    pass(0.2)
    assert.deepEqual(said[1]?.[0], false)
  })

  it('waits for video as long as its own rhythm is, and no longer', () => {
    const { said, flow, pass, now } = watchFlow(
      () => 0,
      () => Number.NEGATIVE_INFINITY,
      () => 6,
    )
    for (let left = 500; left > 0; left--) {
      if (left % 100 === 0) flow.arrived('video', now())
      flow.arrived('audio', now())
      pass(0.02)
    }
    assert.deepEqual(said.length, 1)
    pass(4.1)
    assert.deepEqual(said[1]?.[0], false)
  })
})
