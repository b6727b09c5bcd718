import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { systemClock } from '../../src/observation/clock.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import { Limiter } from '../../src/observation/limiter.ts'
import type { AudioParameters, StreamParameters, VideoParameters } from '../../src/observation/stream.ts'
import type { StreamAddress } from '../../src/secrets/stream-address.ts'
import type { Packet } from '../../src/stream/packet.ts'
import type { Ending, PacketSource, PacketSources, SourceListener } from '../../src/stream/packet-source.ts'
import { StreamSession } from '../../src/stream/session.ts'
import { StreamProbe } from '../../src/stream/stream-probe.ts'
import { until } from '../fixtures/wait.ts'

const URL = 'rtmp://127.0.0.1:1/live/one'
const VIDEO = { codec: 'h264', width: 1280, height: 720 } as VideoParameters
const AUDIO = { codec: 'aac', sampleRate: 48_000 } as AudioParameters
const OVER: Ending = { end: 'ended', message: 'the server ended the stream' }

/** A source that is neither a process nor a connection: it does what the test says. */
class FakeSource implements PacketSource {
  readonly showsWithin = 18
  readonly name: string
  fault: string | null = null
  suspicions = 0
  listener: SourceListener | null = null
  signal: AbortSignal | null = null
  end: (ending: Ending) => void = () => {}

  constructor(name = 'fake') {
    this.name = name
  }

  open(_address: StreamAddress, listener: SourceListener, signal: AbortSignal): Promise<Ending> {
    this.listener = listener
    this.signal = signal
    return new Promise((resolve) => {
      this.end = resolve
      signal.addEventListener('abort', () => resolve({ end: 'crashed', message: 'it was aborted' }), { once: true })
    })
  }

  inspect = async () => 'failed' as const
  ownFault = () => this.fault

  suspect(): void {
    this.suspicions++
  }

  packet(dts: number, changes: Partial<Packet> = {}): void {
    const packet: Packet = { media: 'video', index: 0, pts: dts, dts, size: 5000, keyframe: false, newExtradata: false }
    this.listener?.packet({ ...packet, ...changes }, systemClock.monotonic())
  }
}

/** A session, what it has said, and every source that it has opened. */
function follow(choose: (address: StreamAddress) => PacketSource = () => new FakeSource(), url = URL) {
  const said: string[] = []
  const sources: FakeSource[] = []
  const session = new StreamSession(
    {
      ...{ url, clock: systemClock, expand: (text) => text },
      choose: async (address) => {
        const source = choose(address) as FakeSource
        sources.push(source)
        return source
      },
    },
    {
      begun: ({ protocol }, source) => said.push(`begun ${protocol} ${(source as FakeSource).name}`),
      playRequest: () => said.push('asked'),
      targetDuration: (seconds) => said.push(`segments of ${seconds}`),
      packet: ({ dts }) => said.push(`packet ${dts}`),
      ended: ({ end, message }, _duration, isOurs) => said.push(`${isOurs ? 'restarted' : end}: ${message}`),
      failed: (code) => said.push(`failed ${code}`),
    },
  )
  session.start()
  const opened = async (count: number) => {
    await until(() => sources.length === count && sources.at(-1)?.listener != null, 5, `source ${count} is open`)
    return sources.at(-1) as FakeSource
  }
  return { session, said, opened }
}

describe('a session', () => {
  let session: { stop(): Promise<void> } | null = null
  afterEach(() => session?.stop())

  it('hands on what its source says, and why it ended, and begins again with another source', async () => {
    const followed = follow()
    session = followed.session
    const source = await followed.opened(1)
    source.listener?.playRequest?.(0)
    source.listener?.targetDuration(4)
    source.packet(1)
    source.end(OVER)
    await until(() => followed.said.length === 5, 5, 'it is over')
    assert.deepEqual(followed.said, ['begun rtmp fake', 'asked', 'segments of 4', 'packet 1', `ended: ${OVER.message}`])
    followed.session.restart('the pause is cut short')
    assert.notEqual(await followed.opened(2), source)
  })

  it('is read by the source that is chosen for its address', async () => {
    const choose = ({ protocol }: StreamAddress) => new FakeSource(protocol === 'rtmp' ? 'own' : 'other')
    for (const [url, name] of [
      [URL, 'own'],
      ['srt://127.0.0.1:1', 'other'],
    ] as const) {
      const followed = follow(choose, url)
      session = followed.session
      assert.equal((await followed.opened(1)).name, name)
      await followed.session.stop()
    }
  })

  it('that it ends itself has the reason that it ended for, whatever the source says then', async () => {
    const followed = follow()
    session = followed.session
    const source = await followed.opened(1)
    followed.session.restart('a secret of the address changed')
    await followed.opened(2)
    assert.equal(source.signal?.aborted, true)
    assert.equal(followed.said[1], 'restarted: a secret of the address changed')
  })

  it('begins again where its source has a fault of its own, and only there', async () => {
    const followed = follow()
    session = followed.session
    const source = await followed.opened(1)
    assert.equal(followed.session.restartFaulty(), false)
    source.fault = 'somebody stopped it'
    assert.equal(followed.session.restartFaulty(), true)
    await followed.opened(2)
    assert.equal(followed.said[1], 'restarted: somebody stopped it')
  })

  it('says by its code what nothing can read, and goes on trying', async () => {
    const refusals: Error[] = [new MonitorError('no-ffprobe', 'There is none'), new Error('a fault of our own')]
    const followed = follow(() => {
      const refusal = refusals.shift()
      if (refusal) throw refusal
      return new FakeSource()
    })
    session = followed.session
    await until(() => followed.said.length === 1, 5, 'the first refusal')
    followed.session.restart('')
    await until(() => followed.said.length === 2, 5, 'the second refusal')
    assert.deepEqual(followed.said, ['failed no-ffprobe', 'failed internal'])
    followed.session.restart('')
    await followed.opened(1)
  })

  it('that waits long for media ends where its server is cut off, and only there', async () => {
    // What is sent to everybody has no route for TCP; on port 1 nobody listens, as of a server that takes one reader.
    const cut = follow(() => new FakeSource(), 'rtmp://255.255.255.255/live/one')
    const busy = follow()
    session = { stop: async () => void (await Promise.all([cut.session.stop(), busy.session.stop()])) }
    await Promise.all([cut.opened(1), busy.opened(1)])
    cut.session.waitsLong()
    busy.session.waitsLong()
    await until(() => cut.said.length === 2, 5, 'it has ended')
    assert.match(cut.said[1] ?? '', /^unreachable: /)
    assert.equal(busy.said.length, 1)
  })

  it('is over when its source is, and not before', async () => {
    const followed = follow()
    const source = await followed.opened(1)
    await followed.session.stop()
    assert.equal(source.signal?.aborted, true)
    assert.deepEqual(followed.said, ['begun rtmp fake'])
  })
})

describe('a probe whose source is no program', () => {
  it('knows the stream by its packets, tells the source what is suspect, and why it ended', async () => {
    const source = new FakeSource()
    const sources: PacketSources = {
      choose: async () => source,
      inspect: () => Promise.reject(new MonitorError('inspection-failed', 'not asked for')),
      ready: async () => {},
    }
    const target = { url: URL, checks: 'auto', media: 'video', stallAfter: null, verifyTls: true } as const
    const probe = new StreamProbe(
      { ...target, stillPicture: 'allowed', reader: 'auto' },
      {
        ...{ clock: systemClock, sources, expand: (text: string) => text, redact: (text: string) => text },
        ...{ onSecretChanged: () => () => {}, inspections: new Limiter(1) },
      },
    )
    probe.start({ changed() {}, happened() {} })
    try {
      await until(() => source.listener !== null, 5, 'it is open')
      // Ten windows of video at one bitrate, and then at a tenth of it.
      for (let frame = 0; frame < 1600; frame++) {
        source.packet(frame / 25, { size: frame < 1200 ? 5000 : 500, keyframe: frame % 50 === 0 })
      }
      assert.equal(probe.read().measurements.total.video.packets, 1600)
      assert.ok(source.suspicions > 0, 'a bitrate that falls is suspect')
      source.end({ end: 'not-found', message: 'the server does not know this stream' })
      await until(() => probe.read().outcome === 'absent', 5, 'it has ended')
      const reading = probe.read()
      assert.equal(reading.outcome === 'absent' && reading.reason, 'not-found')
    } finally {
      await probe.stop()
    }
  })

  it('opens it again, to be looked at for longer, where an inspection shows a track that the session does not', async () => {
    const opened: { source: FakeSource; thorough: boolean | undefined }[] = []
    const parameters: StreamParameters = { format: 'flv', video: [VIDEO], audio: [AUDIO], encoder: null }
    const sources: PacketSources = {
      choose: async (_address, { thorough }) => {
        const source = new FakeSource()
        opened.push({ source, thorough })
        return Object.assign(source, { inspect: async () => parameters })
      },
      inspect: () => Promise.reject(new MonitorError('inspection-failed', 'not asked for')),
      ready: async () => {},
    }
    const probe = new StreamProbe(
      {
        ...{ url: URL, checks: 'packets', media: 'both', stallAfter: null, verifyTls: true },
        stillPicture: 'allowed',
        reader: 'auto',
      },
      {
        ...{ clock: systemClock, sources, expand: (text: string) => text, redact: (text: string) => text },
        ...{ onSecretChanged: () => () => {}, inspections: new Limiter(1) },
      },
    )
    probe.start({ changed() {}, happened() {} })
    try {
      await until(() => opened[0]?.source.listener != null, 5, 'it is open')
      const began = systemClock.monotonic()
      const audioAlone = () => {
        opened[0]?.source.packet(systemClock.monotonic() - began, { media: 'audio', keyframe: true })
        return opened.length === 2
      }
      await until(audioAlone, 5, 'it is opened again')
      assert.deepEqual([opened[0]?.thorough, opened[1]?.thorough], [false, true])
    } finally {
      await probe.stop()
    }
  })
})
