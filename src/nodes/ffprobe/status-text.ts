import type { Say, StatusWords } from '../../node-red/probe-status.ts'
import type { Observation } from '../../observation/observation.ts'
import type { Rates, StreamMeasurements } from '../../observation/stream.ts'

/** What stands under an `ffprobe` node beside what stands under every probe node. */
export const STREAM_STATUS: StatusWords<'stream', StreamMeasurements> = {
  useless: { 'no-ffprobe': 'status.noFfprobe', 'no-ffmpeg': 'status.noFfmpeg' },
  valueText,
}

function valueText({ measurements }: Observation<'stream', StreamMeasurements>, say: Say): string | null {
  return bitrateText(measurements.last1s, say)
}

/** Bitrate and frame rate; null where nothing is known of them. */
export function bitrateText(rates: Rates, say: Say): string | null {
  const { videoBytesPerSecond: video, audioBytesPerSecond: audio, framesPerSecond } = rates
  if (video === null && audio === null) return null
  const values = { state: say('common.state.ok'), megabits: megabits((video ?? 0) + (audio ?? 0)) }
  if (framesPerSecond === null || video === null) return say('status.bitrate', values)
  return say('status.bitrateAndFrames', { ...values, frames: Math.round(framesPerSecond) })
}

/** One decimal below 100 Mb/s. */
function megabits(bytesPerSecond: number): string {
  const value = (bytesPerSecond * 8) / 1e6
  return value.toFixed(value < 99.95 ? 1 : 0)
}
