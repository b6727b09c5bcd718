/** Streams with which nothing is the matter. */
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
  return {
    id: `ok-${id}`,
    kind: 'ingest',
    what,
    how: `ffmpeg, ${server === 'nginx' ? 'nginx-rtmp' : 'node-media-server'}${rest.target?.profile ? `, profile ${rest.target.profile}` : ''}`,
    ...rest,
    async play(stage) {
      const url = stage[server]()
      await stage.publish(url, { footage })
      await stage.watchUp(url)
    },
  }
}

export const HEALTHY: readonly Healthy[] = [
  plain('plain', 'as every platform likes it', {}, { target: { profile: 'youtube' }, short: true }),
  plain(
    'plain-nms',
    'as every platform likes it, with a GOP cache',
    {},
    { target: { profile: 'facebook' }, server: 'nms' },
  ),
  plain('23976', '23.976 frames per second', { frameRate: '24000/1001' }, { target: { profile: 'youtube' } }),
  plain('60', '60 frames per second', { frameRate: '60', videoBitrate: 1_000_000 }, { target: { profile: 'youtube' } }),
  plain('mono', 'mono at 64 kb/s', { channels: 1, audioBitrate: 64_000 }, { target: { profile: 'twitch' } }),
  plain('gop05', 'key frames every half second', { gop: 0.5 }, { target: { profile: 'youtube' } }),
]
