/** Faults that belong to a protocol, or to the probe itself. */
import { selfSignedCertificate } from '../../fixtures/certificate.ts'
import { fakeFfprobe } from '../../fixtures/fake-ffprobe.ts'
import { relayTo, startPeer } from '../../fixtures/peers.ts'
import { freePort } from '../../fixtures/ports.ts'
import type { Fault, Healthy } from '../case.ts'
import { publishMpegTs } from '../relay.ts'
import type { Stage } from '../stage.ts'

/** TLS in front of nginx-rtmp, with a certificate that nobody vouches for. */
async function tlsInFront(stage: Stage): Promise<string> {
  const certificate = await selfSignedCertificate()
  const tls = await startPeer(relayTo(stage.servers.nginx.port), certificate)
  stage.atEnd(async () => {
    await tls.stop()
    await certificate.remove()
  })
  const { pathname } = new URL(stage.nginx())
  return `rtmps://localhost:${tls.port}${pathname}`
}

/** ffmpeg listens for one reader; the static ffprobe cannot read SRT. */
async function srtListener(stage: Stage, passphrase: string): Promise<string> {
  const url = `srt://127.0.0.1:${await freePort()}`
  await stage.publish(`${url}?mode=listener&passphrase=${passphrase}&pbkeylen=16`, { format: 'mpegts', wait: false })
  return url
}

/** FFmpeg analyses MPEG-TS, which has no header that names its tracks, for as long as it may. */
const analysis = { seconds: 15, because: 'an inspection of MPEG-TS takes 15 s' }
const HEVC = { videoCodec: 'libx265', video: ['-preset', 'ultrafast', '-x265-params', 'log-level=error'] }
const HEVC_B = { videoCodec: 'libx265', video: ['-preset', 'ultrafast', '-x265-params', 'log-level=error:bframes=2'] }
const AC3 = { audioCodec: 'ac3', audioBitrate: 192_000 }
const TRACKS = { tracks: { video: 2, audio: 2 } }

const PASSPHRASE = 'correct-horse-battery'

const withoutFfprobe: Fault = {
  id: 'no-ffprobe',
  kind: 'protocol',
  readers: ['auto'],
  what: 'there is no ffprobe, so that nobody looks at the frames',
  how: 'ffmpeg, nginx-rtmp, a path of ffprobe where there is none, profile youtube',
  target: { profile: 'youtube' },
  expects: ['parametersNotSeen'],
  async play(stage) {
    await stage.publish(stage.nginx())
    await stage.watchUp(stage.nginx(), { ffprobe: '/no/such/ffprobe' })
    stage.fault()
  },
}

export const PROTOCOL: readonly Fault[] = [
  withoutFfprobe,
  {
    id: 'bad-certificate',
    kind: 'protocol',
    what: 'RTMPS with a certificate that nobody vouches for',
    how: 'TLS with a self-signed certificate in front of nginx-rtmp',
    expects: ['streamOffline'],
    says: { type: 'streamOffline', text: /certificate/i, within: 12 },
    short: true,
    async play(stage) {
      await stage.publish(stage.nginx())
      stage.watch(await tlsInFront(stage))
      stage.fault()
    },
  },
  {
    id: 'srt-passphrase',
    kind: 'protocol',
    readers: ['auto'],
    what: 'SRT with a wrong passphrase',
    how: 'ffmpeg as an SRT listener, system ffprobe',
    expects: ['streamOffline'],
    delay: { seconds: 4, because: 'libsrt tries for 3 s to connect' },
    async play(stage) {
      stage.watch(`${await srtListener(stage, PASSPHRASE)}?passphrase=another-passphrase`, { ffprobe: 'ffprobe' })
      stage.fault()
    },
  },
  {
    id: 'key-rotated',
    kind: 'protocol',
    what: 'the stream key was changed at the encoder, and not at the monitor',
    how: 'ffmpeg goes on under another name, nginx-rtmp',
    expects: ['streamStalled', 'streamOffline'],
    byItself: { expects: ['streamOffline'] },
    async play(stage) {
      const publisher = await stage.publish(stage.nginx('old'))
      await stage.watchUp(stage.nginx('old'))
      await publisher.untilSent(10)
      stage.fault()
      await publisher.kill()
      await stage.publish(stage.nginx('new'))
    },
  },
  {
    id: 'container',
    kind: 'protocol',
    readers: ['auto'],
    what: 'MPEG-TS, where the platform takes FLV, HLS and DASH',
    how: 'ffmpeg over HTTP, profile youtube',
    target: { profile: 'youtube' },
    expects: ['badContainer'],
    delay: analysis,
    async play(stage) {
      await stage.watchUp(await publishMpegTs(stage, {}))
      stage.fault()
    },
  },
  {
    id: 'tracks',
    kind: 'protocol',
    readers: ['auto'],
    what: 'two video and two audio tracks, where the platform takes one of each',
    how: 'ffmpeg, MPEG-TS over HTTP, profile vimeo',
    target: { profile: 'vimeo' },
    expects: ['multipleVideoStreams', 'multipleAudioStreams'],
    delay: analysis,
    footage: [TRACKS],
    async play(stage) {
      await stage.watchUp(await publishMpegTs(stage, { footage: TRACKS }))
      stage.fault()
    },
  },
  {
    id: 'hevc',
    kind: 'protocol',
    readers: ['auto'],
    what: 'video in HEVC, where the platform takes H.264',
    how: 'ffmpeg, MPEG-TS over HTTP, profile vimeo',
    target: { profile: 'vimeo' },
    expects: ['videoCodec'],
    delay: analysis,
    footage: [HEVC],
    async play(stage) {
      await stage.watchUp(await publishMpegTs(stage, { footage: HEVC }))
      stage.fault()
    },
  },
  {
    id: 'ac3',
    kind: 'protocol',
    readers: ['auto'],
    what: 'audio in AC-3, where the platform takes AAC and MP3',
    how: 'ffmpeg, MPEG-TS over HTTP, profile youtube',
    target: { profile: 'youtube' },
    expects: ['audioCodec', 'badContainer'],
    delay: analysis,
    footage: [AC3],
    async play(stage) {
      await stage.watchUp(await publishMpegTs(stage, { footage: AC3 }))
      stage.fault()
    },
  },
  {
    id: 'hls-stopped',
    kind: 'protocol',
    readers: ['auto'],
    what: 'the encoder behind HLS loses power',
    how: 'ffmpeg is killed; nginx-rtmp serves segments of 2 s',
    // Where the last segment was short, the stall is found when it is an outage already, and then that is all that is said.
    expects: ['streamOffline'],
    allowed: ['streamStalled'],
    stallAfter: 12,
    delay: { seconds: 8, because: 'the server still holds a segment, and the reader those before it' },
    async play(stage) {
      const publisher = await stage.publish(stage.servers.nginx.url('hls/stopped'))
      await publisher.untilSent(7)
      await stage.watchUp(stage.servers.nginx.hlsUrl('stopped'), { seconds: 60 })
      await publisher.untilSent(publisher.sent() + 10)
      stage.fault()
      await publisher.kill()
    },
  },
  {
    id: 'ffprobe-crashes',
    kind: 'protocol',
    readers: ['ffprobe'],
    what: 'the probe itself crashes again and again',
    how: 'a program in the place of ffprobe that ends by SIGSEGV',
    expects: ['notMeasured'],
    async play(stage) {
      const fake = await fakeFfprobe({ reads: 'kill -SEGV $$' })
      stage.atEnd(() => fake.remove())
      await stage.publish(stage.nginx())
      stage.watch(stage.nginx(), { ffprobe: fake.path })
      stage.fault()
    },
  },
]

export const PROTOCOL_HEALTHY: readonly Healthy[] = [
  {
    id: 'ok-srt',
    kind: 'protocol',
    readers: ['auto'],
    what: 'SRT with a passphrase',
    how: 'ffmpeg as an SRT listener, system ffprobe',
    async play(stage) {
      const url = `${await srtListener(stage, PASSPHRASE)}?passphrase=${PASSPHRASE}`
      await stage.watchUp(url, { ffprobe: 'ffprobe' })
    },
  },
  {
    id: 'ok-rtmps',
    kind: 'protocol',
    what: 'RTMPS, where the check of the certificate is switched off',
    how: 'TLS with a self-signed certificate in front of nginx-rtmp, profile facebook',
    target: { verifyTls: false, profile: 'facebook' },
    async play(stage) {
      await stage.publish(stage.nginx())
      await stage.watchUp(await tlsInFront(stage))
    },
  },
  {
    id: 'ok-mpegts',
    kind: 'protocol',
    readers: ['auto'],
    what: 'MPEG-TS over HTTP',
    how: 'ffmpeg, profile vimeo',
    target: { profile: 'vimeo' },
    footage: [{ bFrames: 2 }],
    async play(stage) {
      await stage.watchUp(await publishMpegTs(stage, { footage: { bFrames: 2 } }))
    },
  },
  {
    id: 'ok-hevc',
    kind: 'protocol',
    readers: ['auto'],
    what: 'HEVC with B-frames',
    how: 'ffmpeg, MPEG-TS over HTTP',
    footage: [HEVC_B],
    async play(stage) {
      await stage.watchUp(await publishMpegTs(stage, { footage: HEVC_B }))
    },
  },
  {
    id: 'ok-key-rotated',
    kind: 'protocol',
    what: 'the stream key is changed at the encoder and at the monitor',
    how: 'another ffmpeg publishes under the new name, then the secret of the monitor is changed; nginx-rtmp',
    async play(stage) {
      stage.secrets.put('test', 'KEY', stage.key('old'))
      const old = await stage.publish(stage.nginx('old'))
      await stage.watchUp(stage.servers.nginx.url(`live/\${KEY}`))
      await old.untilSent(10)
      await stage.publish(stage.nginx('new'))
      stage.secrets.put('test', 'KEY', stage.key('new'))
      await new Promise((resolve) => setTimeout(resolve, 5000))
      await old.kill()
    },
  },
]
