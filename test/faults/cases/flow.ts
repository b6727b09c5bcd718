/** Faults in which media arrives, but not as it should. */
import type { Fault } from '../case.ts'
import type { Footage } from '../footage.ts'

/** Its parameters do not name its bitrate. */
const STEADY: Footage = { rateControl: 'steady' }

/** Seconds of media after which what is the matter begins, where a level has to be known first. */
const LEVEL_KNOWN = 24

/** ffmpeg's bitstream filter drops `one` of `of` frames that are no key frames, from a moment on. */
const dropping = (one: number, of: number) => [
  '-bsf:v',
  `noise=drop='gt(dts*tb,${LEVEL_KNOWN})*not(key)*lt(mod(n,${of}),${one})'`,
]

/** Where it is so from the start. FFmpeg's programs take longer to show the first packet. */
const FROM_THE_START = {
  delay: { seconds: 3, because: 'it is measured from when the first burst has passed' },
} as const

export const FLOW: readonly Fault[] = [
  {
    id: 'frames-dropped',
    kind: 'flow',
    what: 'the encoder drops a third of the frames, as OBS does when the network is slow',
    how: '`-bsf:v noise=drop=…` on one of three frames that are no key frames, from 24 s on',
    expects: ['frameRateLow'],
    allowed: ['bitrateDropped'],
    short: true,
    async play(stage) {
      const publisher = await stage.publish(stage.nginx(), { output: dropping(1, 3) })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(LEVEL_KNOWN)
      stage.fault()
    },
  },
  {
    id: 'frames-and-bitrate',
    kind: 'flow',
    what: 'the encoder drops half of the frames, so that the bitrate falls too',
    how: '`-bsf:v noise=drop=…` on one of two frames that are no key frames, from 24 s on',
    expects: ['frameRateLow'],
    allowed: ['bitrateDropped'],
    async play(stage) {
      const publisher = await stage.publish(stage.nginx(), { output: dropping(1, 2) })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(LEVEL_KNOWN)
      stage.fault()
    },
  },
  {
    id: 'starved',
    kind: 'flow',
    what: 'the sender is slower than real time',
    how: 'ffmpeg reads at 0.85 times its speed (`-readrate`)',
    expects: ['videoIngestionStarved'],
    allowed: ['driftDeviation'],
    byItself: FROM_THE_START,
    async play(stage) {
      await stage.publish(stage.nginx(), { speed: 0.85 })
      await stage.watchUp(stage.nginx())
      stage.fault()
    },
  },
  {
    id: 'fast',
    kind: 'flow',
    what: 'the sender is faster than real time',
    how: 'ffmpeg reads at 1.15 times its speed (`-readrate`)',
    expects: ['videoIngestionFasterThanRealtime'],
    byItself: FROM_THE_START,
    async play(stage) {
      await stage.publish(stage.nginx(), { speed: 1.15 })
      await stage.watchUp(stage.nginx())
      stage.fault()
    },
  },
  {
    id: 'clock-stands',
    kind: 'flow',
    what: 'the time stamps of both tracks stand still, and packets go on',
    how: '`-bsf setts` on both tracks from 14 s on',
    expects: ['timestampsStandStill'],
    async play(stage) {
      const stand = (time: string) => `setts=ts='min(${time},14/TB)'`
      const output = ['-bsf:v', stand('DTS'), '-bsf:a', stand('TS')]
      const publisher = await stage.publish(stage.nginx(), { output })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(13.9)
      stage.fault()
    },
  },
  {
    id: 'jump',
    kind: 'flow',
    what: 'the time stamps of both tracks jump ahead by 30 s',
    how: '`-bsf setts` on both tracks from 14 s on',
    expects: ['timestampJump'],
    async play(stage) {
      const jump = `setts=ts='TS+if(gt(TS*TB,14),30/TB,0)'`
      const output = ['-bsf:v', jump.replaceAll('TS*', 'DTS*'), '-bsf:a', jump.replaceAll('TS*', 'DTS*')]
      const publisher = await stage.publish(stage.nginx(), { output })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(14)
      stage.fault()
    },
  },
  {
    id: 'audio-lags',
    kind: 'flow',
    what: 'the time stamps of the audio fall behind, by 0.1 s a second up to 0.8 s',
    how: '`-bsf:a setts` from 14 s on',
    expects: ['trackTimestampSkew'],
    async play(stage) {
      const lag = "setts=ts='TS-min(max(DTS*TB-14,0)*0.1,0.8)/TB'"
      const publisher = await stage.publish(stage.nginx(), {
        output: ['-bsf:a', lag, '-max_interleave_delta', '50000'],
      })
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(19.5)
      stage.fault()
    },
  },
  {
    id: 'uneven-keyframes',
    kind: 'flow',
    what: 'key frames come after 1 s and after 3 s in turn',
    how: 'x264 with forced key frames',
    expects: ['keyframeIntervalVaries'],
    gop: 2,
    footage: [{ gop: 1, otherGop: 3 }],
    async play(stage) {
      await stage.publish(stage.nginx(), { footage: { gop: 1, otherGop: 3 } })
      await stage.watchUp(stage.nginx())
      stage.fault()
    },
  },
  {
    id: 'regression',
    kind: 'flow',
    what: 'the time stamps of both tracks go back by 5 s',
    how: 'a publisher of our own, nginx-rtmp',
    expects: ['timestampRegression'],
    async play(stage) {
      const footage = {}
      const publisher = await stage.script(stage.nginx(), [
        { footage, seconds: 16 },
        { footage, seconds: 16, shift: -5 },
      ])
      await stage.watchUp(stage.nginx())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'jump-cached',
    kind: 'flow',
    what: 'the time stamps of both tracks jump ahead by an hour',
    how: 'a publisher of our own, node-media-server',
    expects: ['timestampJump'],
    async play(stage) {
      const footage = {}
      const publisher = await stage.script(stage.nms(), [
        { footage, seconds: 16 },
        { footage, seconds: 16, shift: 3600 },
      ])
      await stage.watchUp(stage.nms())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'becomes-starved',
    kind: 'flow',
    what: 'the sender becomes slower than real time',
    how: 'a publisher of our own sends at 0.8 times its speed from 16 s on',
    expects: ['videoIngestionStarved'],
    allowed: ['driftDeviation'],
    async play(stage) {
      const footage = {}
      const publisher = await stage.script(stage.nginx(), [
        { footage, seconds: 16 },
        { footage, seconds: 60, speed: 0.8 },
      ])
      await stage.watchUp(stage.nginx())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'late-for-good',
    kind: 'flow',
    what: 'media comes later and later for 8 s, and then stays 4 s late',
    how: 'a publisher of our own sends at half its speed for 8 s, from 24 s on',
    // Each in its time: the one while less than real time arrives, the other once that is over.
    expects: ['videoIngestionStarved', 'driftDeviation'],
    async play(stage) {
      const footage = {}
      const publisher = await stage.script(stage.nginx(), [
        { footage, seconds: 24 },
        { footage, seconds: 4, speed: 0.5 },
        { footage, seconds: 60 },
      ])
      await stage.watchUp(stage.nginx())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'late',
    kind: 'flow',
    what: 'media comes later and later by half a second each second',
    how: 'a publisher of our own sends at half its speed from 24 s on',
    expects: ['videoIngestionStarved'],
    allowed: ['driftDeviation'],
    async play(stage) {
      const footage = {}
      const publisher = await stage.script(stage.nginx(), [
        { footage, seconds: 24 },
        { footage, seconds: 60, speed: 0.5 },
      ])
      await stage.watchUp(stage.nginx())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'cbr-dropped',
    kind: 'flow',
    what: 'an encoder of constant bitrate sends half of it, without losing a frame',
    how: 'a publisher of our own goes on with another clip at 24 s, `"rateControl": "cbr"`',
    expects: ['bitrateDropped'],
    target: { rateControl: 'cbr' },
    footage: [STEADY, { ...STEADY, videoBitrate: 400_000 }],
    async play(stage) {
      const publisher = await stage.script(stage.nginx(), [
        { footage: STEADY, seconds: 24 },
        { footage: { ...STEADY, videoBitrate: 400_000 }, seconds: 60 },
      ])
      await stage.watchUp(stage.nginx())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'size-changed',
    kind: 'flow',
    what: 'the picture size changes in mid-stream',
    how: 'a publisher of our own sends new parameters on the same connection',
    expects: ['parametersChanged'],
    delay: { seconds: 5, because: 'new parameters make the probe inspect the stream' },
    footage: [{ size: '426x240' }],
    async play(stage) {
      const publisher = await stage.script(stage.nginx(), [
        { footage: {}, seconds: 16 },
        { footage: { size: '426x240' }, seconds: 60 },
      ])
      await stage.watchUp(stage.nginx())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'channels-changed',
    kind: 'flow',
    what: 'the audio becomes mono in mid-stream',
    how: 'a publisher of our own sends new parameters on the same connection',
    expects: ['parametersChanged'],
    delay: { seconds: 5, because: 'new parameters make the probe inspect the stream' },
    footage: [{ channels: 1 }],
    async play(stage) {
      const publisher = await stage.script(stage.nms(), [
        { footage: {}, seconds: 16 },
        { footage: { channels: 1 }, seconds: 60 },
      ])
      await stage.watchUp(stage.nms())
      stage.fault(await publisher.untilStep(1))
    },
  },
  {
    id: 'another-encoder',
    kind: 'flow',
    what: 'the encoder is started again with another frame rate',
    how: 'ffmpeg is killed and started again, nginx-rtmp',
    expects: ['parametersChanged'],
    allowed: ['streamStalled', 'streamOffline'],
    delay: { seconds: 6, because: 'the next key frame, and the inspection of the stream from there on' },
    footage: [{ frameRate: '25' }],
    async play(stage) {
      const publisher = await stage.publish(stage.nginx())
      await stage.watchUp(stage.nginx())
      await publisher.untilSent(10)
      await publisher.kill()
      await stage.publish(stage.nginx(), { footage: { frameRate: '25' } })
      stage.fault()
    },
  },
]
