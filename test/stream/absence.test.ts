import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Limiter } from '../../src/observation/limiter.ts'
import type { Ending, PacketSource, SourceListener } from '../../src/stream/packet-source.ts'
import { StreamProbe } from '../../src/stream/stream-probe.ts'
import { packet } from './generate-packets.ts'

/** A probe in made time, of a stream that a source of ours reads. `run`: time passes; `sleep`: without this process. */
async function watchAsleep(test: TestContext) {
  test.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const at = { monotonic: 1000, wall: 5e12 }
  const clock = { monotonic: () => at.monotonic, wall: () => at.wall }
  const opened: { listener: SourceListener; end: (ending: Ending) => void }[] = []
  const source: PacketSource = {
    showsWithin: 20,
    open: (_address, listener, signal) =>
      new Promise((end) => {
        opened.push({ listener, end })
        signal.addEventListener('abort', () => end({ end: 'killed', message: 'ours' }), { once: true })
      }),
    inspect: async () => 'failed',
    ownFault: () => null,
    suspect() {},
  }
  const probe = new StreamProbe(
    {
      url: 'srt://127.0.0.1:9',
      checks: 'packets',
      media: 'video',
      stallAfter: null,
      verifyTls: true,
      stillPicture: 'allowed',
      reader: 'auto',
    },
    {
      clock,
      sources: { choose: async () => source, inspect: () => Promise.reject(new Error()), ready: async () => {} },
      expand: (template) => template,
      onSecretChanged: () => () => {},
      redact: (text) => text,
      inspections: new Limiter(1),
    },
  )
  const said = () => {
    const reading = probe.read()
    if (reading.outcome === 'present') return 'present'
    return `${reading.outcome} ${reading.outcome === 'absent' ? reading.reason : reading.code}`
  }
  const sleep = (seconds: number) => {
    at.monotonic += seconds
    at.wall += seconds * 1000
  }
  let dts = 0
  const run = async (seconds: number, media: boolean) => {
    for (let left = Math.round(seconds * 50); left > 0; left--) {
      sleep(0.02)
      dts += 0.02
      if (media) opened.at(-1)?.listener.packet(packet({ media: 'video', dts }), at.monotonic)
      test.mock.timers.tick(20)
      await turn()
    }
  }
  /** The pause between two sessions is made of real time. */
  const again = async (sessions: number) => {
    const began = performance.now()
    while (opened.length < sessions) {
      if (performance.now() - began > 10_000) throw new Error(`${opened.length} sessions`)
      await turn()
    }
  }
  probe.start({ changed() {}, happened() {} })
  test.after(() => probe.stop())
  await run(1, false)
  await run(3, true)
  assert.equal(said(), 'present')
  return { run, said, sleep, opened, again, end: (ending: Ending) => opened.at(-1)?.end(ending) }
}

const ENDED = { end: 'ended', message: 'the server ended the stream' } as const

describe('a monitor that did not run for a while', () => {
  it('does not take the end of its connection after that for the end of the stream', async (test) => {
    const { run, said, sleep, end, again } = await watchAsleep(test)
    sleep(40)
    assert.equal(said(), 'unknown loop-late')
    end(ENDED)
    await run(0.1, false)
    assert.equal(said(), 'unknown connecting')
    await again(2)
    await run(2, true)
    assert.equal(said(), 'present')
  })

  it('nor an end that comes seconds later, nor the silence until then', async (test) => {
    const { run, said, sleep, end, opened } = await watchAsleep(test)
    sleep(40)
    await run(1.5, false)
    assert.equal(said(), 'unknown loop-late')
    await run(4, false)
    assert.equal(said(), 'unknown connecting')
    assert.equal(opened.length, 2, 'it connects again by itself')
    end(ENDED)
    await run(0.1, false)
    assert.equal(said(), 'unknown connecting')
  })

  it('nor an end after what waited in the buffers', async (test) => {
    const { run, said, sleep, end } = await watchAsleep(test)
    sleep(40)
    await run(1, true)
    assert.equal(said(), 'present')
    end(ENDED)
    await run(0.1, false)
    assert.equal(said(), 'unknown connecting')
  })

  it('goes on where the connection has outlived it', async (test) => {
    const { run, said, sleep, opened } = await watchAsleep(test)
    sleep(40)
    await run(1, true)
    assert.deepEqual([said(), opened.length], ['present', 1])
  })

  it('believes an end after it has seen media again, and an end without an absence', async (test) => {
    const { run, said, sleep, end } = await watchAsleep(test)
    sleep(40)
    await run(9, true)
    end(ENDED)
    await run(0.1, false)
    assert.equal(said(), 'absent ended')
  })

  it('believes a server that then refuses, and a stream that stays away', async (test) => {
    const { run, said, sleep, end, again } = await watchAsleep(test)
    sleep(40)
    end(ENDED)
    await again(2)
    end({ end: 'not-found', message: 'nobody publishes' })
    await run(0.1, false)
    assert.equal(said(), 'absent not-found')
  })

  it('says that nobody publishes where the next session shows nothing', async (test) => {
    const { run, said, sleep, end, again } = await watchAsleep(test)
    sleep(40)
    end(ENDED)
    await again(2)
    await run(19, false)
    assert.equal(said(), 'unknown connecting')
    await run(3, false)
    assert.equal(said(), 'absent timeout')
  })
})
