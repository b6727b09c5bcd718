/** A backup that is not as the main stream is. */
import type { Fault } from '../case.ts'
import type { Footage } from '../footage.ts'

function differs(id: string, what: string, footage: Footage, expects: string[], options: Partial<Fault> = {}): Fault {
  return {
    id: `backup-${id}`,
    kind: 'backup',
    what: `the backup has ${what}`,
    how: 'two ffmpeg, node-media-server, the one stream `backupOf` the other',
    expects,
    gop: Math.max(2, footage.gop ?? 2),
    footage: [{}, footage],
    ...options,
    async play(stage) {
      const [main, backup] = [stage.nms('main'), stage.nms('backup')]
      await Promise.all([stage.publish(main), stage.publish(backup, { footage })])
      const judged = stage.watch(backup, { target: { backupOf: 'other' } })
      const other = stage.watch(main, { target: {}, name: 'other' })
      const isUp = ({ measurements }: { measurements: { up: boolean | null } }) => measurements.up === true
      await Promise.all([judged.untilObserved(isUp, 30), other.untilObserved(isUp, 30)])
      stage.fault()
    },
  }
}

export const BACKUP: readonly Fault[] = [
  differs('size', 'another picture size', { size: '426x240' }, ['resolutionMismatch'], { short: true }),
  differs('codec', 'another video codec', { videoCodec: 'flv' }, ['videoCodecMismatch']),
  differs('profile', 'another H.264 profile', { video: ['-profile:v', 'baseline'] }, ['videoProfileMismatch']),
  differs(
    'interlaced',
    'interlaced video',
    { video: ['-vf', 'setfield=tff', '-flags', '+ilme+ildct', '-x264-params', 'tff=1'] },
    ['videoInterlaceMismatch'],
  ),
  differs('fps', '25 frames per second instead of 30', { frameRate: '25' }, ['framerateMismatch']),
  differs('gop', 'key frames every 4 s instead of 2 s', { gop: 4 }, ['gopMismatch']),
  differs('bitrate', 'half the video bitrate', { videoBitrate: 400_000 }, ['videoBitrateMismatch']),
  differs('audio-codec', 'audio in MP3', { audioCodec: 'libmp3lame' }, ['audioCodecMismatch']),
  differs('sample-rate', 'audio at 44.1 kHz', { sampleRate: 44_100 }, ['audioSampleRateMismatch']),
  differs('mono', 'mono', { channels: 1 }, ['audioStereoMismatch'], { allowed: ['audioBitrateMismatch'] }),
  differs('audio-bitrate', 'audio at 64 kb/s', { audioBitrate: 64_000 }, ['audioBitrateMismatch']),
  differs(
    'everything',
    'another size, frame rate, key frame interval and sample rate',
    { size: '426x240', frameRate: '25', gop: 4, sampleRate: 44_100 },
    ['resolutionMismatch', 'framerateMismatch', 'gopMismatch', 'audioSampleRateMismatch'],
  ),
]
