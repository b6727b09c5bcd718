import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { ProgramExit } from '../../src/ffmpeg/running-program.ts'
import { ContentFeed, type FeedOptions } from '../../src/readers/content-feed.ts'
import type { RtmpMedia } from '../../src/rtmp/reader.ts'
import { ContentMeter } from '../../src/stream/content/meter.ts'
import { until } from '../fixtures/wait.ts'

const EXIT: ProgramExit = { code: 1, signal: null, startError: null, memoryOver: null, stderr: '' }
const KEYFRAME = 2000

/** A program that keeps what it reads. */
interface Judge {
  bytes: Buffer
  container: string
  tracks: number
  isStopped: boolean
  die(): void
}

/** Feeds of the test that runs. */
const open: ContentFeed[] = []

/** A feed on a clock that the test turns, and the programs that it starts. */
class Stage {
  readonly feed: ContentFeed
  readonly judges: Judge[] = []
  at = 100
  #time = 5000

  constructor(options: Partial<FeedOptions> & { pictures?: 'keyframes' | 'all'; reads?: boolean } = {}) {
    const { pictures = 'keyframes', reads = true, ...given } = options
    const meter = new ContentMeter({ pictures, stallAfter: 2 })
    this.feed = new ContentFeed({
      ...{ media: 'both', meter, looks: null, clock: { monotonic: () => this.at } as FeedOptions['clock'] },
      start: async (stdin, container, tracks) => {
        let end: (exit: ProgramExit) => void = () => {}
        const ended = new Promise<ProgramExit>((resolve) => {
          end = resolve
        })
        const judge: Judge = { bytes: Buffer.alloc(0), container, tracks, isStopped: false, die: () => end(EXIT) }
        if (reads) {
          stdin.on('data', (chunk: Buffer) => {
            judge.bytes = Buffer.concat([judge.bytes, chunk])
          })
        }
        this.judges.push(judge)
        const stop = async () => {
          judge.isStopped = true
          end(EXIT)
        }
        return { pid: 1, ended, stop }
      },
      ...given,
    })
    this.feed.open()
    open.push(this.feed)
  }

  give(kind: 'video' | 'audio', more: Partial<RtmpMedia> = {}): void {
    const first = kind === 'video' ? (more.keyframe ? 0x17 : 0x27) : 0xaf
    const size = more.keyframe ? KEYFRAME : 100
    const payload = Buffer.alloc(size, 1)
    payload[0] = first
    const message: RtmpMedia = {
      ...{ kind, packet: 'frame', codec: kind === 'video' ? 'h264' : 'aac', keyframe: kind === 'audio' },
      ...{ compositionTime: 0, trackId: 0, time: this.#time, size, payload, head: payload },
      ...more,
    }
    const isKept = message.packet !== 'frame' || this.feed.wants(kind, message.keyframe)
    this.feed.add(isKept ? message : { ...message, payload: null }, this.at)
  }

  headers(): void {
    this.give('video', { packet: 'sequence-header' })
    this.give('audio', { packet: 'sequence-header' })
  }

  /** Seconds of a stream with a key frame in each second one. */
  async play(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      for (let frame = 0; frame < 10; frame++) {
        this.give('video', { keyframe: frame === 0 && second % 2 === 0 })
        this.give('audio')
        this.at += 0.1
        this.#time += 100
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Kind, size and time of each tag. */
function tagsIn(flv: Buffer) {
  const tags: string[] = []
  for (let at = 13; at + 11 <= flv.length; ) {
    const size = flv.readUIntBE(at + 1, 3)
    tags.push(`${flv[at] === 9 ? 'video' : 'audio'} ${size} ${flv.readUIntBE(at + 4, 3)}`)
    at += size + 15
  }
  return tags
}

describe('the content of a stream that is read here', () => {
  afterEach(async () => {
    await Promise.all(open.splice(0).map((feed) => feed.close()))
  })

  it('is judged by one program, which gets parameters, key frames and sound', async () => {
    const stage = new Stage()
    stage.headers()
    await stage.play(5)
    const [judge, ...more] = stage.judges
    assert.ok(judge && more.length === 0)
    await until(
      () => tagsIn(judge.bytes).length >= 55,
      5,
      () => tagsIn(judge.bytes).join(),
    )
    const tags = tagsIn(judge.bytes)
    assert.equal(judge.bytes.toString('latin1', 0, 3), 'FLV')
    assert.deepEqual(tags.slice(0, 4), ['video 100 5000', 'audio 100 5000', 'video 2000 5000', 'audio 100 5000'])
    assert.equal(tags.filter((tag) => tag.startsWith('video 2000')).length, 3)
    assert.equal(tags.filter((tag) => tag.startsWith('video 100')).length, 1, 'the parameters, and no other picture')
    await stage.feed.close()
    assert.equal(judge.isStopped, true)
  })

  it('is judged by all pictures from a key frame on, where it is to be', async () => {
    const stage = new Stage({ pictures: 'all' })
    stage.headers()
    for (let frame = 0; frame < 5; frame++) stage.give('video')
    assert.equal(stage.judges.length, 0)
    await stage.play(1)
    const [judge] = stage.judges
    assert.ok(judge)
    await until(
      () => tagsIn(judge.bytes).length >= 22,
      5,
      () => tagsIn(judge.bytes).join(),
    )
    assert.equal(tagsIn(judge.bytes)[2], 'video 2000 5000')
  })

  it('is judged of the one medium that there is', async () => {
    const stage = new Stage()
    stage.give('audio', { packet: 'sequence-header' })
    for (let frame = 0; frame < 30; frame++) {
      stage.give('audio')
      stage.at += 0.1
    }
    assert.equal(stage.judges[0]?.tracks, 1)
  })

  it('is judged anew with a second medium that comes late', async () => {
    const stage = new Stage()
    stage.give('audio', { packet: 'sequence-header' })
    for (let frame = 0; frame < 30; frame++) {
      stage.give('audio')
      stage.at += 0.1
    }
    await until(() => stage.judges.length > 0, 1, 'it begins')
    stage.headers()
    await stage.play(2)
    assert.deepEqual(
      stage.judges.map(({ tracks, isStopped }) => [tracks, isStopped]),
      [
        [1, true],
        [2, false],
      ],
    )
  })

  it('is not waited for: a program that takes nothing is replaced, and little is kept', async () => {
    const stage = new Stage({ reads: false })
    stage.headers()
    await stage.play(8)
    assert.deepEqual(
      stage.judges.map(({ isStopped }) => isStopped),
      [false],
    )
    await stage.play(8)
    assert.deepEqual(
      stage.judges.map(({ isStopped }) => isStopped),
      [true, false],
    )
    await stage.play(104)
    assert.ok(stage.judges.length >= 4 && stage.judges.length <= 8, `${stage.judges.length} in two minutes`)
  })

  it('is judged again after a program that dies, more and more rarely', async () => {
    const stage = new Stage()
    stage.headers()
    const begun: number[] = []
    for (let second = 0; second < 200; second++) {
      await stage.play(1)
      if (stage.judges.length > begun.length) begun.push(second)
      stage.judges.at(-1)?.die()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const pauses = begun.slice(1).map((second, at) => second - (begun[at] ?? 0))
    assert.ok(pauses.length >= 6 && pauses.length <= 9, pauses.join())
    assert.ok((pauses[0] ?? 99) <= 2 && (pauses.at(-1) ?? 0) >= 55, pauses.join())
  })

  it('is judged from Matroska where FLV would be taken for something else', async () => {
    const stage = new Stage()
    const give = (packet: 'sequence-header' | 'frame', fill: number) => {
      const payload = Buffer.from([0x90, 0x68, 0x76, 0x63, 0x31, fill, fill])
      const more = { packet, codec: 'hevc', keyframe: true, payload, head: payload.subarray(5) }
      stage.give('video', more)
    }
    give('sequence-header', 1)
    stage.give('audio', { packet: 'sequence-header' })
    give('frame', 9)
    const [judge] = stage.judges
    assert.ok(judge)
    assert.deepEqual([judge.container, judge.tracks], ['matroska', 2])
    await until(() => judge.bytes.includes(Buffer.from([9, 9])), 5, 'the key frame')
    assert.ok(judge.bytes.includes('V_MPEGH/ISO/HEVC') && judge.bytes.includes('A_AAC'))
    give('sequence-header', 1)
    assert.equal(judge.isStopped, false, 'the same parameters')
    give('sequence-header', 2)
    await until(() => judge.isStopped, 1, 'it ends')
    give('frame', 8)
    await until(() => stage.judges.length === 2, 1, 'another begins at once')
  })

  it('is judged of what is left where no container has the other codec', async () => {
    const stage = new Stage()
    const payload = Buffer.from([0x90, 0x76, 0x76, 0x63, 0x31, 1])
    stage.give('video', { packet: 'sequence-header', codec: 'vvc', payload, head: payload.subarray(5) })
    stage.give('audio', { packet: 'sequence-header' })
    stage.give('video', { codec: 'vvc', keyframe: true, payload, head: payload.subarray(5) })
    const [judge] = stage.judges
    assert.deepEqual([judge?.container, judge?.tracks], ['matroska', 1])
  })

  it('is judged of one medium while the other has no parameters, and of both when they come', async () => {
    const stage = new Stage()
    stage.give('video', { packet: 'sequence-header' })
    await stage.play(2)
    stage.give('audio', { packet: 'sequence-header' })
    await stage.play(2)
    assert.deepEqual(
      stage.judges.map(({ tracks, isStopped }) => [tracks, isStopped]),
      [
        [1, true],
        [2, false],
      ],
    )
  })

  it('is looked at now and then, beginning with the newest key frame', async () => {
    const looks = { isFaulty: () => false, times: { ...FAST, first: 0.3, firstAtMost: 0.3 } }
    const stage = new Stage({ looks })
    stage.headers()
    await stage.play(3)
    assert.equal(stage.judges.length, 0)
    await until(
      () => {
        stage.give('audio')
        return stage.judges.length > 0
      },
      5,
      'a look begins',
    )
    const [judge] = stage.judges
    assert.ok(judge)
    await until(() => tagsIn(judge.bytes).length > 3, 5, 'it gets something')
    assert.deepEqual(tagsIn(judge.bytes).slice(0, 3), ['video 100 5000', 'audio 100 5000', 'video 2000 7000'])
    await until(() => judge.isStopped, 5, 'the look ends')
    await stage.play(3)
    assert.equal(stage.judges.length, 1)
  })
})

const FAST = {
  ...{ every: 60, first: 0, firstAtMost: 0, atLeast: 1, keyframeIntervals: 0, atMost: 1 },
  ...{ whileFaulty: 60, apart: 60, patience: 1, retry: 1 },
}
