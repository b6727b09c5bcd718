import { inspectRecording } from '../ffmpeg/inspect.ts'
import type { FfmpegOptions } from '../ffmpeg/sources.ts'
import { type RtmpAddress, readRtmpAddress } from '../rtmp/address.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { PacketSources, SourceOptions } from '../stream/packet-source.ts'
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
      return new RtmpSource(rtmp, how, async (recording, signal) =>
        inspectRecording(recording, 'flv', await options.ffprobe(), signal),
      )
    },
  }
}

/** Null where another is to read: by another protocol, or for its pictures and sound. */
function ownAddress({ url, protocol }: StreamAddress, { reader, content }: SourceOptions): RtmpAddress | null {
  if (reader !== 'rtmp' || content !== null || (protocol !== 'rtmp' && protocol !== 'rtmps')) return null
  return readRtmpAddress(url)
}
