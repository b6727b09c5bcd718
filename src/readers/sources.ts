import { findFfmpeg } from '../ffmpeg/binaries.ts'
import { inspectRecording } from '../ffmpeg/inspect.ts'
import { startContent } from '../ffmpeg/packet-reader.ts'
import type { FfmpegOptions } from '../ffmpeg/sources.ts'
import { type RtmpAddress, readRtmpAddress } from '../rtmp/address.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { PacketSources, SourceOptions } from '../stream/packet-source.ts'
import { ContentFeed } from './content-feed.ts'
import { RtmpSource } from './rtmp-source.ts'
import { webSources } from './web-source.ts'

/** What reads streams: RTMP by our own reader where the target says so; the web and everything else with FFmpeg's programs. */
export function streamSources(options: FfmpegOptions): PacketSources {
  const others = webSources(options)
  return {
    ...others,
    async choose(address, how) {
      const rtmp = ownAddress(address, how)
      if (rtmp === null) return others.choose(address, how)
      const inspect = async (recording: Uint8Array, signal: AbortSignal) =>
        inspectRecording(recording, 'flv', await options.ffprobe(), signal)
      return new RtmpSource(rtmp, how, inspect, await contentFeed(options, how))
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
