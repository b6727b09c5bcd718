/** Streams that a platform does not take, or not like that: wrong from the start. */
import type { UserProfile } from '../../../src/health/profile.ts'
import type { Fault } from '../case.ts'
import type { Footage } from '../footage.ts'

/** What a platform's own engineers would want and no shipped profile asks for. */
const NO_B_FRAMES: UserProfile = { title: 'The house', limits: { bFrames: { max: 0 } } }

/** One footage, published as it is to a server with a GOP cache, held to a profile. */
function wrong(
  [profile, id]: [string, string],
  what: string,
  footage: Footage,
  expects: string[],
  options: Partial<Fault> & { server?: 'nginx' | 'nms' } = {},
): Fault {
  const { server = 'nms', target, ...rest } = options
  return {
    id: `${profile}-${id}`,
    kind: 'ingest',
    what,
    how: `ffmpeg, ${server === 'nms' ? 'node-media-server' : 'nginx-rtmp'}, profile ${profile}`,
    expects,
    gop: footage.gop ?? 2,
    target: { profile, ...target },
    footage: [footage],
    ...rest,
    async play(stage) {
      const url = stage[server]()
      await stage.publish(url, { footage })
      await stage.watchUp(url)
      stage.fault()
    },
  }
}

const firstGop = { seconds: 4, because: 'one whole GOP has to be seen' }

export const INGEST: readonly Fault[] = [
  wrong(['youtube', 'gop10'], 'key frames every 10 s', { gop: 10, length: 20 }, ['gopSizeOver'], {
    allowed: ['gopSizeLong'],
    short: true,
  }),
  wrong(['youtube', 'gop5'], 'key frames every 5 s', { gop: 5, length: 20 }, ['gopSizeLong']),
  wrong(['facebook', 'gop5'], 'key frames every 5 s', { gop: 5, length: 20 }, ['gopSizeLong'], { server: 'nginx' }),
  wrong(['twitch', 'gop4'], 'key frames every 4 s', { gop: 4 }, ['gopSizeLong'], {
    allowed: ['videoResolutionSuboptimal'],
  }),
  wrong(['youtube', 'gop-short'], 'key frames four times a second', { gop: 0.2 }, ['gopSizeShort']),
  wrong(['youtube', 'open-gop'], 'open GOPs', { bFrames: 2, video: ['-x264-params', 'open-gop=1'] }, ['openGop'], {
    delay: firstGop,
  }),
  wrong(
    ['facebook', 'open-gop'],
    'open GOPs, on a server without a GOP cache',
    { bFrames: 3, video: ['-x264-params', 'open-gop=1'] },
    ['openGop'],
    { delay: firstGop, server: 'nginx' },
  ),
  wrong(['house', 'b-frames'], 'B-frames where the profile takes none', { bFrames: 2 }, ['bFramesNotAllowed'], {
    target: { profiles: { house: NO_B_FRAMES } },
  }),
  wrong(
    ['youtube', 'interlaced'],
    'interlaced video',
    { video: ['-vf', 'setfield=tff', '-flags', '+ilme+ildct', '-x264-params', 'tff=1'] },
    ['interlacedVideo'],
  ),
  wrong(
    ['facebook', 'interlaced'],
    'interlaced video, on a server without a GOP cache',
    { video: ['-vf', 'setfield=tff', '-flags', '+ilme+ildct', '-x264-params', 'tff=1'] },
    ['interlacedVideo'],
    { server: 'nginx' },
  ),
  wrong(['youtube', 'fps72'], '72 frames per second', { frameRate: '72' }, ['frameRateHigh']),
  wrong(['twitch', 'fps75'], '75 frames per second', { frameRate: '75' }, ['frameRateHigh'], {
    allowed: ['videoResolutionSuboptimal'],
  }),
  wrong(['youtube', 'codec'], 'video in Sorenson H.263', { videoCodec: 'flv' }, ['videoCodec'], {
    server: 'nginx',
  }),
  wrong(['twitch', 'codec'], 'video in Sorenson H.263', { videoCodec: 'flv' }, ['videoCodec'], {
    server: 'nginx',
    allowed: ['videoResolutionSuboptimal'],
  }),
  wrong(['youtube', 'small'], 'a picture of 256x144', { size: '256x144' }, ['videoResolutionUnsupported']),
  wrong(['facebook', 'large'], 'a picture of 1920x1200', { size: '1920x1200', videoBitrate: 4_500_000, length: 8 }, [
    'videoResolutionUnsupported',
  ]),
  wrong(['youtube', 'odd-size'], 'a picture of 640x352', { size: '640x352' }, ['videoResolutionSuboptimal']),
  wrong(['facebook', 'square'], 'a square picture', { size: '480x480' }, ['videoResolutionSuboptimal']),
  wrong(['facebook', 'high'], '360 lines at 2 Mb/s', { videoBitrate: 2_000_000 }, ['bitrateHigh']),
  wrong(['vimeo', 'high'], '720 lines at 7 Mb/s', { size: '1280x720', videoBitrate: 7_000_000 }, ['bitrateHigh']),
  wrong(['facebook', 'low'], '360 lines at 200 kb/s', { videoBitrate: 200_000 }, ['bitrateLow']),
  wrong(['vimeo', 'low'], '720 lines at 1 Mb/s', { size: '1280x720', videoBitrate: 1_000_000 }, ['bitrateLow']),
  wrong(['youtube', 'low'], '720 lines at 1.5 Mb/s', { size: '1280x720', videoBitrate: 1_500_000 }, ['bitrateLow']),
  wrong(['facebook', 'mp3'], 'audio in MP3', { audioCodec: 'libmp3lame' }, ['audioCodec']),
  wrong(['twitch', 'mp3'], 'audio in MP3', { audioCodec: 'libmp3lame' }, ['audioCodec'], {
    server: 'nginx',
    allowed: ['videoResolutionSuboptimal'],
  }),
  wrong(['youtube', 'rate32'], 'audio at 32 kHz', { sampleRate: 32_000 }, ['audioSampleRate']),
  wrong(['twitch', 'rate22'], 'audio at 22.05 kHz', { sampleRate: 22_050, audioBitrate: 96_000 }, ['audioSampleRate'], {
    allowed: ['videoResolutionSuboptimal', 'audioBitrateLow'],
  }),
  wrong(['youtube', '71'], 'audio of 8 channels', { channels: 8, audioBitrate: 384_000 }, ['audioTooManyChannels'], {
    allowed: ['audioBitrateLow'],
  }),
  wrong(['facebook', '51'], 'audio of 6 channels', { channels: 6, audioBitrate: 320_000 }, ['audioTooManyChannels'], {
    allowed: ['audioBitrateLow'],
  }),
  wrong(['facebook', 'audio-high'], 'audio at 384 kb/s', { audioBitrate: 384_000, sound: 'wide' }, [
    'audioBitrateHigh',
  ]),
  wrong(['twitch', 'audio-low'], 'audio at 48 kb/s', { audioBitrate: 48_000 }, ['audioBitrateLow'], {
    allowed: ['videoResolutionSuboptimal'],
  }),
  wrong(
    ['youtube', 'everything'],
    'key frames every 10 s, a picture of 256x144 and audio at 32 kHz at once',
    { gop: 10, length: 20, size: '256x144', sampleRate: 32_000 },
    ['gopSizeOver', 'videoResolutionUnsupported', 'audioSampleRate'],
    { allowed: ['gopSizeLong'] },
  ),
]
