import type { Clock } from '../../observation/clock.ts'
import type { Checks, Content } from '../../observation/stream.ts'
import type { StreamTarget } from '../../targets/target.ts'
import type { FfmpegBinary } from '../ffmpeg-binary.ts'
import type { FfprobeBinary } from '../ffprobe-binary.ts'
import { ffprobeReader, type PacketReader } from '../packet-reader.ts'
import { contentReader } from './content-reader.ts'
import { ContentMeter } from './meter.ts'

/** What the probe of a stream does about its pictures and sound: one for each depth of checks. */
export interface ContentChecks {
  /** Reads the packets of the stream's session. */
  readonly reader: PacketReader
  /** Seconds without media after which the stream is stalled. */
  setStallAfter(seconds: number): void
  /** Media has stalled, another publisher has taken over, or the session is over. */
  interrupted(): void
  /** What is known; null where nothing is looked at. */
  measure(at: number): Content | null
}

export interface ContentChecksOptions {
  media: StreamTarget['media']
  clock: Clock
  stallAfter: number
  ffprobe(): Promise<FfprobeBinary>
  ffmpeg(): Promise<FfmpegBinary>
}

export function createContentChecks(checks: Checks, options: ContentChecksOptions): ContentChecks {
  switch (checks) {
    case 'packets':
    case 'auto':
      return { reader: ffprobeReader(options.ffprobe), setStallAfter() {}, interrupted() {}, measure: () => null }
    case 'content':
      return throughout('keyframes', options)
    case 'full':
      return throughout('all', options)
  }
}

/** For as long as the session lasts, on its connection. */
function throughout(
  pictures: Content['pictures'],
  { media, clock, stallAfter, ffmpeg }: ContentChecksOptions,
): ContentChecks {
  const meter = new ContentMeter({ pictures, stallAfter })
  return {
    reader: contentReader({ program: ffmpeg, pictures, media, clock, meter }),
    setStallAfter: (seconds) => meter.setStallAfter(seconds),
    interrupted: () => meter.cut(),
    measure: (at) => meter.measure(at),
  }
}
