/** Faults in which media does not arrive. */
import type { Fault } from '../case.ts'

const WARM = 8

/** ffmpeg holds one track back for 10 s when the other has ended. */
const NO_WAITING = ['-max_interleave_delta', '100000']

export const PRESENCE: readonly Fault[] = [
  {
    id: 'power',
    kind: 'presence',
    what: 'the encoder loses power',
    how: 'ffmpeg is killed; nginx-rtmp keeps its players',
    expects: ['streamStalled', 'streamOffline'],
    byItself: { expects: ['streamOffline'] },
    short: true,
    async play(stage) {
      const publisher = await stage.publish(stage.nginx())
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(WARM)
      stage.fault()
      await publisher.kill()
    },
  },
  {
    id: 'power-nms',
    kind: 'presence',
    what: 'the encoder loses power, and the server ends the stream',
    how: 'ffmpeg is killed; node-media-server',
    expects: ['streamOffline'],
    allowed: ['streamStalled'],
    async play(stage) {
      const publisher = await stage.publish(stage.nms())
      await stage.watchUp(stage.nms())
      await publisher.untilSent(WARM)
      stage.fault()
      await publisher.kill()
    },
  },
  {
    id: 'hang',
    kind: 'presence',
    what: 'the encoder hangs and goes on',
    how: 'ffmpeg gets SIGSTOP, and SIGCONT 4 s later',
    expects: ['streamStalled'],
    // What it kept comes at once, and its time stamps show that nothing is missing.
    allowed: ['driftDeviation', 'videoIngestionStarved', 'timestampJump'],
    async play(stage) {
      const publisher = await stage.publish(stage.nginx())
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(WARM)
      publisher.freeze()
      stage.fault()
      await new Promise((resolve) => setTimeout(resolve, 4000))
      publisher.resume()
    },
  },
  {
    id: 'never',
    kind: 'presence',
    what: 'nobody publishes',
    how: 'nginx-rtmp lets the player wait',
    expects: ['streamOffline'],
    allowed: ['notMeasured'],
    delay: { seconds: 18, because: 'a session is given 18 s to show its first media' },
    byItself: { delay: { seconds: 12, because: 'there it is given 12 s' } },
    async play(stage) {
      stage.watch(stage.nginx())
      stage.fault()
    },
  },
  {
    id: 'never-seen',
    kind: 'presence',
    what: 'nobody publishes a stream that is not expected yet',
    how: 'nginx-rtmp lets the player wait',
    target: { expected: 'manual' },
    expects: ['streamNeverSeen'],
    delay: { seconds: 18, because: 'a session is given 18 s to show its first media' },
    async play(stage) {
      stage.watch(stage.nginx())
      stage.fault()
    },
  },
  {
    id: 'never-reached',
    kind: 'presence',
    what: 'the port of a stream that is not expected yet is wrong',
    how: 'a port on which nobody listens',
    target: { expected: 'manual' },
    expects: ['streamNeverReached'],
    async play(stage) {
      stage.watch('rtmp://127.0.0.1:9/live/one')
      stage.fault()
    },
  },
  {
    id: 'unknown-application',
    kind: 'presence',
    what: 'the application name is wrong',
    how: 'nginx-rtmp refuses it',
    expects: ['streamOffline'],
    async play(stage) {
      stage.watch(stage.servers.nginx.url(`nowhere/${Math.random()}`))
      stage.fault()
    },
  },
  {
    id: 'unreachable',
    kind: 'presence',
    what: 'the server is not there',
    how: 'a port on which nobody listens',
    expects: ['streamOffline'],
    async play(stage) {
      stage.watch('rtmp://127.0.0.1:9/live/one')
      stage.fault()
    },
  },
  {
    id: 'no-audio',
    kind: 'presence',
    what: 'the stream has no audio',
    how: 'ffmpeg publishes video alone; nginx-rtmp',
    expects: ['noAudioStream'],
    delay: { seconds: 15, because: 'the probe looks a second time, for up to 15 s, before it says so' },
    async play(stage) {
      await stage.publish(stage.nginx(), { audio: false })
      await stage.watchUp(stage.nginx())
      stage.fault()
    },
  },
  {
    id: 'no-video',
    kind: 'presence',
    what: 'the stream has no video',
    how: 'ffmpeg publishes audio alone; node-media-server',
    expects: ['noVideoStream'],
    delay: { seconds: 15, because: 'the probe looks a second time, for up to 15 s, before it says so' },
    async play(stage) {
      await stage.publish(stage.nms(), { video: false })
      await stage.watchUp(stage.nms(), { seconds: 40 })
      stage.fault()
    },
  },
  ...(['audio', 'video'] as const).map(
    (unconfigured): Fault => ({
      id: `${unconfigured}-unconfigured`,
      kind: 'presence',
      readers: ['auto'],
      what: `the configuration of the ${unconfigured} codec never comes (RTMP's sequence header), so that no player can decode it`,
      how: 'a publisher of our own leaves it out, nginx-rtmp',
      expects: [unconfigured === 'audio' ? 'noAudioSequenceHeader' : 'noVideoSequenceHeader'],
      async play(stage) {
        await stage.script(stage.nginx(), [{ footage: {}, seconds: 3600, unconfigured }])
        await stage.watchUp(stage.nginx())
        stage.fault()
      },
    }),
  ),
  {
    id: 'audio-lost',
    kind: 'presence',
    what: 'the audio ends in mid-stream',
    how: 'ffmpeg drops every audio packet from 14 s on (`-bsf:a noise=drop`)',
    expects: ['noAudioStream'],
    async play(stage) {
      const drop = ['-bsf:a', "noise=drop='gt(pts*tb,14)'", ...NO_WAITING]
      const publisher = await stage.publish(stage.nginx(), { output: drop })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(14)
      stage.fault()
    },
  },
  {
    id: 'video-lost',
    kind: 'presence',
    what: 'the video ends in mid-stream while the audio goes on',
    how: 'ffmpeg drops every video packet from 14 s on (`-bsf:v noise=drop`)',
    expects: ['streamStalled', 'streamOffline'],
    allowed: ['noVideoStream'],
    async play(stage) {
      const drop = ['-bsf:v', "noise=drop='gt(dts*tb,14)'", ...NO_WAITING]
      const publisher = await stage.publish(stage.nginx(), { output: drop })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(14)
      stage.fault()
    },
  },
  {
    id: 'flapping',
    kind: 'presence',
    what: 'the encoder connects again and again',
    how: 'ffmpeg is killed and started again three times, at once',
    expects: ['streamFlapping'],
    allowed: ['streamStalled', 'streamOffline', 'timestampJump'],
    delay: { seconds: 4, because: 'a server without a GOP cache sends from the next key frame on' },
    async play(stage) {
      let publisher = await stage.publish(stage.nginx())
      await stage.watchUp(stage.nginx())
      for (let time = 0; time < 3; time += 1) {
        await publisher.untilSent(WARM)
        await publisher.kill()
        publisher = await stage.publish(stage.nginx())
      }
      stage.fault()
    },
  },
  {
    id: 'zombie',
    kind: 'presence',
    what: 'the encoder hangs, and a second one is refused because the server still holds the first',
    how: 'ffmpeg gets SIGSTOP; another one publishes to the same stream of node-media-server',
    expects: ['streamStalled', 'streamOffline'],
    delay: { seconds: 6, because: 'node-media-server may pass on the first frames of the one that it refuses' },
    async play(stage) {
      const publisher = await stage.publish(stage.nms())
      await stage.watchUp(stage.nms())
      await publisher.untilSent(WARM)
      publisher.freeze()
      stage.fault()
      const second = await stage.publish(stage.nms(), { wait: false })
      await new Promise((resolve) => setTimeout(resolve, 3000))
      if (second.sent() > 1) throw new Error('the second publisher was let in')
    },
  },
]
