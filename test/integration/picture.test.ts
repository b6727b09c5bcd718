/** Pictures of real streams: what was published is what is shown, and nothing is done for it where nobody asks. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { findDecoder } from '../../src/ffmpeg/binaries.ts'
import { decodePicture } from '../../src/ffmpeg/picture.ts'
import type { KeyFrame } from '../../src/observation/picture.ts'
import { clipFile, encodeOnce } from '../fixtures/clips.ts'
import { contentClip } from '../fixtures/content-clips.ts'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { publishRecording } from '../fixtures/recording.ts'
import { startFfmpegListener } from '../fixtures/servers/ffmpeg-listen.ts'
import { startHls } from '../fixtures/servers/hls.ts'
import { startHttpFlv } from '../fixtures/servers/http-flv.ts'
import { startHttpTs } from '../fixtures/servers/http-ts.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { startRtspServer } from '../fixtures/servers/rtsp.ts'
import { until } from '../fixtures/wait.ts'
import { processesOf } from '../process-table.ts'
import { root } from '../runtime.ts'
import { type Watched, type WatchedOptions, watch } from './watched.ts'

const never = new AbortController().signal

/** Red on the left, blue on the right, with a key frame every 2 s. */
function redAndBlue(size: string, ...options: string[]): Promise<string> {
  const [width, height] = size.split('x').map(Number)
  const half = (colour: string) => `color=${colour}:size=${(width ?? 0) / 2}x${height}:rate=30`
  return encodeOnce(clipFile(`v1-red-blue-${[size, ...options].join('').replaceAll(/[^a-z0-9]/gi, '-')}.mkv`), [
    ...['-f', 'lavfi', '-i', `${half('red')}[a];${half('blue')}[b];[a][b]hstack`],
    ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000', '-t', '16', '-pix_fmt', 'yuv420p', ...options],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60', '-sc_threshold', '0', '-c:a', 'aac'],
  ])
}

/** The colours of a JPEG on the left, on the right and along its top, and its size. */
function look(jpeg: Buffer) {
  const run = (file: string, args: string[]) => execFileSync(file, ['-v', 'error', ...args], { input: jpeg })
  const size = run('ffprobe', ['-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', '-i', '-'])
  const [codec, width, height] = size.toString().trim().split(',')
  const rgb = run('ffmpeg', [
    '-i',
    '-',
    '-vf',
    'format=rgb24,scale=8:4:flags=area',
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    '-',
  ])
  const name = ([red = 0, green = 0, blue = 0]: readonly number[]) => {
    if (red > 180 && green < 60 && blue < 60) return 'red'
    if (blue > 180 && green < 60 && red < 60) return 'blue'
    return red + green + blue < 60 ? 'black' : `${red} ${green} ${blue}`
  }
  const [left, right] = [name([...rgb.subarray(3, 6)]), name([...rgb.subarray(18, 21)])]
  return { codec, width: Number(width), height: Number(height), left, right, top: [...rgb.subarray(0, 24)] }
}

async function pictureOf({ probe }: Watched): Promise<ReturnType<typeof look> & { age: number }> {
  const answer = await probe.keyFrame(never)
  if ('code' in answer) throw new Error(`${answer.code}: ${answer.message}`)
  return { ...look(await decodePicture(answer, await findDecoder(), never)), age: answer.age }
}

/** What the recordings of Enhanced RTMP show. */
const TEST_PICTURE = 'testsrc2=size=320x180'

/** @param source of FFmpeg's own, whose first picture it is like */
function assertAlike({ width, height, top }: ReturnType<typeof look>, source: string, name = ''): void {
  const first = ['-v', 'error', '-f', 'lavfi', '-i', source, '-frames:v', '1', '-f', 'mjpeg', '-']
  const published = look(execFileSync('ffmpeg', first))
  assert.deepEqual([width, height], [published.width, published.height])
  const strays = top.map((value, index) => Math.abs(value - (published.top[index] ?? 0)))
  assert.ok(Math.max(...strays) < 40, `${name}: ${top} and ${published.top}`)
}

const OWN: WatchedOptions = { reader: 'auto' }

describe('the picture of a stream', { concurrency: 2 }, () => {
  let server: NginxRtmp
  before(async () => {
    server = await startNginxRtmp()
  })
  after(() => server?.stop())

  const whilePublished = async (
    name: string,
    file: string,
    work: (watched: Watched, publisher: Publisher) => Promise<void>,
    options: WatchedOptions = OWN,
  ) => {
    const url = server.url(`live/${name}`)
    const publisher = await startPublisher(url, { file })
    const watched = watch(url, options)
    try {
      await watched.until('present', 30)
      await work(watched, publisher)
    } finally {
      await watched.stop()
      await publisher.kill()
    }
  }

  const sizes: [size: string, options: string[], shown: [width: number, height: number]][] = [
    ['1280x720', [], [640, 360]],
    ['320x180', [], [320, 180]],
    ['720x1280', [], [640, 1137]],
    // PAL of 16:9: the pixels are wider than high.
    ['720x576', ['-vf', 'setsar=64/45'], [640, 360]],
    ['352x288', ['-vf', 'setsar=16/11'], [512, 288]],
  ]
  for (const [size, options, [width, height]] of sizes) {
    it(`shows what is published, at most 640 wide and in its shape: ${size} ${options.join(' ')}`, async () => {
      await whilePublished(`shape-${size}`, await redAndBlue(size, ...options), async (watched) => {
        const { age, top: _, ...shown } = await pictureOf(watched)
        assert.deepEqual(shown, { codec: 'mjpeg', width, height, left: 'red', right: 'blue' })
        assert.ok(age < 3, `${age} s old`)
      })
    })
  }

  it('of black is black', async () => {
    await whilePublished('black', await contentClip('black'), async (watched) => {
      const { left, right } = await pictureOf(watched)
      assert.deepEqual([left, right], ['black', 'black'])
    })
  })

  it('is none where the publisher has gone, and of the next publisher as soon as he sends', async () => {
    await whilePublished('gone', await redAndBlue('320x180'), async (watched, publisher) => {
      await pictureOf(watched)
      await publisher.kill()
      await watched.until('absent', 10)
      const none = await watched.probe.keyFrame(never)
      assert.ok('code' in none && none.code === 'no-picture' && none.message.includes('not on the air'))
      const next = await startPublisher(server.url('live/gone'), { file: await contentClip('black') })
      try {
        await watched.until('present', 20)
        assert.equal((await pictureOf(watched)).left, 'black')
      } finally {
        await next.kill()
      }
    })
  })

  it('is had over another connection where a program reads RTMP, which everybody who asks shares for a while', async () => {
    const work = async (watched: Watched) => {
      const { age: _, top: __, ...shown } = await pictureOf(watched)
      assert.deepEqual(shown, { codec: 'mjpeg', width: 320, height: 180, left: 'red', right: 'blue' })
      const [one, other] = await Promise.all([watched.probe.keyFrame(never), watched.probe.keyFrame(never)])
      assert.ok('recording' in one && 'recording' in other && one.recording === other.recording)
    }
    await whilePublished('by-ffprobe', await redAndBlue('320x180'), work, { reader: 'ffprobe' })
  })

  it('is had the same way of RTSP, and its password is in no process list meanwhile', async () => {
    const rtsp = await startRtspServer()
    const watched = watch(rtsp.url.replace('//', '//viewer:pass-of-rtsp@'), OWN)
    try {
      await watched.until('present', 30)
      const asked = pictureOf(watched)
      const commands: string[] = []
      const looking = setInterval(() => commands.push(...processesOf(process.pid).map(({ command }) => command)), 20)
      const { width, height } = await asked.finally(() => clearInterval(looking))
      assert.deepEqual([width, height], [320, 180])
      assert.ok(commands.some((command) => /ffmpeg .*-f matroska/.test(command)))
      assert.ok(!commands.some((command) => command.includes('pass-of-rtsp')))
    } finally {
      await watched.stop()
      await rtsp.stop()
    }
  })

  it('is none of a server of SRT that lets in one reader only, which goes on', async () => {
    const listener = await startFfmpegListener({ protocol: 'srt', passphrase: 'pass-of-listener' })
    const watched = watch(`${listener.url}?passphrase=pass-of-listener`, { ...OWN, ffprobe: 'ffprobe' })
    try {
      await watched.until('present', 30)
      const before = [...watched.events]
      const none = await watched.probe.keyFrame(never)
      assert.ok('code' in none && none.code === 'no-picture' && none.message.includes('no second reader'))
      assert.deepEqual(await watched.probe.keyFrame(never), none, 'and it is not asked again at once')
      assert.equal(watched.said(), 'present')
      assert.deepEqual(watched.events, before)
    } finally {
      await watched.stop()
      await listener.kill()
    }
  })

  it('is had of Enhanced RTMP, whatever ffmpeg there is, and of several pictures the first', async () => {
    const enhanced = await startNodeMediaServer()
    const names = ['hevc-opus', 'av1-flac', 'vp9-ac3', 'multitrack']
    const ends: { stop(): Promise<void> }[] = []
    try {
      for (const name of names) {
        const url = enhanced.url(`live/${name}`)
        const watched = watch(url, OWN)
        ends.push(watched, await publishRecording(url, name))
        await watched.until('present', 30)
        assertAlike(await pictureOf(watched), TEST_PICTURE, name)
      }
    } finally {
      await Promise.all(ends.map((one) => one.stop()))
      await enhanced.stop()
    }
  })

  it('is had of MPEG-TS over HTTP', async () => {
    const web = await startHttpTs({ file: await redAndBlue('320x180') })
    const watched = watch(web.url)
    try {
      await watched.until('present', 40)
      const { left, right } = await pictureOf(watched)
      assert.deepEqual([left, right], ['red', 'blue'])
    } finally {
      await watched.stop()
      await web.stop()
    }
  })

  it('is had of FLV over HTTP', async () => {
    const web = await startHttpFlv(join(root, 'test/fixtures/media/hevc-opus.flv'))
    const watched = watch(web.url)
    try {
      await watched.until('present', 40)
      assertAlike(await pictureOf(watched), TEST_PICTURE)
    } finally {
      await watched.stop()
      await web.stop()
    }
  })

  it('is had of HLS, from its newest segment', async () => {
    const hls = await startHls()
    const watched = watch(`http://127.0.0.1:${hls.port}/live.m3u8`)
    try {
      await watched.until('present', 40)
      const picture = await pictureOf(watched)
      assertAlike(picture, 'testsrc=size=160x90')
      assert.ok(picture.age < 10, `${picture.age} s old`)
    } finally {
      await watched.stop()
      await hls.stop()
    }
  })
})

describe('a picture of a codec of Enhanced RTMP', () => {
  for (const name of ['hevc-opus', 'av1-flac', 'vp9-ac3', 'multitrack']) {
    it(`is made by an ffmpeg that knows none of it in FLV: ${name}`, async () => {
      const recording = await readFile(new URL(`../fixtures/media/${name}.flv`, import.meta.url))
      const { codec, width, height } = look(
        await decodePicture({ recording, format: 'flv' }, await findDecoder(), never),
      )
      assert.deepEqual([codec, width, height], ['mjpeg', 320, 180])
    })
  }
})

describe('what is no picture', () => {
  const decode = async (keyFrame: Pick<KeyFrame, 'recording' | 'format'>) =>
    decodePicture(keyFrame, await findDecoder(), never)

  it('is refused, and ffmpeg is given up in time', async () => {
    const flv = execFileSync('ffmpeg', [
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=64x64',
        '-frames:v',
        '1',
        '-c:v',
        'libx264',
        '-f',
        'flv',
        '-',
      ],
    ])
    for (const recording of [Buffer.alloc(0), Buffer.from('FLV'), Buffer.alloc(100_000, 7), flv.subarray(0, 300)]) {
      await assert.rejects(decode({ recording, format: 'flv' }), { code: 'no-picture' })
    }
    const abandoned = new AbortController()
    abandoned.abort()
    const late = decodePicture({ recording: flv, format: 'flv' }, await findDecoder(), abandoned.signal)
    await assert.rejects(late, { code: 'no-picture' })
  })
})

describe('a connection for a picture', () => {
  it('ends with the reading of the stream', async () => {
    const rtsp = await startRtspServer()
    const watched = watch(rtsp.url, OWN)
    const looks = () => processesOf(process.pid).filter(({ command }) => /ffmpeg .*-f matroska/.test(command))
    try {
      await watched.until('present', 30)
      rtsp.publisher.freeze()
      const asked = watched.probe.keyFrame(never)
      await until(() => looks().length === 1, 20, 'a program looks for a key frame')
      await watched.stop()
      assert.ok('code' in (await asked))
      assert.deepEqual(looks(), [])
    } finally {
      await watched.stop()
      await rtsp.stop()
    }
  })
})
