/** Faults in which media arrives, but not as it should. */
import type { Fault } from '../case.ts'

/** Seconds of media after which what is the matter begins, where a level has to be known first. */
const LEVEL_KNOWN = 24

/** ffmpeg's bitstream filter drops `one` of `of` frames that are no key frames, from a moment on. */
const dropping = (one: number, of: number) => [
  '-bsf:v',
  `noise=drop='gt(dts*tb,${LEVEL_KNOWN})*not(key)*lt(mod(n,${of}),${one})'`,
]

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
    expects: ['frameRateLow', 'bitrateDropped'],
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
    async play(stage) {
      await stage.publish(stage.nginx(), { speed: 1.15 })
      await stage.watchUp(stage.nginx())
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
    async play(stage) {
      await stage.publish(stage.nginx(), { footage: { gop: 1, otherGop: 3 } })
      await stage.watchUp(stage.nginx())
      stage.fault()
    },
  },
]
