import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ChangingProgram } from '../../src/ffmpeg/changing-program.ts'
import type { PacketReader, ReaderRun } from '../../src/ffmpeg/packet-reader.ts'
import type { ProgramExit } from '../../src/ffmpeg/running-program.ts'
import type { Packet } from '../../src/stream/packet.ts'

const EXIT: ProgramExit = { code: 0, signal: null, startError: null, memoryOver: null, stderr: '' }
const PROGRAM = {
  path: '/x',
  version: '1',
  libavformat: 59,
  protocols: new Set<string>(),
  resolvesNames: true,
  readsLists: true,
}

/** A reader that prints what the test says. */
class FakeReader implements PacketReader {
  readonly name: 'ffprobe' | 'ffmpeg'
  runs: { run: ReaderRun; end(exit: ProgramExit): void; stopped: boolean }[] = []
  constructor(name: 'ffprobe' | 'ffmpeg') {
    this.name = name
  }

  program = async () => PROGRAM

  async start(run: ReaderRun) {
    let end: (exit: ProgramExit) => void = () => {}
    const ended = new Promise<ProgramExit>((resolve) => {
      end = resolve
    })
    const entry = { run, end, stopped: false }
    this.runs.push(entry)
    const stop = async () => {
      entry.stopped = true
      end(EXIT)
      await ended
    }
    return { pid: this.runs.length, ended, stop }
  }

  get newest() {
    const entry = this.runs.at(-1)
    assert.ok(entry, `${this.name} runs`)
    return entry
  }
}

const frame = (number: number): Packet => ({
  ...{ media: 'video', index: 0, pts: null, keyframe: false, newExtradata: false },
  dts: number / 25,
  size: 100 + ((number * 7919) % 997),
})

async function stage() {
  const [packets, content] = [new FakeReader('ffprobe'), new FakeReader('ffmpeg')]
  const got: number[] = []
  let released = 0
  const input = { args: [], url: 'x', env: {} }
  const source = await ChangingProgram.start(
    {
      ...{ program: PROGRAM, ...input },
      packet: ({ dts }) => got.push(Math.round((dts ?? Number.NaN) * 25)),
      broken() {},
      inputFor: async () => ({ ...input, release: () => released++ }),
    },
    packets,
  )
  const feed = (reader: FakeReader, from: number, to: number) => {
    for (let number = from; number < to; number++) reader.newest.run.packet(frame(number))
  }
  return { packets, content, got, source, feed, released: () => released }
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
const numbers = (to: number) => Array.from({ length: to }, (_, number) => number)

describe('a session that changes over', () => {
  it('hands on every packet once, and ends the program that it leaves', async () => {
    const { packets, content, got, source, feed, released } = await stage()
    feed(packets, 0, 100)
    const changed = source.changeTo(content, 5)
    await until(() => content.runs.length === 1)
    feed(packets, 100, 120)
    feed(content, 90, 125)
    feed(packets, 120, 130)
    feed(content, 125, 140)
    assert.equal(await changed, true)
    assert.deepEqual(got, numbers(140))
    assert.deepEqual([packets.newest.stopped, content.newest.stopped, source.reader.name], [true, false, 'ffmpeg'])
    const back = source.changeTo(packets, 5)
    await until(() => packets.runs.length === 2)
    feed(content, 140, 150)
    feed(packets, 130, 151)
    assert.equal(await back, true)
    feed(packets, 151, 160)
    assert.deepEqual(got, numbers(160))
    await source.stop()
    assert.equal(released(), 2)
  })

  it('goes on as before where the other program ends, or does not catch up', async () => {
    const { packets, content, got, source, feed } = await stage()
    feed(packets, 0, 50)
    const first = source.changeTo(content, 5)
    await until(() => content.runs.length === 1)
    content.newest.end({ ...EXIT, code: 1 })
    assert.equal(await first, false)
    assert.equal(await source.changeTo(content, 0.05), false)
    assert.equal(content.newest.stopped, true)
    feed(packets, 50, 60)
    assert.deepEqual(got, numbers(60))
    assert.equal(source.reader.name, 'ffprobe')
  })

  it('is over when the program that reads ends, and takes the other one along', async () => {
    const { packets, content, source } = await stage()
    const changed = source.changeTo(content, 5)
    await until(() => content.runs.length === 1)
    packets.newest.end({ ...EXIT, code: 7 })
    assert.equal((await source.ended).code, 7)
    assert.equal(content.newest.stopped, true)
    assert.equal(await changed, false)
    assert.equal(await source.changeTo(content, 5), false)
  })

  it('stops both programs in the middle of a change', async () => {
    const { packets, content, source } = await stage()
    const changed = source.changeTo(content, 5)
    await until(() => content.runs.length === 1)
    await source.stop()
    assert.deepEqual([packets.newest.stopped, content.newest.stopped, await changed], [true, true, false])
  })

  it('goes on where the other program cannot be had', async () => {
    const { packets, content, source, got, feed } = await stage()
    content.program = () => Promise.reject(new Error('there is none'))
    assert.equal(await source.changeTo(content, 5), false)
    feed(packets, 0, 3)
    assert.deepEqual(got, numbers(3))
  })
})
