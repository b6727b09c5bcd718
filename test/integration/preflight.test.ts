import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { findFfprobe } from '../../src/ffmpeg/binaries.ts'
import { createProfiles } from '../../src/health/profile-lookup.ts'
import { givenStream } from '../../src/inspection/given-stream.ts'
import { type PreflightProgress, preflight } from '../../src/inspection/preflight.ts'
import type { PreflightVerdict } from '../../src/inspection/verdict.ts'
import { STREAM } from '../../src/kinds/stream.ts'
import { systemClock } from '../../src/observation/clock.ts'
import { streamSources } from '../../src/readers/sources.ts'
import type { StreamTarget } from '../../src/targets/target.ts'
import { clip } from '../fixtures/clips.ts'
import { fakeFfprobe } from '../fixtures/fake-ffprobe.ts'
import { startProcess } from '../fixtures/process.ts'
import { type Publisher, type PublisherOptions, startPublisher } from '../fixtures/publishers.ts'
import { startFfmpegListener } from '../fixtures/servers/ffmpeg-listen.ts'
import { startHttpTs } from '../fixtures/servers/http-ts.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { type NodeMediaServer, startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { BUILDS } from './watched.ts'

/** What YouTube recommends, as far as it shows in packets. */
const GOOD: PublisherOptions = { size: '1280x720', videoBitrate: 3_500_000 }

interface Asked {
  profile?: string
  media?: StreamTarget['media']
  ffprobe?: string
  reader?: StreamTarget['reader']
  signal?: AbortSignal
  progress?(progress: PreflightProgress): void
}

async function ask(url: string, asked: Asked = {}): Promise<PreflightVerdict & { seconds: number }> {
  const { profile, media = 'both', ffprobe = BUILDS.system, signal = new AbortController().signal, progress } = asked
  const { reader = 'auto' } = asked
  const { target, secrets } = givenStream(STREAM, url, { media, verifyTls: true })
  const began = performance.now()
  const verdict = await preflight(
    {
      target: { ...target, reader },
      profile: profile === undefined ? null : createProfiles().get(profile),
      signal,
      ...(progress && { progress }),
    },
    {
      clock: systemClock,
      sources: streamSources({ ffprobe: () => findFfprobe(ffprobe) }),
      expand: (template) => secrets.expand(template),
      redact: (text) => secrets.redact(text),
    },
  )
  return { ...verdict, seconds: (performance.now() - began) / 1000 }
}

const typesOf = ({ issues }: PreflightVerdict) => issues.map(({ type }) => type)

/** Every answer comes within the promised time, and says why where it could not be told. */
function holdsPromise({ seconds, verdict, reason, issues }: Awaited<ReturnType<typeof ask>>): void {
  assert.ok(seconds < 20, `it took ${seconds} s`)
  assert.equal(reason !== null, verdict === 'unknown', `${verdict}: ${reason}`)
  for (const { summary, remedy } of issues) assert.ok(summary !== '' && remedy.length > 0)
}

describe('a preflight', { concurrency: 6 }, () => {
  let nginx: NginxRtmp
  let nms: NodeMediaServer
  const publishers: Publisher[] = []
  const publish = async (url: string, options: PublisherOptions) => {
    const publisher = await startPublisher(url, options)
    publishers.push(publisher)
    return publisher
  }
  before(async () => {
    nginx = await startNginxRtmp()
    nms = await startNodeMediaServer()
  })
  after(async () => {
    await Promise.all(publishers.map((publisher) => publisher.kill()))
    await nginx?.stop()
    await nms?.stop()
    await until(
      () => processesOf(process.pid).filter(({ command }) => command.includes('ffprobe')).length === 0,
      5,
      'every ffprobe has ended',
    )
  })

  for (const [build, ffprobe] of Object.entries(BUILDS)) {
    it(`passes a stream as YouTube likes it, with the ${build} ffprobe`, async () => {
      const url = nginx.url(`live/good-${build}`)
      await publish(url, GOOD)
      const steps: PreflightProgress[] = []
      const answer = await ask(url, { profile: 'youtube', ffprobe, progress: (step) => steps.push(step) })
      holdsPromise(answer)
      assert.equal(answer.verdict, 'pass', JSON.stringify(answer.issues))
      assert.equal(answer.parameters?.video[0]?.height, 720)
      const { window, keyframeInterval } = answer.measurements ?? {}
      assert.ok(Math.abs((window?.framesPerSecond ?? 0) - 30) < 0.3)
      assert.ok(Math.abs((window?.realtimeRatio ?? 0) - 1) < 0.02)
      assert.ok(Math.abs((keyframeInterval ?? 0) - 2) < 0.05)
      assert.equal(steps[0]?.measuring, false)
      assert.equal(steps.at(-1)?.measuring, true)
    })
  }

  it('passes one from a server that sends its GOP cache first', async () => {
    await publish(nms.url('live/cached'), {})
    const answer = await ask(nms.url('live/cached'))
    holdsPromise(answer)
    assert.equal(answer.verdict, 'pass', JSON.stringify(answer))
  })

  it('passes one whose key frames are 4 s apart, on a server without a GOP cache', async () => {
    await publish(nginx.url('live/gop4'), { gop: 4 })
    const answer = await ask(nginx.url('live/gop4'))
    holdsPromise(answer)
    assert.equal(answer.verdict, 'pass', JSON.stringify(answer))
  })

  for (const [what, options] of Object.entries({
    'as a broadcaster sends it': {},
    'without video': { video: false },
  })) {
    it(`has a verdict on MPEG-TS over HTTP, ${what}`, async () => {
      const server = await startHttpTs(options)
      try {
        const answer = await ask(server.url)
        holdsPromise(answer)
        assert.equal(answer.verdict, 'video' in options ? 'fail' : 'pass', JSON.stringify(answer))
        assert.deepEqual(typesOf(answer), 'video' in options ? ['noVideoStream'] : [])
        assert.equal(answer.parameters?.audio[0]?.codec, 'aac')
      } finally {
        await server.stop()
      }
    })
  }

  it('passes one that comes in segments', async () => {
    await publish(nginx.url('hls/segments'), {})
    const isThere = async () => (await fetch(nginx.hlsUrl('segments'))).ok
    await until(isThere, 20, 'the playlist is there')
    const answer = await ask(nginx.hlsUrl('segments'))
    holdsPromise(answer)
    assert.equal(answer.verdict, 'pass', JSON.stringify(answer))
  })

  it('warns of key frames that are too far apart for a platform, which without it is no matter', async () => {
    const url = nginx.url('live/gop5')
    await publish(url, { gop: 5, size: '640x360' })
    const [against, without] = await Promise.all([ask(url, { profile: 'facebook' }), ask(url)])
    holdsPromise(against)
    assert.equal(against.verdict, 'warn', JSON.stringify(against))
    assert.ok(typesOf(against).includes('gopSizeLong'))
    assert.ok(!typesOf(without).includes('gopSizeLong'))
  })

  it('fails a picture that a platform does not take', async () => {
    await publish(nginx.url('live/small'), {})
    const answer = await ask(nginx.url('live/small'), { profile: 'youtube' })
    holdsPromise(answer)
    assert.equal(answer.verdict, 'fail')
    assert.ok(typesOf(answer).includes('videoResolutionUnsupported'))
  })

  it('fails a stream without audio, long before the time is over', async () => {
    await publish(nginx.url('live/mute'), { audio: false })
    const answer = await ask(nginx.url('live/mute'))
    holdsPromise(answer)
    assert.equal(answer.verdict, 'fail')
    assert.deepEqual(typesOf(answer), ['noAudioStream'])
    assert.equal(answer.parameters?.video[0]?.codec, 'h264')
    assert.ok(answer.seconds < 18, `it took ${answer.seconds} s`)
  })

  it('fails a stream without video', async () => {
    await publish(nginx.url('live/blind'), { video: false })
    const answer = await ask(nginx.url('live/blind'))
    holdsPromise(answer)
    assert.equal(answer.verdict, 'fail')
    assert.deepEqual(typesOf(answer), ['noVideoStream'])
  })

  it('passes a stream that need not have video', async () => {
    await publish(nginx.url('live/radio'), { video: false })
    const answer = await ask(nginx.url('live/radio'), { media: 'audio' })
    holdsPromise(answer)
    assert.equal(answer.verdict, 'pass', JSON.stringify(answer))
  })

  it('fails where nobody publishes, and says so', async () => {
    const answer = await ask(nginx.url('live/nobody'))
    holdsPromise(answer)
    assert.equal(answer.verdict, 'fail')
    assert.match(answer.issues[0]?.summary ?? '', /^Nothing arrives: .*nobody publishes/)
  })

  it('fails at once where the server refuses', async () => {
    const answer = await ask('rtmp://127.0.0.1:1/live/sesame-open')
    holdsPromise(answer)
    assert.equal(answer.verdict, 'fail')
    assert.match(answer.issues[0]?.summary ?? '', /^Nothing arrives: the server refuses/)
    assert.doesNotMatch(JSON.stringify(answer), /sesame/)
    assert.ok(answer.seconds < 10, `it took ${answer.seconds} s`)
  })

  it('fails a stream that stops while it is looked at', async () => {
    const publisher = await publish(nginx.url('live/dying'), {})
    const answering = ask(nginx.url('live/dying'), {
      progress: ({ measuring }) => {
        if (measuring) publisher.freeze()
      },
    })
    const answer = await answering
    publisher.resume()
    holdsPromise(answer)
    assert.equal(answer.verdict, 'fail')
    assert.equal(typesOf(answer)[0], 'streamOffline')
  })

  it('does not pass a stream that stood still for a moment while it was looked at', async () => {
    const publisher = await publish(nginx.url('live/hiccup'), {})
    let isDone = false
    const answer = await ask(nginx.url('live/hiccup'), {
      progress: ({ measuring }) => {
        if (!measuring || isDone) return
        isDone = true
        publisher.freeze()
        setTimeout(() => publisher.resume(), 3500)
      },
    })
    holdsPromise(answer)
    assert.notEqual(answer.verdict, 'pass')
    assert.ok(typesOf(answer).includes('streamStalled'), JSON.stringify(answer.issues))
  })

  it('fails a stream that arrives more slowly than it plays', async () => {
    const url = nginx.url('live/slow')
    const input = ['-readrate', '0.8', '-stream_loop', '-1', '-i', await clip()]
    const slow = await startProcess('ffmpeg', ['-v', 'error', '-nostdin', ...input, '-c', 'copy', '-f', 'flv', url], {
      install: 'apt-get install ffmpeg',
    })
    try {
      const answer = await ask(url)
      holdsPromise(answer)
      assert.equal(answer.verdict, 'fail', JSON.stringify(answer))
      assert.deepEqual(typesOf(answer).slice(0, 1), ['videoIngestionStarved'])
    } finally {
      await slow.kill()
    }
  })

  it('judges a stream in full where the server serves one reader only', async () => {
    const listener = await startFfmpegListener()
    try {
      const answer = await ask(listener.url)
      holdsPromise(answer)
      assert.equal(answer.verdict, 'pass', JSON.stringify(answer))
      assert.equal(answer.parameters?.video[0]?.codec, 'h264')
    } finally {
      await listener.kill()
    }
  })

  it('could not tell what a stream is made of where the server serves one reader only, which is ffprobe', async () => {
    const listener = await startFfmpegListener()
    try {
      const answer = await ask(listener.url, { reader: 'ffprobe' })
      holdsPromise(answer)
      assert.equal(answer.verdict, 'unknown', JSON.stringify(answer))
      assert.match(answer.reason ?? '', /what it is made of/)
    } finally {
      await listener.kill()
    }
  })

  it('could not tell with an ffprobe that crashes', async () => {
    const ffprobe = await fakeFfprobe({ reads: 'kill -SEGV $$' })
    try {
      const answer = await ask(nginx.url('live/any'), { ffprobe: ffprobe.path, reader: 'ffprobe' })
      holdsPromise(answer)
      assert.equal(answer.verdict, 'unknown')
      assert.deepEqual(answer.issues, [])
    } finally {
      await ffprobe.remove()
    }
  })

  it('tells without an ffprobe what it has seen, and passes no platform by what it has not', async () => {
    const url = nginx.url('live/unseen')
    await publish(url, { size: '1280x720', videoBitrate: 3_500_000 })
    const plain = await ask(url, { ffprobe: '/no/such/ffprobe' })
    assert.equal(plain.verdict, 'pass', JSON.stringify(plain))
    assert.deepEqual(
      [plain.parameters?.video[0]?.profile, plain.parameters?.video[0]?.height, plain.parameters?.audio[0]?.sampleRate],
      ['Constrained Baseline', 720, 48_000],
    )
    const held = await ask(url, { ffprobe: '/no/such/ffprobe', profile: 'youtube' })
    assert.equal(held.verdict, 'unknown', JSON.stringify(held))
    assert.match(held.reason ?? '', /what only ffprobe sees of it/)
  })

  it('could not tell without an ffprobe', async () => {
    const asked = { ffprobe: '/no/such/ffprobe', reader: 'ffprobe' } as const
    await assert.rejects(ask(nginx.url('live/any'), asked), { code: 'no-ffprobe' })
  })

  it('ends its processes when nobody wants the answer any more', async () => {
    const url = nginx.url('live/aborted')
    const ours = () => processesOf(process.pid).filter(({ command }) => command.includes(url))
    const aborting = new AbortController()
    const answer = ask(url, { signal: aborting.signal, reader: 'ffprobe' })
    await until(() => ours().length > 0, 10, 'ffprobe runs')
    aborting.abort(new Error('nobody wants it'))
    await assert.rejects(answer, /nobody wants it/)
    await until(() => ours().length === 0, 3, 'ffprobe has ended')
  })
})
