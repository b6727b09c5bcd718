import { findFfmpeg } from '../ffmpeg/binaries.ts'
import { inspectRecording } from '../ffmpeg/inspect.ts'
import { startContent } from '../ffmpeg/packet-reader.ts'
import { type FfmpegOptions, ffmpegSources } from '../ffmpeg/sources.ts'
import { type RtmpAddress, readRtmpAddress } from '../rtmp/address.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { PacketSources, SourceOptions } from '../stream/packet-source.ts'
import { ContentFeed } from './content-feed.ts'
import { overRtmp } from './message-readers.ts'
import { type ReadMessages, RtmpSource } from './rtmp-source.ts'
import { webSources } from './web-source.ts'

/**
 * What reads streams: RTMP our own reader, the web our own requests, with FFmpeg's programs behind them; all else those
 * programs. Where the target says `ffprobe` they read by the address, whatever it is.
 */
export function streamSources(options: FfmpegOptions): PacketSources {
  const inspect = async (recording: Uint8Array, signal: AbortSignal) =>
    inspectRecording(recording, 'flv', await options.ffprobe(), signal)
  const ofMessages = async (read: ReadMessages, how: SourceOptions) =>
    new RtmpSource(read, how, inspect, await contentFeed(options, how))
  const programs = ffmpegSources(options)
  const web = webSources(options, programs, ofMessages)
  return {
    async choose(address, how) {
      const rtmp = ownAddress(address, how)
      if (rtmp !== null) return ofMessages(overRtmp(rtmp, how), how)
      return (how.reader === 'ffprobe' ? programs : web).choose(address, how)
    },
    async inspect(address, how, signal) {
      const isOurs = ownAddress(address, how) !== null || (how.reader === 'auto' && address.protocol.startsWith('http'))
      return isOurs ? null : programs.inspect(address, how, signal)
    },
    async ready(address, how) {
      if (ownAddress(address, how) === null) await programs.ready(address, how)
    },
  }
}

/** @throws MonitorError `no-ffmpeg`: without one the content would never be looked at, and nobody would know */
async function contentFeed(
  { ffmpeg = () => findFfmpeg(), looks }: FfmpegOptions,
  { content: meter, checks, media, stillPicture, clock }: SourceOptions,
): Promise<ContentFeed | null> {
  if (meter === null) return null
  const program = await ffmpeg()
  return new ContentFeed({
    ...{ media, meter, clock },
    start: (...input) => startContent(program, input, { media, meter, clock }),
    looks:
      checks === 'auto'
        ? { ...(looks && { times: looks }), isFaulty: () => meter.isFaulty(clock.monotonic(), stillPicture) }
        : null,
  })
}

/** Null where FFmpeg's programs are to read: by the target's word, or by another protocol. */
function ownAddress({ url, protocol }: StreamAddress, { reader }: Pick<SourceOptions, 'reader'>): RtmpAddress | null {
  return reader === 'auto' && (protocol === 'rtmp' || protocol === 'rtmps') ? readRtmpAddress(url) : null
}
