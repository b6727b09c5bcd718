import { findFfmpeg } from '../ffmpeg/binaries.ts'
import { inspectRecording } from '../ffmpeg/inspect.ts'
import { startContent } from '../ffmpeg/packet-reader.ts'
import type { FfmpegOptions } from '../ffmpeg/sources.ts'
import { type RtmpAddress, readRtmpAddress } from '../rtmp/address.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { PacketSources, SourceOptions } from '../stream/packet-source.ts'
import { ContentFeed } from './content-feed.ts'
import { overRtmp } from './message-readers.ts'
import { type ReadMessages, RtmpSource } from './rtmp-source.ts'
import { webSources } from './web-source.ts'

/** What reads streams: RTMP by our own reader where the target says so; the web by our own requests; all else FFmpeg's programs. */
export function streamSources(options: FfmpegOptions): PacketSources {
  const inspect = async (recording: Uint8Array, signal: AbortSignal) =>
    inspectRecording(recording, 'flv', await options.ffprobe(), signal)
  const ofMessages = async (read: ReadMessages, how: SourceOptions) =>
    new RtmpSource(read, inspect, await contentFeed(options, how), how.clock)
  const others = webSources(options, ofMessages)
  return {
    ...others,
    async choose(address, how) {
      const rtmp = ownAddress(address, how)
      return rtmp === null ? others.choose(address, how) : ofMessages(overRtmp(rtmp, how), how)
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

/** Null where another is to read. */
function ownAddress({ url, protocol }: StreamAddress, { reader }: SourceOptions): RtmpAddress | null {
  if (reader !== 'rtmp' || (protocol !== 'rtmp' && protocol !== 'rtmps')) return null
  return readRtmpAddress(url)
}
