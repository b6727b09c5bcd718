import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../src/observation/clock.ts'
import { readRtmpAddress } from '../../src/rtmp/address.ts'
import { writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { readRtmp } from '../../src/rtmp/reader.ts'
import { Doze } from '../../src/threads/doze.ts'
import { type Client, startScriptedRtmp } from '../fixtures/servers/scripted-rtmp.ts'
import { until } from '../fixtures/wait.ts'

/** Turns of the event loop within so many milliseconds. */
function turnsWithin(milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds
  return new Promise((resolve) => {
    let turns = 0
    const turn = () => {
      turns++
      if (performance.now() < until) setImmediate(turn)
      else resolve(turns)
    }
    turn()
  })
}

/** What a thread does in the place of sleeping; milliseconds. */
function sleepsInstead(t: TestContext, instead: (longest: number) => void): void {
  t.mock.method(Atomics, 'wait', (_cell: Int32Array, _index: number, _value: number, longest: number) => {
    instead(longest)
    return 'timed-out'
  })
}

const frame = writeMessage({ type: 9, time: 20, payload: Buffer.from([0x17, 1, 0, 0, 0, 1, 2, 3]) })

describe('a thread that dozes', () => {
  it('looks at its sockets twenty times a second, and as often as it can again when it has ended', async () => {
    const doze = new Doze(() => {})
    doze.begin()
    doze.begin()
    const dozing = await turnsWithin(500)
    doze.end()
    assert.ok(dozing <= 15, `${dozing} turns in 0.5 s`)
    const awake = await turnsWithin(500)
    assert.ok(awake > 2 * dozing, `${awake} turns in 0.5 s`)
  })
  it('says what is known before it sleeps, and not after it', async (t) => {
    let isKnown = false
    const order: string[] = []
    const doze = new Doze(() => order.push(isKnown ? 'said' : 'nothing to say'))
    await new Promise<void>((resolve) => {
      sleepsInstead(t, () => {
        if (isKnown) order.push('slept')
        if (order.includes('slept')) resolve()
      })
      doze.begin()
      setTimeout(() => {
        isKnown = true
        order.length = 0
      }, 5)
    })
    doze.end()
    assert.deepEqual(order, ['said', 'slept'])
  })

  it('sleeps no longer than until the next moment at which something is to be looked at', async (t) => {
    const first = systemClock.monotonic()
    const last = first + 0.4
    const doze = new Doze(() => {})
    for (let due = first; due <= last; due += 0.02) doze.wakeBy(due)
    const inBetween: number[] = []
    const afterwards = await new Promise<number>((resolve) => {
      sleepsInstead(t, (longest) => {
        if (systemClock.monotonic() < last - 0.02) inBetween.push(longest)
        else if (longest === 50) resolve(longest)
      })
      doze.begin()
    })
    doze.end()
    assert.ok(inBetween.length > 0)
    assert.deepEqual(
      inBetween.filter((longest) => !(longest > 0 && longest < 21)),
      [],
    )
    assert.equal(afterwards, 50)
  })

  it('hears the end of a connection in the turn in which it comes', async (t) => {
    let playing: Client | undefined
    const server = await startScriptedRtmp((client, [command]) => {
      if (command !== 'play') return false
      playing = client
      client.send(frame)
      return true
    })
    const address = readRtmpAddress(`rtmp://127.0.0.1:${server.port}/live/key`)
    assert.ok(address)
    let isPlaying = false
    const listener = { media: () => (isPlaying = true) }
    const ended = readRtmp(address, listener, new AbortController().signal, { clock: systemClock, verifyTls: true })
    await until(() => isPlaying, 10, 'media comes')
    let turns = 0
    const doze = new Doze(() => turns++)
    sleepsInstead(t, () => {})
    playing?.end()
    doze.begin()
    const ending = await ended
    doze.end()
    await server.stop()
    assert.equal(ending.why, 'closed')
    // There is one until the socket is done with.
    assert.equal(turns, 0)
  })
})
