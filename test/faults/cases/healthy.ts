/** Streams with which nothing is the matter. */
import { contentClip } from '../../fixtures/content-clips.ts'
import type { Healthy } from '../case.ts'
import type { Footage } from '../footage.ts'

/** One footage, published as it is. */
function plain(
  id: string,
  what: string,
  footage: Footage,
  options: Partial<Healthy> & { server?: 'nginx' | 'nms' } = {},
): Healthy {
  const { server = 'nginx', ...rest } = options
  const { profile, checks } = rest.target ?? {}
  const held = `${profile ? `, profile ${profile}` : ''}${checks ? `, \`"checks": "${checks}"\`` : ''}`
  return {
    id: `ok-${id}`,
    kind: 'ingest',
    what,
    how: `ffmpeg, ${server === 'nginx' ? 'nginx-rtmp' : 'node-media-server'}${held}`,
    footage: [footage],
    ...rest,
    async play(stage) {
      const url = stage[server]()
      await stage.publish(url, { footage })
      await stage.watchUp(url)
    },
  }
}

/** In segments, as long as the key frames are apart. */
function hls(seconds: number, profile: string | null, checks: 'packets' | 'content' = 'packets'): Healthy {
  const footage = { gop: seconds, length: 24 }
  return {
    id: `ok-hls${seconds}${checks === 'content' ? '-content' : ''}`,
    kind: 'protocol',
    readers: checks === 'packets' ? ['auto', 'ffprobe'] : ['auto'],
    what: `HLS with segments of ${seconds} s`,
    how: `ffmpeg, nginx-rtmp${profile ? `, profile ${profile}` : ''}, \`"checks": "${checks}"\``,
    target: { profile, checks },
    footage: [footage],
    watched: 60,
    async play(stage) {
      const name = stage.key()
      const publisher = await stage.publish(stage.servers.nginx.url(`hls/${name}`), {
        footage,
      })
      await publisher.untilSent(3 * seconds + 1)
      await stage.watchUp(stage.servers.nginx.hlsUrl(name), { seconds: 60 })
    },
  }
}

const youtube = { target: { profile: 'youtube' } }
const facebook = { target: { profile: 'facebook' } }
const twitch = { target: { profile: 'twitch' } }
const vimeo = { target: { profile: 'vimeo' } }
const content = { target: { profile: 'youtube', checks: 'content' as const } }
const full = { target: { checks: 'full' as const } }
const hd: Footage = { size: '1280x720', videoBitrate: 3_500_000 }

export const HEALTHY: readonly Healthy[] = [
  plain('plain', 'as every platform likes it', {}, { ...youtube, watched: 35, short: true }),
  plain('plain-nms', 'as every platform likes it, with a GOP cache', {}, { ...facebook, server: 'nms' }),
  plain('720p', '720 lines at 3.5 Mb/s', hd, youtube),
  plain('720p-facebook', '720 lines at 3.5 Mb/s', hd, { ...facebook, server: 'nms' }),
  plain('720p-twitch', '720 lines at 3.5 Mb/s', hd, twitch),
  plain('720p-vimeo', '720 lines at 3.5 Mb/s', hd, vimeo),
  plain(
    '1080p60',
    '1080 lines, 60 frames per second at 6 Mb/s',
    { size: '1920x1080', frameRate: '60', videoBitrate: 6_000_000, length: 8 },
    youtube,
  ),
  plain('upright', 'an upright picture', { size: '360x640' }, youtube),
  plain('240p', '240 lines at 300 kb/s', { size: '426x240', videoBitrate: 300_000 }, youtube),
  plain('baseline', 'H.264 Constrained Baseline', { video: ['-profile:v', 'baseline'] }, facebook),
  plain('main', 'H.264 Main', { video: ['-profile:v', 'main'], bFrames: 1 }, youtube),
  plain('high', 'H.264 High', { video: ['-profile:v', 'high'] }, twitch),
  plain('b2', '2 B-frames', { bFrames: 2 }, youtube),
  plain('b3', '3 B-frames, with a GOP cache', { bFrames: 3 }, { ...facebook, server: 'nms' }),
  plain('23976', '23.976 frames per second', { frameRate: '24000/1001' }, youtube),
  plain('24', '24 frames per second', { frameRate: '24' }, facebook),
  plain('25', '25 frames per second', { frameRate: '25' }, { ...youtube, server: 'nms' }),
  plain('2997', '29.97 frames per second', { frameRate: '30000/1001' }, facebook),
  plain('50', '50 frames per second', { frameRate: '50', videoBitrate: 1_000_000 }, youtube),
  plain('5994', '59.94 frames per second', { frameRate: '60000/1001', videoBitrate: 1_000_000 }, youtube),
  plain('60', '60 frames per second', { frameRate: '60', videoBitrate: 1_000_000 }, { ...youtube, server: 'nms' }),
  plain('10', '10 frames per second, as of a surveillance camera', { frameRate: '10' }, {}),
  plain('gop05', 'key frames every half second', { gop: 0.5 }, youtube),
  plain('gop1', 'key frames every second', { gop: 1 }, { ...facebook, server: 'nms' }),
  plain('gop3', 'key frames every 3 s', { gop: 3, length: 24 }, facebook),
  plain('gop4', 'key frames every 4 s', { gop: 4 }, youtube),
  plain('gop4-nms', 'key frames every 4 s, with a GOP cache', { gop: 4 }, { ...youtube, server: 'nms' }),
  plain('gop10', 'key frames every 10 s, which no platform asks about', { gop: 10, length: 20 }, { watched: 60 }),
  plain('capped', 'a capped variable bitrate', { rateControl: 'capped' }, youtube),
  plain(
    'slide',
    'a capped variable bitrate that falls to a slide for 24 s',
    { rateControl: 'capped', picture: 'slide', length: 40 },
    { ...youtube, watched: 80 },
  ),
  plain(
    'screen',
    'a shared screen: 30 frames a second while it moves, and 2 while it stands still',
    { rateControl: 'capped', picture: 'screen', length: 60, video: ['-vsync', 'vfr'] },
    { watched: 120 },
  ),
  plain('mono', 'mono at 64 kb/s', { channels: 1, audioBitrate: 64_000 }, twitch),
  plain('44100', 'audio at 44.1 kHz', { sampleRate: 44_100 }, youtube),
  plain(
    '44100-mono',
    'mono at 44.1 kHz, with a GOP cache',
    { sampleRate: 44_100, channels: 1, audioBitrate: 64_000 },
    { ...facebook, server: 'nms' },
  ),
  plain('51', '5.1 sound', { channels: 6, audioBitrate: 384_000 }, youtube),
  plain('mp3', 'audio in MP3', { audioCodec: 'libmp3lame' }, youtube),
  plain('content', 'picture and sound as they should be', {}, { ...content, watched: 60 }),
  plain(
    'content-b',
    'picture and sound as they should be, with B-frames',
    { bFrames: 2, gop: 4 },
    { ...content, watched: 60 },
  ),
  plain('content-full', 'picture and sound as they should be', { bFrames: 2 }, { ...full, watched: 60 }),
  plain(
    'content-mono',
    'mono at 44.1 kHz',
    { channels: 1, sampleRate: 44_100, audioBitrate: 64_000 },
    { ...content, watched: 35, short: true },
  ),
  plain('content-51', '5.1 sound', { channels: 6, audioBitrate: 384_000 }, content),
  plain('slide-speech', 'a slide with speech', { picture: 'still' }, { ...content, watched: 60 }),
  plain(
    'slide-speech-full',
    'a slide with speech',
    { picture: 'still', rateControl: 'capped' },
    { ...full, watched: 60 },
  ),
  plain('pauses', 'a speaker who pauses', { sound: 'speech', length: 17 }, { ...content, watched: 60 }),
  plain('auto', 'looked at now and then', {}, { target: { checks: 'auto' }, watched: 90 }),
  hls(2, 'youtube'),
  hls(4, 'youtube'),
  hls(6, null),
  hls(2, null, 'content'),
  {
    id: 'ok-short-turns',
    kind: 'content',
    what: 'black for 8 s, one side for 6 s, a still picture for 12 s and silence for 6 s, each shorter than a fault',
    how: 'ffmpeg, nginx-rtmp, `"checks": "content"`',
    target: { checks: 'content' },
    watched: 70,
    async play(stage) {
      await stage.publish(stage.nginx(), { file: await contentClip('turns') })
      await stage.watchUp(stage.nginx())
    },
  },
  {
    id: 'ok-video-only',
    kind: 'ingest',
    what: 'a stream that is meant to have no audio',
    how: 'ffmpeg, nginx-rtmp, `"media": "video"`',
    target: { media: 'video' },
    async play(stage) {
      await stage.publish(stage.nginx(), { audio: false })
      await stage.watchUp(stage.nginx())
    },
  },
  {
    id: 'ok-audio-only',
    kind: 'ingest',
    what: 'a stream that is meant to have no video',
    how: 'ffmpeg, node-media-server, `"media": "audio"`',
    target: { media: 'audio' },
    async play(stage) {
      await stage.publish(stage.nms(), { video: false })
      await stage.watchUp(stage.nms())
    },
  },
  {
    id: 'ok-late-configuration',
    kind: 'presence',
    readers: ['auto'],
    what: 'the configuration of the audio codec comes 3 s late',
    how: 'a publisher of our own, nginx-rtmp',
    async play(stage) {
      await stage.script(stage.nginx(), [
        { footage: {}, seconds: 3, unconfigured: 'audio' },
        { footage: {}, seconds: 3600 },
      ])
      await stage.watchUp(stage.nginx())
    },
  },
  {
    id: 'ok-pause',
    kind: 'flow',
    what: 'a pause of 1 s that the sender makes good',
    how: 'ffmpeg gets SIGSTOP, and SIGCONT 1 s later, nginx-rtmp',
    async play(stage) {
      const publisher = await stage.publish(stage.nginx())
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(15)
      publisher.freeze()
      await new Promise((resolve) => setTimeout(resolve, 1000))
      publisher.resume()
    },
  },
  {
    id: 'ok-second-refused',
    kind: 'presence',
    what: 'a second encoder that is refused while the first goes on',
    how: 'another ffmpeg publishes to the same stream of node-media-server',
    async play(stage) {
      await stage.publish(stage.nms())
      await stage.watchUp(stage.nms())
      await stage.publish(stage.nms(), { wait: false })
    },
  },
  {
    id: 'ok-over',
    kind: 'presence',
    what: 'the event is over: the encoder is stopped after an *expect* message',
    how: 'ffmpeg is killed, nginx-rtmp, `"expected": "manual"`',
    target: { expected: 'manual' },
    state: 'off',
    async play(stage) {
      const publisher = await stage.publish(stage.nginx())
      const watched = await stage.watchUp(stage.nginx())
      await publisher.untilSent(10)
      watched.expect(false)
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await publisher.kill()
    },
  },
  {
    id: 'ok-backup',
    kind: 'backup',
    what: 'a backup that is set as the main stream is',
    how: 'two ffmpeg, node-media-server, the one stream `backupOf` the other',
    async play(stage) {
      const [main, backup] = [stage.nms('main'), stage.nms('backup')]
      await Promise.all([stage.publish(main), stage.publish(backup)])
      const judged = stage.watch(backup, { target: { backupOf: 'other' } })
      stage.watch(main, { target: {}, name: 'other' })
      await judged.untilObserved(({ measurements }) => measurements.up === true, 30)
    },
  },
  {
    id: 'ok-wrap31',
    kind: 'flow',
    what: 'the time stamps pass 2^31 ms, at which ffmpeg begins again',
    how: 'a publisher of our own, nginx-rtmp',
    async play(stage) {
      await stage.script(stage.nginx(), [{ footage: {}, seconds: 3600 }], 2 ** 31 / 1000 - 20)
      await stage.watchUp(stage.nginx())
    },
  },
  {
    id: 'ok-wrap32',
    kind: 'flow',
    what: 'the time stamps wrap at 2^32 ms, at which RTMP begins again',
    how: 'a publisher of our own, nginx-rtmp',
    async play(stage) {
      await stage.script(stage.nginx(), [{ footage: {}, seconds: 3600 }], 2 ** 32 / 1000 - 20)
      await stage.watchUp(stage.nginx())
    },
  },
  {
    id: 'ok-wrap32-nms',
    kind: 'flow',
    what: 'the time stamps wrap at 2^32 ms, with a GOP cache',
    how: 'a publisher of our own, node-media-server',
    async play(stage) {
      await stage.script(stage.nms(), [{ footage: {}, seconds: 3600 }], 2 ** 32 / 1000 - 20)
      await stage.watchUp(stage.nms())
    },
  },
]
